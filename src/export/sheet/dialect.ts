import { COLUMNS, word } from './cells.js';
import { type Encoding, encodeText } from './encoding.js';

/** How a spreadsheet wrote a file: enough to write it alike. */
export interface Dialect {
  readonly encoding: Encoding;
  /** Whether a byte order mark stands before the text. */
  readonly marked: boolean;
  /** A first line such as `sep=;` with its line end; empty where there is none. */
  readonly lead: string;
  readonly separator: string;
}

/** A text in the bytes that a file of a dialect has for it. */
export function encodeFile(text: string, { encoding, marked, lead }: Dialect): Uint8Array {
  return encodeText((marked ? '\uFEFF' : '') + lead + text, encoding);
}

/** The dialect of a file that begins with a text, and what of the text are rows. */
export function dialectOf(
  start: string,
  encoding: Encoding,
): { readonly dialect: Dialect; readonly text: string } {
  const marked = start.startsWith('\uFEFF');
  const { lead, text, separator } = takeSeparator(marked ? start.slice(1) : start);
  return { dialect: { encoding, marked, lead, separator }, text };
}

/** Whether the dialect can be told of a text: it goes on beyond the first line that is not blank. */
export function tellsDialect(start: string): boolean {
  const text = start.trimStart();
  const end = text.search(/[\r\n]/);
  // A line feed may follow a carriage return.
  return end >= 0 && end < text.length - 1;
}

/** The separator that a first line `sep=;` names, without that line, or else the one that finds most known columns. */
function takeSeparator(text: string): {
  readonly lead: string;
  readonly text: string;
  readonly separator: string;
} {
  const told = /^"?sep=([,;\t|])"?[,;\t]*(?:\r\n|\n|\r|$)/i.exec(text);
  if (told?.[1]) return { lead: told[0], text: text.slice(told[0].length), separator: told[1] };
  const header = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  const found = (separator: string) => {
    const names = header.split(separator).map((cell) => word(cell.replaceAll('"', '')));
    return COLUMNS.filter(([column]) => names.includes(column)).length;
  };
  const separator = [',', ';', '\t'].reduce((a, b) => (found(b) > found(a) ? b : a));
  return { lead: '', text, separator };
}
