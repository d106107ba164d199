import { printable } from '../../src/text/printable';

/** What no reader could see or tell from a plain blank, and plain blanks at an end. */
const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}|^ +| +$)/u;

function spelled(text: string): string {
  if (/^ +$/.test(text)) return '␠'.repeat(text.length);
  const shown = printable(text);
  return shown === text ? `\\u{${text.codePointAt(0)?.toString(16)}}` : shown;
}

/** Text from a directory: what acts or hides is spelled out and marked. Preact writes it as text, never as markup. */
export function Text({ children }: { readonly children: string }) {
  const parts = children.split(UNSEEN);
  if (parts.length === 1) return <>{children}</>;
  return (
    <>
      {parts.map((part, at) => (at % 2 === 0 ? part : <span class="unseen">{spelled(part)}</span>))}
    </>
  );
}
