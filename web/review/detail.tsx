import type { Row } from '../../src/review/api.js';
import { Editor } from './editor.js';
import { safetyOf } from './filter.js';
import { Text, Update, Value } from './text.js';

interface DetailProps {
  readonly row: Row;
  readonly editing: boolean;
  readonly onEdit: () => void;
  readonly onEnd: () => void;
  readonly onChoose: Parameters<typeof Editor>[0]['onSave'];
  readonly onCompare: () => void;
  readonly onDecide: (is: 'accept' | 'reject' | 'reopen') => void;
}

/** All that is known of the current row, and what can be done with it. */
export function Detail({
  row,
  editing,
  onEdit,
  onEnd,
  onChoose,
  onCompare,
  onDecide,
}: DetailProps) {
  const settled = row.status === 'applied';
  return (
    <aside class="detail" aria-label="Current row">
      <div>
        <h2>
          <Text text={row.name} />
        </h2>
        <p class="small">
          <Text text={row.dn} />
        </p>
      </div>
      <div class="badges">
        <span class={`badge ${row.status}`}>{row.status}</span>
        {row.severity && <span class={`badge ${row.severity}`}>{row.severity}</span>}
        {row.safety && (
          <span class={`badge ${safetyOf(row)}`}>
            {row.safety === 'safe' ? 'safe proposal' : 'to review'}
          </span>
        )}
        <span class="badge">row {row.row}</span>
      </div>
      {row.result && row.result !== row.status && (
        <p class="box">
          <Text text={row.result} />
        </p>
      )}
      <p>
        <Text text={row.message} />
      </p>
      <div>
        <h3>
          <Text text={row.attribute} /> holds
        </h3>
        <div class="box">
          <Value value={row.value} />
        </div>
      </div>
      {editing ? (
        <Editor key={row.row} row={row} onSave={onChoose} onEnd={onEnd} />
      ) : (
        <div>
          <h3>Update</h3>
          <div class="box">
            <Update {...row} />
          </div>
        </div>
      )}
      {!editing && (
        <div class="buttons">
          <button
            type="button"
            class="main"
            disabled={settled || !hasProposal(row)}
            onClick={() => onDecide('accept')}
          >
            Accept
          </button>
          <button type="button" disabled={settled} onClick={() => onDecide('reject')}>
            Reject
          </button>
          <button
            type="button"
            disabled={settled || (typeof row.value === 'object' && row.value !== null)}
            onClick={onEdit}
          >
            Edit
          </button>
          {row.status !== 'open' && !settled && (
            <button type="button" onClick={() => onDecide('reopen')}>
              Leave open
            </button>
          )}
        </div>
      )}
      {row.group && (
        <div class="box">
          <h3>Held by several entries</h3>
          <div class="buttons">
            <button type="button" disabled={settled} onClick={onCompare}>
              Choose who keeps it…
            </button>
          </div>
        </div>
      )}
      {row.related && (
        <div>
          <h3>Other holders</h3>
          <p class="small">
            <Text text={row.related} />
          </p>
        </div>
      )}
      {row.rules.length > 0 && (
        <div>
          <h3>Rules</h3>
          <p class="small">
            <Text text={row.rules.join(', ')} />
          </p>
        </div>
      )}
    </aside>
  );
}

/** Whether there is something to accept. */
export function hasProposal({ update, proposed }: Row): boolean {
  return update !== null || proposed === 'REMOVE';
}
