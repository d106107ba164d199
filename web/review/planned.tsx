import type { ElsewhereView, PlanView } from '../../src/review/api.js';
import { Text, Value } from './text.js';

interface PlannedProps {
  readonly plan: PlanView;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onStart: () => void;
}

/** What would be written, and the number to type before it is. */
export function Planned(props: PlannedProps) {
  const { command, entries, changes, requests, refused, remarks, excess, elsewhere } = props.plan;
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
      {elsewhere && <Elsewhere {...elsewhere} />}
      {refused.length > 0 && <Refused refused={refused} />}
      {requests.length > 0 && <Requests {...props.plan} />}
      {excess !== null && (
        <p class="minus">
          <Text text={excess} />. Start the review with --max-changes if that is meant, or take
          fewer entries.
        </p>
      )}
      {excess === null && entries > 0 && <Confirmation {...props} />}
    </>
  );
}

function Elsewhere({ said, next }: ElsewhereView) {
  return (
    <>
      <p>
        <Text text={said} />.
      </p>
      {next.map((line) => (
        <p key={line} class="small">
          <Text text={line} mono />
        </p>
      ))}
    </>
  );
}

function Refused({ refused }: Pick<PlanView, 'refused'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="list" tabIndex={0} aria-label="Refused rows">
      {refused.map(({ row, reason }) => (
        <p key={row} class="change">
          Row {row} refused: <Text text={reason} />
        </p>
      ))}
    </section>
  );
}

function Requests({ requests, entries }: Pick<PlanView, 'requests' | 'entries'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <ul class="list plain" tabIndex={0} aria-label="What would change">
      {requests.map(({ dn, edits }) => (
        <li class="change" key={dn}>
          <Text text={dn} />
          {edits.map((edit) => (
            <Edited key={`${edit.attribute}${JSON.stringify(edit.before)}`} {...edit} />
          ))}
        </li>
      ))}
      {entries > requests.length && (
        <li class="change muted">and {entries - requests.length} more entries</li>
      )}
    </ul>
  );
}

function Edited({ attribute, before, after }: PlanView['requests'][number]['edits'][number]) {
  return (
    <div>
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
  );
}

/** Whoever writes has read how many entries it is: the number is typed. */
function Confirmation({ plan: { command, entries }, typed, onTyped, onStart }: PlannedProps) {
  return (
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
  );
}
