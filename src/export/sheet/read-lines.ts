import { CsvError, parse } from 'csv-parse/sync';
import { COLUMNS, word } from './cells.js';

/** A row as it stands in the file: its cells, or why it cannot be told what they are. */
export interface Line {
  readonly row: number;
  readonly cells: readonly string[];
  readonly fault?: string;
  /** The row as it was written, with its line end. */
  readonly source: string;
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How a spreadsheet wrote a file: enough to write it alike. */
export interface Dialect {
  readonly encoding: Encoding;
  /** Whether a byte order mark stands before the text. */
  readonly marked: boolean;
  /** A first line such as `sep=;` with its line end; empty where there is none. */
  readonly lead: string;
  readonly separator: string;
}

/** Bytes after which a record counts as an unclosed quotation mark. */
const MAX_RECORD = 16 * 1024 * 1024;
const UNBALANCED = 'the line is broken: a quotation mark is not closed or not doubled';
const SWALLOWED = 'the line is broken: a cell runs on over what looks like another row';
/** The characters of the bytes 0x80 to 0x9F in Windows-1252. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The rows of a sheet as they stand in the file, in any separator, encoding and line end that spreadsheets save. */
export function readLines(bytes: Uint8Array): readonly Line[] {
  return readFile(bytes).lines;
}

/** The same, and how the file was written. */
export function readFile(bytes: Uint8Array): {
  readonly lines: readonly Line[];
  readonly dialect: Dialect;
} {
  const lines: Line[] = [];
  const dialect = eachLine(bytes, (line) => lines.push(line));
  return { lines, dialect };
}

/** Hands out the rows of a sheet one by one, none of which is kept. */
export function eachLine(bytes: Uint8Array, take: (line: Line) => void): Dialect {
  const { text: all, encoding } = decodeText(bytes);
  const marked = all.startsWith('\uFEFF');
  const { lead, text, separator } = takeSeparator(marked ? all.slice(1) : all);
  splitLines(Buffer.from(text, 'utf8'), separator, take);
  return { encoding, marked, lead, separator };
}

/** The text of a file in the bytes that a dialect asks for; in UTF-8 where its encoding lacks a character. */
export function encodeText(text: string, { encoding, marked, lead }: Dialect): Uint8Array {
  const mark = marked ? '\uFEFF' : '';
  if (encoding === 'utf-16le') return Buffer.from(mark + lead + text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(mark + lead + text, 'utf16le').swap16();
  const narrow = encoding === 'windows-1252' ? encodeWindows1252(lead + text) : undefined;
  if (narrow) return narrow;
  // Without a mark the next reader would take this file for the encoding that it had before.
  return Buffer.from((encoding === 'utf-8' ? mark : '\uFEFF') + lead + text, 'utf8');
}

/** The text of the file: by its byte order mark, else UTF-16 by its NUL bytes, else UTF-8, else Windows-1252. */
function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  const [a, b, c, d] = bytes;
  const decode = (encoding: Encoding, fatal = false) => ({
    text: new TextDecoder(encoding, { fatal, ignoreBOM: true }).decode(bytes),
    encoding,
  });
  if ((a === 0xff && b === 0xfe) || (a && b === 0 && c && d === 0)) return decode('utf-16le');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b && c === 0 && d)) return decode('utf-16be');
  try {
    return decode('utf-8', true);
  } catch {
    return { text: decodeWindows1252(bytes), encoding: 'windows-1252' };
  }
}

/** TextDecoder('windows-1252') gives Latin-1 from Node 20.18.3 on (nodejs/node issue 60888), so by table. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80] ?? c);
}

/** The bytes of a text in Windows-1252; undefined where it lacks a character. */
function encodeWindows1252(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const special = WINDOWS_1252.indexOf(text.charAt(at));
    if (special < 0 && (code > 0xff || (code >= 0x80 && code < 0xa0))) return undefined;
    bytes[at] = special < 0 ? code : 0x80 + special;
  }
  return bytes;
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

/**
 * The rows of the file. RFC 4180 to the letter, for a guess at a broken line could change a value: such a line is
 * given up and reading resumes at the next, so that an open quotation mark costs one line and not the rest.
 */
function splitLines(bytes: Buffer, separator: string, take: (line: Line) => void): void {
  let row = 0;
  let width = 0;
  let end = 0;
  const since = (from: number) => bytes.toString('utf8', from, end);
  while (end < bytes.length) {
    const start = end;
    try {
      parse(bytes.subarray(start), {
        delimiter: separator,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
        max_record_size: MAX_RECORD,
        on_record: (cells: string[], { bytes_records }) => {
          if (width < 2) width = cells.length;
          const from = end;
          end = start + bytes_records;
          const swallowed = cells.some((cell) => holdsRow(cell, separator, width));
          const fault = swallowed && { fault: SWALLOWED };
          row += 1;
          take({ row, cells, source: since(from), ...fault });
          return null;
        },
      });
      return;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const from = end;
      end = nextLine(bytes, end);
      row += 1;
      take({ row, cells: [], source: since(from), fault: UNBALANCED });
    }
  }
}

/**
 * Whether a cell over several lines has as many separators in it as a row: two open quotation marks that close each
 * other, which would give one row the decision of another. Its lines are not read again as rows, because a hostile
 * value in a well quoted cell may look the same.
 */
function holdsRow(cell: string, separator: string, width: number): boolean {
  return /[\r\n]/.test(cell) && cell.split(separator).length >= width;
}

function nextLine(bytes: Buffer, from: number): number {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === 0x0a) return i + 1;
    if (bytes[i] === 0x0d) return bytes[i + 1] === 0x0a ? i + 2 : i + 1;
  }
  return bytes.length;
}
