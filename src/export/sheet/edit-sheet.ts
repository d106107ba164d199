import { ExpectedError } from '../../errors.js';
import { COLUMNS, word } from './cells.js';
import { csvLine } from './csv.js';
import { encodeText, readFile } from './read-lines.js';

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
  const sources = lines.map(({ source }) => source);
  const cells = lines.map((line) => line.cells);
  const names = header.cells.map(word);

  const put = (at: number, changed: readonly string[]) => {
    cells[at] = changed;
    const old = sources[at] ?? '';
    sources[at] = csvLine(changed, dialect.separator, lineEnd(old));
  };
  /** Gives a row the cells of added columns; one that lacks more than those stays as little trusted as it was. */
  const widen = (at: number) => {
    const own = cells[at] ?? [];
    const missing = names.slice(own.length);
    if (!own.some((cell) => cell.trim()) || !missing.every((name) => mayLack(name))) return;
    cells[at] = [...own, ...missing.map(() => '')];
    const old = sources[at] ?? '';
    const end = lineEnd(old);
    sources[at] =
      old.slice(0, old.length - end.length) + dialect.separator.repeat(missing.length) + end;
  };
  const added = new Set<string>();
  const mayLack = (name: string) =>
    added.has(name) || name === 'ACTION' || !COLUMNS.some(([column]) => column === name);
  const indexOf = (column: EditableColumn): number => {
    if (!names.includes(column)) {
      names.push(column);
      added.add(column);
      const at = header.row - 1;
      put(at, [...(cells[at] ?? []), column]);
      for (const line of lines) if (line.row > header.row && !line.fault) widen(line.row - 1);
    }
    return names.indexOf(column);
  };
  return {
    cell: (row, column) => cells[row - 1]?.[names.indexOf(column)] ?? '',
    write(row, changes) {
      const line = lines[row - 1];
      if (!line || line.fault || row <= header.row) throw new Error(`row ${row} cannot be written`);
      const changed = [...(cells[row - 1] ?? [])];
      for (const [column, text] of Object.entries(changes)) {
        const index = indexOf(column as EditableColumn);
        while (changed.length <= index) changed.push('');
        changed[index] = text;
      }
      put(row - 1, changed);
    },
    bytes: () => encodeText(sources.join(''), dialect),
  };
}

function lineEnd(source: string): string {
  return /(?:\r\n|\n|\r)$/.exec(source)?.[0] ?? '';
}
