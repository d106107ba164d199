import { useState } from 'preact/hooks';
import type { PlanView, Run } from '../../src/review/api.js';
import { ask, RefusedError } from './client.js';
import { Dialog } from './dialog.js';
import { Planned } from './planned.js';
import { Text } from './text.js';
import type { Progress } from './use-review.js';

interface ApplyProps {
  readonly directory: string;
  readonly runs: readonly Run[];
  readonly progress: Progress | null;
  readonly onEnd: () => void;
}

/** Shows what would be written, asks for the number of entries, writes, and puts back. */
export function Apply({ directory, runs, progress, onEnd }: ApplyProps) {
  const { plan, typed, setTyped, waiting, refused, look, start } = usePlan();
  const [selection, setSelection] = useState<Selection>({ onlySafe: false, limit: '' });
  return (
    <Dialog title="Apply" onEnd={onEnd}>
      <p>
        Accepted rows are compared with <Text text={directory} mono />. Nothing is written before
        you type the number of entries.
      </p>
      {progress ? (
        <Running progress={progress} />
      ) : (
        <SelectionForm
          selection={selection}
          waiting={waiting}
          onChange={setSelection}
          onSubmit={() => void look('plan', planOf(selection))}
        />
      )}
      <div role="alert">
        {refused && (
          <p class="minus">
            <Text text={refused} />
          </p>
        )}
      </div>
      <div role="status">{waiting && <p class="muted">Comparing with the directory…</p>}</div>
      {plan && !progress && (
        <Planned plan={plan} typed={typed} onTyped={setTyped} onStart={() => void start(plan.id)} />
      )}
      {!progress &&
        runs.map((run) => (
          <Ran
            key={run.journal}
            run={run}
            onUndo={() => void look('plan-undo', { journal: run.journal })}
          />
        ))}
      <div class="foot">
        <button type="button" onClick={onEnd}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

/** The plan that is shown, the number typed for it, and the ways to another plan and to its run. */
function usePlan() {
  const [plan, setPlan] = useState<PlanView | null>(null);
  const [typed, setTyped] = useState('');
  const [waiting, setWaiting] = useState(false);
  const [refused, setRefused] = useState('');

  const guarded = async (action: () => Promise<void>) => {
    setRefused('');
    setWaiting(true);
    try {
      await action();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      setRefused(`${error.message} ${error.hint}`);
    } finally {
      setWaiting(false);
    }
  };
  const look = (route: string, body: object) =>
    guarded(async () => {
      setTyped('');
      setPlan(null);
      setPlan(await ask<PlanView>(route, body));
    });
  const start = (id: number) =>
    guarded(async () => {
      await ask('start', { plan: id, typed });
      setPlan(null);
    });
  return { plan, typed, setTyped, waiting, refused, look, start };
}

/** Which accepted rows to write; the limit, a number of entries, as it was typed. */
interface Selection {
  readonly onlySafe: boolean;
  readonly limit: string;
}

function planOf({ onlySafe, limit }: Selection) {
  return { onlySafe, limit: limit === '' ? null : Number(limit) };
}

interface SelectionProps {
  readonly selection: Selection;
  readonly waiting: boolean;
  readonly onChange: (selection: Selection) => void;
  readonly onSubmit: () => void;
}

function SelectionForm({ selection, waiting, onChange, onSubmit }: SelectionProps) {
  const put = (part: Partial<Selection>) => onChange({ ...selection, ...part });
  return (
    <form
      class="buttons"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <select
        aria-label="Which accepted rows"
        value={selection.onlySafe ? 'safe' : 'all'}
        onChange={(event) => put({ onlySafe: event.currentTarget.value === 'safe' })}
      >
        <option value="all">All accepted rows</option>
        <option value="safe">Accepted rows that are safe</option>
      </select>
      <input
        type="number"
        min="1"
        aria-label="At most so many entries"
        placeholder="all entries"
        value={selection.limit}
        onInput={(event) => put({ limit: event.currentTarget.value })}
      />
      <button type="submit" disabled={waiting}>
        Show what would change
      </button>
    </form>
  );
}

function Running({ progress: { done, of, failed } }: { progress: Progress }) {
  return (
    <div class="buttons" role="status">
      <label>
        {done} of {of} changes{failed > 0 ? `, ${failed} not applied` : ''}{' '}
        <progress max={Math.max(of, 1)} value={done} />
      </label>
      <button type="button" onClick={() => void ask('stop')}>
        Stop
      </button>
    </div>
  );
}

function Ran({ run, onUndo }: { run: Run; onUndo: () => void }) {
  const { command, journal, counts, stopped, undone } = run;
  const done = Object.entries(counts).filter(([state, count]) => count > 0 || state === 'applied');
  return (
    <div class="box">
      <p>
        <strong>{command === 'apply' ? 'Apply' : 'Undo'}:</strong>{' '}
        {done.map(([state, count]) => `${count} ${state}`).join(', ')}
        {undone && ' (put back since)'}
      </p>
      {stopped !== null && (
        <p class="minus">
          Stopped early: <Text text={stopped} />
        </p>
      )}
      <p class="small">
        Journal: <Text text={journal} mono />
      </p>
      {command === 'apply' && !undone && journal !== '' && (
        <div class="buttons">
          <button type="button" onClick={onUndo}>
            Put everything back…
          </button>
        </div>
      )}
    </div>
  );
}
