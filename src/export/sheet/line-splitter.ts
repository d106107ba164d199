import { CsvError, parse } from 'csv-parse/sync';
import { ExpectedError } from '../../errors.js';
import { idfixCells } from './idfix-line.js';

/** A row as it stands in the file: its cells, or why it cannot be told what they are. */
export interface Line {
  readonly row: number;
  readonly cells: readonly string[];
  readonly fault?: string;
  /** The row as it was written, with its line end. */
  readonly source: string;
}

const MB = 2 ** 20;
/** Bytes of cells after which a record counts as an unclosed quotation mark. */
const MAX_RECORD = 16 * MB;
/** Bytes within which a row must end: those of a record in which every character is a doubled quotation mark. */
const MAX_ROW = 40 * MB;
/** Bytes that are looked at together. */
const WINDOW = MB;
const UNBALANCED = 'the line is broken: a quotation mark is not closed or not doubled';
const SWALLOWED = 'the line is broken: a cell runs on over what looks like another row';

/**
 * The rows of a text as it comes, of which no more is held than a window, or a row that is longer. RFC 4180 to the
 * letter, for a guess at a broken line could change a value: such a line is given up, unless it is one of IdFix, and
 * reading resumes at the next, so that an open quotation mark costs one line and not the rest.
 */
export class LineSplitter {
  readonly #separator: string;
  readonly #window: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  /** Bytes that must be there before it is worth to look: twice as many after each vain look, for linear work. */
  #due: number;
  #row = 0;
  #header: readonly string[] = [];

  constructor(separator: string, window = WINDOW) {
    this.#separator = separator;
    this.#window = window;
    this.#due = window;
  }

  /** The rows that are whole with these bytes (UTF-8). Throws ExpectedError on a row without end. */
  push(bytes: Uint8Array): readonly Line[] {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this.#length < this.#due ? [] : this.#split(false);
  }

  /** The rows that are left where the text ends. */
  end(): readonly Line[] {
    return this.#split(true);
  }

  #split(isEnd: boolean): readonly Line[] {
    const bytes = Buffer.concat(this.#parts, this.#length);
    const lines: Line[] = [];
    let at = 0;
    for (let goesOn = true; goesOn && at < bytes.length; ) {
      const read = this.#read(bytes.subarray(at), isEnd, lines);
      at += read.to;
      goesOn = read.goesOn;
    }
    const rest = bytes.subarray(at);
    if (!isEnd && rest.length > MAX_ROW) throw endless(this.#row + 1);
    this.#parts = [rest];
    this.#length = rest.length;
    this.#due = Math.max(this.#window, 2 * rest.length);
    return lines;
  }

  /** Reads up to the first broken line, and beyond it, or to the end; says whether there is more to be read. */
  #read(bytes: Buffer, isEnd: boolean, lines: Line[]): { to: number; goesOn: boolean } {
    let to = 0;
    let last: { readonly cells: readonly string[]; readonly end: number } | undefined;
    const settle = () => {
      if (!last) return;
      lines.push(this.#line(last.cells, bytes.toString('utf8', to, last.end)));
      to = last.end;
      last = undefined;
    };
    try {
      parse(bytes, {
        delimiter: this.#separator,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
        max_record_size: MAX_RECORD,
        // A row is whole when another one begins: what seems to be its end may be that of the window.
        on_record: (cells: string[], { bytes_records }) => {
          settle();
          last = { cells, end: bytes_records };
          return null;
        },
      });
      if (isEnd) settle();
      return { to, goesOn: false };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      settle();
      const isOpen = !isEnd && error.code === 'CSV_QUOTE_NOT_CLOSED';
      const end = isOpen ? undefined : nextLine(bytes, to, isEnd);
      if (end === undefined) return { to, goesOn: false };
      lines.push(this.#broken(bytes.toString('utf8', to, end)));
      return { to: end, goesOn: true };
    }
  }

  #line(cells: readonly string[], source: string): Line {
    if (this.#header.length < 2) this.#header = cells;
    const width = this.#header.length;
    const isSwallowed = cells.some((cell) => holdsRow(cell, this.#separator, width));
    this.#row += 1;
    const line = { row: this.#row, cells, source };
    return isSwallowed ? { ...line, fault: SWALLOWED } : line;
  }

  #broken(source: string): Line {
    this.#row += 1;
    const cells = this.#separator === ',' ? idfixCells(source, this.#header) : undefined;
    const line = { row: this.#row, source };
    return cells ? { ...line, cells } : { ...line, cells: [], fault: UNBALANCED };
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

/** Where the next line begins; undefined where more must come to tell. */
function nextLine(bytes: Buffer, from: number, isEnd: boolean): number | undefined {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === 0x0a) return i + 1;
    if (bytes[i] !== 0x0d) continue;
    if (i + 1 < bytes.length || isEnd) return bytes[i + 1] === 0x0a ? i + 2 : i + 1;
  }
  return isEnd ? bytes.length : undefined;
}

function endless(row: number): ExpectedError {
  return new ExpectedError(
    `Row ${row} of the sheet does not end within ${MAX_ROW / MB} MB, the most that presync takes for a row.`,
    'Give the CSV file that the scan wrote.',
  );
}
