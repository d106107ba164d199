import { readFile, stat } from 'node:fs/promises';
import { ExpectedError } from '../errors.js';
import { countDecisions, readSheet } from '../export/read-sheet.js';
import { INCOMPLETE } from '../export/rows.js';
import type { ApprovedEdit, RefusedRow, SheetRow } from '../model.js';
import { printable } from '../printable.js';
import { approve } from '../remediation/approve.js';
import { NO_ROW } from '../remediation/journal.js';
import { type Io, STDIO } from './io.js';

/** Said of a sheet that asks for nothing. */
export const UNDECIDED = 'no row has EDIT or REMOVE in ACTION';

/** What a review sheet asks for. */
export interface Decisions {
  readonly approved: readonly ApprovedEdit[];
  readonly refused: readonly RefusedRow[];
  /** Rows without a decision. */
  readonly left: number;
  /** Every row that could be read, by its number. */
  readonly rows: ReadonlyMap<number, SheetRow>;
  /** Whether the sheet says that its scan did not see everything. */
  readonly incomplete: boolean;
}

/** Reads the decisions out of a review sheet; rows that cannot be trusted are refused by number. */
export async function readDecisions(path: string): Promise<Decisions> {
  return decisionsIn(await readInput(path));
}

/** The decisions in the bytes of a review sheet. */
export function decisionsIn(bytes: Uint8Array): Decisions {
  const { rows, refused } = readSheet(bytes);
  const decisions = approve(rows);
  return {
    ...decisions,
    refused: byRow([...refused, ...decisions.refused]),
    rows: new Map(rows.map(({ row, sheetRow }) => [row, sheetRow])),
    incomplete: rows.some(({ sheetRow }) => sheetRow.id.endsWith(INCOMPLETE)),
  };
}

/** Refuses to write a new sheet over one in which somebody decided. Throws ExpectedError with their number. */
export async function keepDecisions(path: string): Promise<void> {
  const known = path === STDIO ? undefined : await stat(path).catch(() => undefined);
  if (!known?.isFile()) return;
  const decided = decisionsOf(await readInput(path));
  if (decided === 0) return;
  if (decided === undefined)
    throw new ExpectedError(
      `${path} looks like a review sheet, and nobody can tell what was decided in it.`,
      'Name another file with --csv, or move that one away.',
    );
  const rows = decided === 1 ? 'row' : 'rows';
  throw new ExpectedError(
    `${path} has ${decided} ${rows} with an ACTION, which a new sheet would wipe out.`,
    'Name another file with --csv, or move that one away.',
  );
}

/** Undefined where a spreadsheet damaged the header; a file without a column ACTION is no sheet. */
function decisionsOf(bytes: Uint8Array): number | undefined {
  try {
    return countDecisions(bytes);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const start = Buffer.from(bytes.subarray(0, 4096)).toString('latin1').replaceAll('\0', '');
    return /\baction\b/i.test(start) ? undefined : 0;
  }
}

/** Reads a file that a person named; a missing one and a folder are expected failures. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR')
      throw new ExpectedError(`${path} is a folder, not a file.`, 'Name the file in it.');
    if (code === 'ENOENT') throw new ExpectedError(`There is no file ${path}.`, 'Check the path.');
    throw new ExpectedError(`Cannot read ${path} (${String(code)}).`, 'Check its permissions.');
  }
}

/** Says on standard error which rows were refused, by the number that a spreadsheet shows beside them. */
export function reportRefused(refused: readonly RefusedRow[], io: Io): void {
  for (const { row, reason } of refused) io.err(`${rowName(row)} refused: ${printable(reason)}\n`);
}

/** What a row is called. */
export function rowName(row: number): string {
  return row === NO_ROW ? 'A change that is not in this sheet' : `Row ${row}`;
}

export function byRow(rows: readonly RefusedRow[]): readonly RefusedRow[] {
  return rows.toSorted((a, b) => a.row - b.row);
}
