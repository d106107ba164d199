import { openText, type SheetText } from '../export/sheet/read-lines.js';
import { readRows } from '../export/sheet/read-sheet.js';
import { INCOMPLETE } from '../export/sheet/rows.js';
import { openAgain } from '../files/read-again.js';
import type { ApprovedEdit, RefusedRow, SheetRow } from '../model/change.js';
import { approve, asksNothing, type NumberedRow } from '../remediation/plan/approve.js';
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
  /** The rows with a decision that could be read, by their number. */
  readonly rows: ReadonlyMap<number, SheetRow>;
  /** All that stands in RULES, in any row. */
  readonly rules: ReadonlySet<string>;
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

/** Opens a review sheet for reading row by row. Throws ExpectedError where it cannot be read. */
export async function openSheet(path: string): Promise<SheetText> {
  return openText(await openAgain(path, 'review sheet'));
}

/** Reads the decisions out of a review sheet; rows that cannot be trusted are refused by number. Keeps no other row. */
export async function decisionsIn(
  sheet: SheetText,
  { acceptForeign }: SheetTerms,
): Promise<SheetDecisions> {
  const rows = new Map<number, SheetRow>();
  const [rules, trusted] = [new Set<string>(), [] as NumberedRow[]];
  const [refused, foreign] = [[] as RefusedRow[], [] as RefusedRow[]];
  const seen = { left: 0, incomplete: false };
  for await (const lines of readRows(sheet))
    for (const { row, read, reason } of lines) {
      if (reason !== undefined) refused.push({ row, reason });
      if (reason !== undefined || !read) continue;
      const { sheetRow } = read;
      seen.incomplete ||= sheetRow.id.endsWith(INCOMPLETE);
      rules.add(sheetRow.rules);
      if (asksNothing(sheetRow.action)) seen.left += 1;
      else {
        rows.set(row, sheetRow);
        // Before the rows are held against one another: one that is not to be trusted speaks against no other.
        const distrust = distrustOf(sheetRow, acceptForeign);
        if (distrust === undefined) trusted.push({ row, sheetRow });
        else (distrust.isForeign ? foreign : refused).push({ row, reason: distrust.reason });
      }
    }
  const { approved, refused: clashing } = approve(trusted);
  const edited = approved.filter(({ row }) => isEdited(rows.get(row)));
  const all = byRow([...refused, ...clashing, ...foreign]);
  return { ...seen, approved, refused: all, rows, rules, edited, foreign };
}

/** Why a row that asks for a change is not taken; undefined where it is. */
function distrustOf(
  row: SheetRow,
  acceptForeign: boolean,
): { readonly reason: string; readonly isForeign: boolean } | undefined {
  const { action, attribute, id } = row;
  if (action !== 'EDIT' && action !== 'REMOVE') return undefined;
  if (!isRepairable(attribute)) return { reason: notOurs(attribute), isForeign: false };
  const isForeign = !acceptForeign && proofOf(row) === 'none';
  return isForeign ? { reason: id === '' ? UNKNOWN : MISPLACED, isForeign } : undefined;
}

function isEdited(row: SheetRow | undefined): boolean {
  return row === undefined || !isProposal(row);
}

const UNKNOWN = 'ID is empty: nothing proves that a scan wrote this row';
const MISPLACED =
  'ID is not that of this entry, attribute and VALUE: a column was sorted or shifted by itself';

function notOurs(attribute: string): string {
  return `no rule repairs ${attribute}, and presync writes nothing else`;
}

/** The rules that found something in a row, by its cell. */
export function rulesOf({ rules }: Pick<SheetRow, 'rules'>): readonly string[] {
  return rules.split(/[\s,;]+/).filter((id) => id !== '');
}

export function byRow(rows: readonly RefusedRow[]): readonly RefusedRow[] {
  return rows.toSorted((a, b) => a.row - b.row);
}
