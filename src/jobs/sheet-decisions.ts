import { readSheet } from '../export/sheet/read-sheet.js';
import { INCOMPLETE } from '../export/sheet/rows.js';
import { readInput } from '../files/read-input.js';
import type { ApprovedEdit, RefusedRow, SheetRow } from '../model/change.js';
import { approve } from '../remediation/plan/approve.js';

/** Said of a sheet that asks for nothing. */
export const UNDECIDED = 'no row has EDIT or REMOVE in ACTION';

/** What a review sheet asks for. */
export interface SheetDecisions {
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
export async function readSheetDecisions(path: string): Promise<SheetDecisions> {
  return decisionsIn(await readInput(path));
}

/** The decisions in the bytes of a review sheet. */
export function decisionsIn(bytes: Uint8Array): SheetDecisions {
  const { rows, refused } = readSheet(bytes);
  const decisions = approve(rows);
  return {
    ...decisions,
    refused: byRow([...refused, ...decisions.refused]),
    rows: new Map(rows.map(({ row, sheetRow }) => [row, sheetRow])),
    incomplete: rows.some(({ sheetRow }) => sheetRow.id.endsWith(INCOMPLETE)),
  };
}

export function byRow(rows: readonly RefusedRow[]): readonly RefusedRow[] {
  return rows.toSorted((a, b) => a.row - b.row);
}
