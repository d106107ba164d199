import type { CellValue } from '../../src/review/api.js';
import { Text as Unhidden } from '../shared/text.js';

/** Text from the directory, in a place of its own. */
export function Text({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <span class={mono ? 'text value' : 'text'}>
      <Unhidden>{text}</Unhidden>
    </span>
  );
}

/** A value of an attribute. */
export function Value({ value }: { value: CellValue }) {
  if (value === null) return <span class="muted">no value</span>;
  if (typeof value === 'string')
    return value === '' ? <span class="muted">empty text</span> : <Text text={value} mono />;
  return (
    <span class="muted">{Math.floor((value.base64.replace(/=+$/, '').length * 3) / 4)} bytes</span>
  );
}

/** What is to become of a value, in one line. */
export function Update({
  action,
  proposed,
  update,
}: {
  action: string;
  proposed: string;
  update: CellValue;
}) {
  const removes =
    action === 'REMOVE' || (action !== 'EDIT' && proposed === 'REMOVE' && update === null);
  if (removes) return <span class="badge">remove</span>;
  if (update === null) return <span class="muted">no proposal</span>;
  return <Value value={update} />;
}
