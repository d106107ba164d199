import type { SheetRow } from '../model/change.js';
import type { Value } from '../model/entry.js';
import type { Status } from './answer.js';

/** What a person may change about a row of the sheet, and what a run may add. */
export interface Mark {
  readonly action: string;
  readonly update: Value | undefined;
  readonly result: string;
}

/** A row of the sheet: what the scan wrote, and how it is marked now. */
export interface MarkedRow {
  readonly row: number;
  readonly sheetRow: SheetRow;
  readonly mark: Mark;
}

/** A row as it is marked in the file, where nothing is known of a run. */
export function asIs({ row, sheetRow }: Pick<MarkedRow, 'row' | 'sheetRow'>): MarkedRow {
  const { action, update } = sheetRow;
  return { row, sheetRow, mark: { action, update, result: '' } };
}

/** Tells a row that was carried out from one that a person left alone: both are COMPLETE. */
export const APPLIED = 'applied';

/** Where a row stands. COMPLETE is the sheet's word both for "leave it alone" and for what a run has done. */
export function statusOf({ action, result }: Mark): Status {
  if (action === 'EDIT' || action === 'REMOVE') return 'accepted';
  if (action === 'FAIL') return 'failed';
  if (action !== 'COMPLETE') return 'open';
  return result.startsWith(APPLIED) ? 'applied' : 'rejected';
}
