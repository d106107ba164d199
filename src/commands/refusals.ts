import type { Io } from '../files/io.js';
import type { RefusedRow } from '../model/change.js';
import { NO_ROW } from '../remediation/run/journal.js';
import { printable } from '../text/printable.js';

/** Says on standard error which rows were refused, by the number that a spreadsheet shows beside them. */
export function reportRefused(refused: readonly RefusedRow[], io: Io): void {
  for (const { row, reason } of refused) io.err(`${rowName(row)} refused: ${printable(reason)}\n`);
}

/** What a row is called. */
export function rowName(row: number): string {
  return row === NO_ROW ? 'A change that is not in this sheet' : `Row ${row}`;
}
