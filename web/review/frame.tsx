import { decidedOf } from './filter.js';
import { Text } from './text.js';
import type { Model, Review } from './use-review.js';

interface TopProps {
  readonly model: Model;
  readonly review: Review;
  /** Open rows with a safe proposal among those shown. */
  readonly safe: number;
  readonly onAcceptSafe: () => void;
  readonly onApply: () => void;
  readonly onHelp: () => void;
}

/** What is reviewed, how far it is, and what concerns all of it. */
export function Top(props: TopProps) {
  const { sheet, directory, rows } = props.model;
  const standing = [...rows.values()].map(decidedOf);
  const open = standing.filter((one) => one === 'open').length;
  const noted = standing.filter((one) => one === 'noted').length;
  const decided = rows.size - open - noted;
  return (
    <header class="top">
      <div class="title">
        <h1>presync review</h1>
        <span class="small">
          <Text text={sheet} /> · {directory === null ? 'offline' : <Text text={directory} />}
        </span>
      </div>
      <div class="progress small">
        <label for="decided">
          {decided.toLocaleString('en')} decided, {open.toLocaleString('en')} open
          {noted > 0 && `, ${noted.toLocaleString('en')} noted`}
        </label>
        <progress id="decided" max={Math.max(rows.size - noted, 1)} value={decided} />
      </div>
      <Buttons {...props} />
    </header>
  );
}

function Buttons({ model, review, safe, onAcceptSafe, onApply, onHelp }: TopProps) {
  const { directory, history } = model;
  return (
    <div class="buttons">
      <button type="button" disabled={safe === 0} onClick={onAcceptSafe}>
        Accept {safe.toLocaleString('en')} safe
      </button>
      <button
        type="button"
        disabled={history.undo === null}
        title={history.undo ?? ''}
        onClick={() => void review.undo()}
      >
        Undo
      </button>
      <button
        type="button"
        disabled={history.redo === null}
        title={history.redo ?? ''}
        onClick={() => void review.redo()}
      >
        Redo
      </button>
      {directory !== null && (
        <button type="button" class="main" onClick={onApply}>
          Apply…
        </button>
      )}
      <button type="button" onClick={onHelp}>
        Keys
      </button>
      <button type="button" onClick={() => void review.close()}>
        End review
      </button>
    </div>
  );
}

/** What a person must know before going on. */
export function Notices({ model, review }: { model: Model; review: Review }) {
  const { trouble, unreadable, lost } = model;
  return (
    <div role="alert">
      {lost && (
        <p class="notice bad">
          The review does not answer: it was ended at the terminal. What was decided up to then is
          in the sheet.
        </p>
      )}
      {trouble && (
        <div class="notice bad">
          <span>
            <strong>
              Not saved. <Text text={trouble.message} />
            </strong>{' '}
            <Text text={trouble.hint} />
          </span>
          {trouble.changed ? (
            <button type="button" onClick={() => void review.reread()}>
              Read the file again
            </button>
          ) : (
            <button type="button" onClick={() => void review.save()}>
              Save again
            </button>
          )}
        </div>
      )}
      {unreadable.length > 0 && (
        <details class="notice">
          <summary>
            {unreadable.length} {unreadable.length === 1 ? 'row' : 'rows'} of the sheet cannot be
            read and stay as they are
          </summary>
          {unreadable.map(({ row, reason }) => (
            <div key={row}>
              Row {row}: <Text text={reason} />
            </div>
          ))}
        </details>
      )}
    </div>
  );
}

/** What happened last, and the keys. */
export function Bottom({ said, picked }: { said: string; picked: number }) {
  return (
    <footer class="bottom">
      <span class="said" role="status">
        <Text text={said} />
      </span>
      {picked > 0 && <span>{picked.toLocaleString('en')} selected</span>}
      <span>
        <kbd>a</kbd> accept
      </span>
      <span>
        <kbd>r</kbd> reject
      </span>
      <span>
        <kbd>e</kbd> edit
      </span>
      <span>
        <kbd>j</kbd> <kbd>k</kbd> next, previous
      </span>
      <span>
        <kbd>/</kbd> search
      </span>
      <span>
        <kbd>z</kbd> undo
      </span>
      <span>
        <kbd>?</kbd> all keys
      </span>
    </footer>
  );
}
