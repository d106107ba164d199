import type { Row } from '../../src/review/api.js';
import { Editor } from './editor.js';
import { decidedOf, safetyOf } from './filter.js';
import { Text, Update, Value } from './text.js';
import { hasProposal, isBytes, type SimpleDecision } from './use-page.js';

interface DetailProps {
  readonly row: Row;
  readonly editing: boolean;
  readonly onEdit: () => void;
  readonly onEnd: () => void;
  readonly onChoose: Parameters<typeof Editor>[0]['onSave'];
  readonly onCompare: () => void;
  readonly onDecide: (is: SimpleDecision) => void;
}

/** All that is known of the current row, and what can be done with it. */
export function Detail(props: DetailProps) {
  const { row, editing, onEnd, onChoose } = props;
  return (
    <aside class="detail" aria-label="Current row">
      <Head {...row} />
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
        <>
          <div>
            <h3>Update</h3>
            <div class="box">
              <Update {...row} />
            </div>
          </div>
          <Decisions {...props} />
        </>
      )}
      <Background {...props} />
    </aside>
  );
}

/** Whose row it is, how it is with it, and what is wrong. */
function Head(row: Row) {
  const { name, dn, status, severity, safety, result, message } = row;
  return (
    <>
      <div>
        <h2>
          <Text text={name} />
        </h2>
        <p class="small">
          <Text text={dn} />
        </p>
      </div>
      <div class="badges">
        <span class={`badge ${decidedOf(row)}`}>{decidedOf(row)}</span>
        {severity && <span class={`badge ${severity}`}>{severity}</span>}
        {safety && (
          <span class={`badge ${safetyOf(row)}`}>
            {safety === 'safe' ? 'safe proposal' : 'to review'}
          </span>
        )}
        <span class="badge">row {row.row}</span>
      </div>
      {result && result !== status && (
        <p class="box">
          <Text text={result} />
        </p>
      )}
      <p>
        <Text text={message} />
      </p>
    </>
  );
}

function Decisions({ row, onDecide, onEdit }: DetailProps) {
  const settled = row.status === 'applied';
  return (
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
      <button type="button" disabled={settled || isBytes(row)} onClick={onEdit}>
        Edit
      </button>
      {row.status !== 'open' && !settled && (
        <button type="button" onClick={() => onDecide('reopen')}>
          Leave open
        </button>
      )}
    </div>
  );
}

/** Who else holds the value, and which rules object. */
function Background({ row, onCompare }: DetailProps) {
  return (
    <>
      {row.group && (
        <div class="box">
          <h3>Held by several entries</h3>
          <div class="buttons">
            <button type="button" disabled={row.status === 'applied'} onClick={onCompare}>
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
    </>
  );
}
