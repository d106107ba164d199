/** What a terminal or a spreadsheet could act on, or what no reader could see: controls, format characters, separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from a directory made safe to print: what acts or hides is shown as `\u{…}`, the rest is kept. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
