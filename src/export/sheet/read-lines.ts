import { CsvError, parse } from 'csv-parse/sync';
import { COLUMNS, word } from './cells.js';
import { decodeText, type Encoding, encodeText } from './encoding.js';
import { idfixCells } from './idfix-line.js';

/** A row as it stands in the file: its cells, or why it cannot be told what they are. */
export interface Line {
  readonly row: number;
  readonly cells: readonly string[];
  readonly fault?: string;
  /** The row as it was written, with its line end. */
  readonly source: string;
}

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

/**
 * The rows of a sheet as they stand in the file, in any separator, encoding and line end that spreadsheets save, and how
 * the file was written.
 */
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

/** A text in the bytes that a file of a dialect has for it. */
export function encodeFile(text: string, { encoding, marked, lead }: Dialect): Uint8Array {
  return encodeText((marked ? '\uFEFF' : '') + lead + text, encoding);
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
 * given up, unless it is one of IdFix, and reading resumes at the next, so that an open quotation mark costs one line
 * and not the rest.
 */
function splitLines(bytes: Buffer, separator: string, take: (line: Line) => void): void {
  let row = 0;
  let header: readonly string[] = [];
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
          if (header.length < 2) header = cells;
          const from = end;
          end = start + bytes_records;
          const swallowed = cells.some((cell) => holdsRow(cell, separator, header.length));
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
      const source = since(from);
      const cells = separator === ',' ? idfixCells(source, header) : undefined;
      take(cells ? { row, cells, source } : { row, cells: [], source, fault: UNBALANCED });
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
