/** What a terminal or a spreadsheet could act on, or what no reader could see: controls, format characters, separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from a directory made safe to print: what acts or hides is shown as `\u{…}`, the rest is kept. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** A number with commas between its thousands. Intl would do the same, yet takes longer to load than a small scan. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Places that a text takes in a terminal: a mark on a letter takes none, a letter of East Asia two. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  const bare = text.replace(/\p{M}/gu, '');
  const wide = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\uff01-\uff60]/gu;
  return [...bare].length + [...bare.matchAll(wide)].length;
}
