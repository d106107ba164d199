import { ExpectedError } from '../../errors.js';
import { asciiCell, COLUMNS, word } from './cells.js';
import { csvLine } from './csv.js';
import { type Dialect, encodeFile } from './dialect.js';
import { isGuess } from './encoding.js';
import type { Line } from './line-splitter.js';
import { readFile } from './read-lines.js';

/** The columns that a decision and what came of it go into. */
export type EditableColumn = 'UPDATE' | 'ACTION' | 'RESULT';

/** A review sheet in which single cells change and everything else stays as it was, to the byte. */
export interface EditableSheet {
  /** A cell of a row by the number that a spreadsheet shows; empty where the row has none. */
  cell(row: number, column: EditableColumn): string;
  /** Writes cells (already encoded) of one row; a column that the sheet lacks is added to it. */
  write(row: number, cells: Readonly<Partial<Record<EditableColumn, string>>>): void;
  /** The whole file, with the separator, line ends and encoding that it had. */
  bytes(): Uint8Array;
}

/**
 * Opens the bytes of a review sheet for writing. Only lines that are written to are put anew, so that a line that
 * nobody can read stays what it is. Throws ExpectedError on a file without a header.
 */
export function editSheet(bytes: Uint8Array): EditableSheet {
  const { lines, dialect } = readFile(bytes);
  const header = lines.find((line) => line.fault || line.cells.some((cell) => cell.trim()));
  if (!header || header.fault)
    throw new ExpectedError('The sheet has no header line.', 'Give the file that the scan wrote.');
  return new Edited(lines, dialect, header);
}

class Edited implements EditableSheet {
  readonly #lines: readonly Line[];
  readonly #dialect: Dialect;
  /** The number of the header line, as a spreadsheet shows it. */
  readonly #header: number;
  /** Of each line, as it is to be written, and its cells. */
  readonly #sources: string[];
  readonly #cells: (readonly string[])[];
  readonly #names: string[];
  readonly #added = new Set<string>();

  constructor(lines: readonly Line[], dialect: Dialect, header: Line) {
    this.#lines = lines;
    this.#dialect = dialect;
    this.#header = header.row;
    this.#sources = lines.map(({ source }) => source);
    this.#cells = lines.map(({ cells }) => cells);
    this.#names = header.cells.map(word);
  }

  cell(row: number, column: EditableColumn): string {
    return this.#cells[row - 1]?.[this.#names.indexOf(column)] ?? '';
  }

  write(row: number, changes: Readonly<Partial<Record<EditableColumn, string>>>): void {
    const line = this.#lines[row - 1];
    if (!line || line.fault || row <= this.#header) throw new Error(`row ${row} cannot be written`);
    const changed = [...(this.#cells[row - 1] ?? [])];
    for (const [column, text] of Object.entries(changes)) {
      const index = this.#indexOf(column as EditableColumn);
      while (changed.length <= index) changed.push('');
      changed[index] = this.#written(text, line.cells[index]);
    }
    this.#put(row - 1, changed);
  }

  bytes(): Uint8Array {
    return encodeFile(this.#sources.join(''), this.#dialect);
  }

  /** In an encoding that was guessed, letters mean what they should only where they stood before. */
  #written(text: string, before: string | undefined): string {
    return isGuess(this.#dialect.encoding) && text !== before ? asciiCell(text) : text;
  }

  #put(at: number, changed: readonly string[]): void {
    this.#cells[at] = changed;
    const old = this.#sources[at] ?? '';
    this.#sources[at] = csvLine(changed, this.#dialect.separator, lineEnd(old));
  }

  /** The index of a column, which is added where the sheet lacks it. */
  #indexOf(column: EditableColumn): number {
    if (!this.#names.includes(column)) {
      this.#names.push(column);
      this.#added.add(column);
      const at = this.#header - 1;
      this.#put(at, [...(this.#cells[at] ?? []), column]);
      for (const { row, fault } of this.#lines)
        if (row > this.#header && !fault) this.#widen(row - 1);
    }
    return this.#names.indexOf(column);
  }

  /** Gives a row the cells of added columns; one that lacks more than those stays as little trusted as it was. */
  #widen(at: number): void {
    const own = this.#cells[at] ?? [];
    const missing = this.#names.slice(own.length);
    const mayLackAll = missing.every((name) => this.#mayLack(name));
    if (!own.some((cell) => cell.trim()) || !mayLackAll) return;
    this.#cells[at] = [...own, ...missing.map(() => '')];
    const old = this.#sources[at] ?? '';
    const end = lineEnd(old);
    this.#sources[at] =
      old.slice(0, old.length - end.length) + this.#dialect.separator.repeat(missing.length) + end;
  }

  #mayLack(name: string): boolean {
    const isOurs = COLUMNS.some(([column]) => column === name);
    return this.#added.has(name) || name === 'ACTION' || !isOurs;
  }
}

function lineEnd(source: string): string {
  return /(?:\r\n|\n|\r)$/.exec(source)?.[0] ?? '';
}
