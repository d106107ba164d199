import { Dialog } from './dialog.js';

export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['j k ↓ ↑', 'next and previous row; with Shift select on the way'],
  ['a', 'accept the proposal: the current row, or all that are selected'],
  ['r', 'reject: leave the value as it is'],
  ['o', 'leave open: take the decision away'],
  ['e', 'edit the update'],
  ['c', 'choose who keeps a shared value'],
  ['x', 'select the row'],
  ['z', 'undo a decision'],
  ['Shift z', 'redo it'],
  ['/', 'search'],
  ['Escape', 'back to the rows, or take the selection away'],
  ['?', 'this list'],
];

interface HelpProps {
  readonly keys: boolean;
  readonly onKeys: (on: boolean) => void;
  readonly onEnd: () => void;
}

export function Help({ keys, onKeys, onEnd }: HelpProps) {
  return (
    <Dialog title="Keys" onEnd={onEnd}>
      <table>
        <tbody>
          {KEYS.map(([key, what]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label>
        <input
          type="checkbox"
          checked={keys}
          onChange={(event) => onKeys(event.currentTarget.checked)}
        />{' '}
        Single letters act as keys
      </label>
      <p class="small">
        <strong>Safe</strong>: by the rules, or by a mapping that was given to the scan, one value
        is right, and nobody else has it. <strong>Noted</strong>: nothing is to be decided; the
        filter Decision shows such rows.
      </p>
      <p class="small">
        Rejected rows get COMPLETE in the column ACTION: the word that apply leaves alone. Every
        decision is in the sheet at once; closing the page loses nothing.
      </p>
      <div class="foot">
        <button type="button" class="main" onClick={onEnd}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
