import { readSheet } from '../export/sheet/read-sheet.js';
import { INCOMPLETE } from '../export/sheet/rows.js';
import { readInput } from '../files/read-input.js';
import type { ApprovedEdit, RefusedRow, SheetRow } from '../model/change.js';
import { approve, type NumberedRow } from '../remediation/plan/approve.js';
import { isProposal, proofOf } from './proof.js';
import { isRepairable } from './repairable.js';

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
  /** Rows that are refused for what their cells hold. */
  readonly doubted: readonly NumberedRow[];
  /** Whether the sheet says that its scan did not see everything. */
  readonly incomplete: boolean;
  /** The approved rows that ask for something else than the scan proposed. */
  readonly edited: readonly ApprovedEdit[];
  /** The rows that were refused because nothing proves that a scan wrote them. */
  readonly foreign: readonly RefusedRow[];
}

/** How a sheet is taken. */
export interface SheetTerms {
  /** Takes rows that no scan of presync wrote, such as those of IdFix. */
  readonly acceptForeign: boolean;
}

/** Reads the decisions out of a review sheet; rows that cannot be trusted are refused by number. */
export async function readSheetDecisions(path: string, terms: SheetTerms): Promise<SheetDecisions> {
  return decisionsIn(await readInput(path, 'review sheet'), terms);
}

/** The decisions in the bytes of a review sheet. */
export function decisionsIn(bytes: Uint8Array, { acceptForeign }: SheetTerms): SheetDecisions {
  const sheet = readSheet(bytes);
  const rows = new Map(sheet.rows.map(({ row, sheetRow }) => [row, sheetRow]));
  const refused: RefusedRow[] = [];
  const foreign: RefusedRow[] = [];
  // Before the rows are held against one another: one that is not to be trusted speaks against no other.
  const trusted = sheet.rows.filter(({ row, sheetRow }) => {
    if (!asksForChange(sheetRow)) return true;
    const isOurs = isRepairable(sheetRow.attribute);
    const isForeign = isOurs && !acceptForeign && proofOf(sheetRow) === 'none';
    if (!isOurs) refused.push({ row, reason: notOurs(sheetRow.attribute) });
    else if (isForeign) foreign.push({ row, reason: sheetRow.id === '' ? UNKNOWN : MISPLACED });
    return isOurs && !isForeign;
  });
  const decisions = approve(trusted);
  return {
    ...decisions,
    refused: byRow([...sheet.refused, ...decisions.refused, ...refused, ...foreign]),
    rows,
    doubted: sheet.doubted,
    incomplete: sheet.rows.some(({ sheetRow }) => sheetRow.id.endsWith(INCOMPLETE)),
    edited: decisions.approved.filter(({ row }) => isEdited(rows.get(row))),
    foreign,
  };
}

function isEdited(row: SheetRow | undefined): boolean {
  return row === undefined || !isProposal(row);
}

function asksForChange({ action }: SheetRow): boolean {
  return action === 'EDIT' || action === 'REMOVE';
}

const UNKNOWN = 'ID is empty: nothing proves that a scan wrote this row';
const MISPLACED =
  'ID is not that of this entry, attribute and VALUE: a column was sorted or shifted by itself';

function notOurs(attribute: string): string {
  return `no rule repairs ${attribute}, and presync writes nothing else`;
}

export function byRow(rows: readonly RefusedRow[]): readonly RefusedRow[] {
  return rows.toSorted((a, b) => a.row - b.row);
}
