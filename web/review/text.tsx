import { printable } from '../../src/printable.js';
import type { CellValue } from '../../src/review/api.js';

/** What nobody could see: what printable spells out, spaces other than the plain one, and plain ones at an end. */
const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}|^ +| +$)/u;

/** Text from the directory. It becomes text nodes and nothing else, with what hides in it spelled out. */
export function Text({ text, mono = false }: { text: string; mono?: boolean }) {
  const parts = text.split(UNSEEN);
  return (
    <span class={mono ? 'text value' : 'text'}>
      {parts.map((part, at) => (at % 2 === 0 ? part : <Unseen key={at} text={part} />))}
    </span>
  );
}

function Unseen({ text }: { text: string }) {
  const shown = /^ +$/.test(text) ? '␠'.repeat(text.length) : spelled(text);
  return <span class="unseen">{shown}</span>;
}

function spelled(text: string): string {
  const shown = printable(text);
  return shown === text ? `\\u{${text.codePointAt(0)?.toString(16)}}` : shown;
}

/** A value of an attribute. */
export function Value({ value }: { value: CellValue }) {
  if (value === null) return <span class="soft">no value</span>;
  if (typeof value === 'string')
    return value === '' ? <span class="soft">empty text</span> : <Text text={value} mono />;
  return (
    <span class="soft">{Math.floor((value.base64.replace(/=+$/, '').length * 3) / 4)} bytes</span>
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
  if (removes) return <span class="chip">remove</span>;
  if (update === null) return <span class="soft">no proposal</span>;
  return <Value value={update} />;
}
