import { useState } from 'preact/hooks';
import type { PlanView, Run } from '../../src/review/api.js';
import { ask, RefusedError } from './client.js';
import { Dialog } from './dialog.js';
import { Text, Value } from './text.js';
import type { Progress } from './use-review.js';

interface ApplyProps {
  readonly directory: string;
  readonly runs: readonly Run[];
  readonly progress: Progress | null;
  readonly onEnd: () => void;
}

/** Shows what would be written, asks for the number of entries, writes, and puts back. */
export function Apply({ directory, runs, progress, onEnd }: ApplyProps) {
  const [plan, setPlan] = useState<PlanView | null>(null);
  const [typed, setTyped] = useState('');
  const [onlySafe, setOnlySafe] = useState(false);
  const [limit, setLimit] = useState('');
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
  return (
    <Dialog title="Apply" onEnd={onEnd}>
      <p>
        Accepted rows are compared with <Text text={directory} mono />. Nothing is written before
        you type the number of entries.
      </p>
      {progress ? (
        <Running progress={progress} />
      ) : (
        <form
          class="buttons"
          onSubmit={(event) => {
            event.preventDefault();
            void look('plan', { onlySafe, limit: limit === '' ? null : Number(limit) });
          }}
        >
          <select
            aria-label="Which accepted rows"
            value={onlySafe ? 'safe' : 'all'}
            onChange={(event) => setOnlySafe(event.currentTarget.value === 'safe')}
          >
            <option value="all">All accepted rows</option>
            <option value="safe">Accepted rows that are safe</option>
          </select>
          <input
            type="number"
            min="1"
            aria-label="At most so many entries"
            placeholder="all entries"
            value={limit}
            onInput={(event) => setLimit(event.currentTarget.value)}
          />
          <button type="submit" disabled={waiting}>
            Show what would change
          </button>
        </form>
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

interface PlannedProps {
  readonly plan: PlanView;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onStart: () => void;
}

function Planned({ plan, typed, onTyped, onStart }: PlannedProps) {
  const { command, entries, changes, requests, refused, remarks, excess } = plan;
  const totals = [
    `${entries} entries to change`,
    `${changes} changes`,
    `${refused.length} rows refused`,
    ...remarks,
  ];
  return (
    <>
      <p>
        <strong>{command === 'apply' ? 'Apply' : 'Undo'}:</strong> {totals.join(', ')}.
      </p>
      {refused.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section class="list" tabIndex={0} aria-label="Refused rows">
          {refused.map(({ row, reason }) => (
            <p key={row} class="change">
              Row {row} refused: <Text text={reason} />
            </p>
          ))}
        </section>
      )}
      {requests.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <ul class="list plain" tabIndex={0} aria-label="What would change">
          {requests.map(({ dn, edits }) => (
            <li class="change" key={dn}>
              <Text text={dn} />
              {edits.map(({ attribute, before, after }) => (
                <div key={`${attribute}${JSON.stringify(before)}`}>
                  <span class="muted">
                    <Text text={attribute} />
                  </span>
                  {before.map((value) => (
                    <div class="minus" key={String(value)}>
                      − <Value value={value} />
                    </div>
                  ))}
                  {after.map((value) => (
                    <div class="plus" key={String(value)}>
                      + <Value value={value} />
                    </div>
                  ))}
                </div>
              ))}
            </li>
          ))}
          {entries > requests.length && (
            <li class="change muted">and {entries - requests.length} more entries</li>
          )}
        </ul>
      )}
      {excess !== null && (
        <p class="minus">
          <Text text={excess} />. Start the review with --max-changes if that is meant, or take
          fewer entries.
        </p>
      )}
      {excess === null && entries > 0 && (
        <form
          class="foot"
          onSubmit={(event) => {
            event.preventDefault();
            onStart();
          }}
        >
          <label>
            Type {entries} to {command === 'apply' ? 'write to' : 'put back'} {entries}{' '}
            {entries === 1 ? 'entry' : 'entries'}:{' '}
            <input
              class="typed"
              inputMode="numeric"
              autocomplete="off"
              value={typed}
              onInput={(event) => onTyped(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="main" disabled={typed.trim() !== String(entries)}>
            {command === 'apply' ? 'Apply' : 'Put back'}
          </button>
        </form>
      )}
    </>
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
