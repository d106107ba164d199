import pLimit from 'p-limit';
import type { SheetText } from '../export/sheet/read-lines.js';
import { createChecker } from '../judging/check-value.js';
import { createClaims } from '../judging/claims.js';
import { asIs, type MarkedRow } from '../judging/marked-row.js';
import { offlineEngine } from '../judging/offline-engine.js';
import { createProposals } from '../judging/proposals.js';
import { refusalOf } from '../judging/refusal.js';
import { rowsAbout } from '../judging/rows-about.js';
import type { ApprovedEdit, RefusedRow, SheetRow } from '../model/change.js';
import type { Settings } from '../model/rule.js';
import type { NumberedRow } from '../remediation/plan/approve.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { READS } from './limits.js';
import { isProposal } from './proof.js';

/** What the values of a sheet are judged by, and which rows a person insists on. */
export interface Judgement {
  readonly settings: Settings;
  /** All of the sheet: what another row holds or is to get is taken. */
  readonly sheet: SheetText;
  /** Its rows with a decision. */
  readonly rows: ReadonlyMap<number, SheetRow>;
  /** Whether a row is written although it is faulty or taken. */
  readonly insists: (row: number) => boolean;
}

/** Rows as they were judged. */
export interface Judged {
  readonly approved: readonly ApprovedEdit[];
  readonly refused: readonly RefusedRow[];
}

/**
 * Judges what a person put in the place of a proposal as the rules judge a stored value, and holds it against the
 * sheet and, if there is one, the directory. What the scan proposed was judged by the scan.
 */
export async function judgeEdits(
  approved: readonly ApprovedEdit[],
  { settings, sheet, rows, insists }: Judgement,
  target: Target | undefined,
): Promise<Judged> {
  const doubtful = approved.flatMap(({ row, edit: { after } }) => {
    const sheetRow = rows.get(row);
    const [update] = after;
    const isTyped = sheetRow && update !== undefined && !insists(row) && !isProposal(sheetRow);
    return isTyped ? [{ row, sheetRow, update }] : [];
  });
  if (doubtful.length === 0) return { approved, refused: [] };
  const engine = offlineEngine(settings);
  const typed = doubtful.flatMap(({ sheetRow, update }) =>
    typeof update === 'string' ? [{ sheetRow, update }] : [],
  );
  const about = await rowsAbout(typed, sheet, engine);
  const marked = markedRows(about.rows, approved);
  const claims = createClaims(marked, [], engine);
  const proposals = createProposals(marked, about.doubted.map(asIs));
  const checker = createChecker({ settings, rows: marked, claims, proposals, target });
  const reasons = await pLimit(READS).map(doubtful, async ({ row, update }) => {
    const one = marked.get(row);
    if (typeof update !== 'string') return 'UPDATE holds bytes that no scan proposed';
    const reason = one && refusalOf(await checker.check(one, update), update);
    return reason && `UPDATE is not what the scan proposed, and cannot be: ${reason}`;
  });
  const refused = doubtful.flatMap(({ row }, at) => {
    const reason = reasons[at];
    return reason === undefined ? [] : [{ row, reason }];
  });
  const out = new Set(refused.map(({ row }) => row));
  return { approved: approved.filter(({ row }) => !out.has(row)), refused };
}

/** Rows of a sheet, marked where they are meant this time: no other one gives anything up. */
function markedRows(
  rows: readonly NumberedRow[],
  approved: readonly ApprovedEdit[],
): ReadonlyMap<number, MarkedRow> {
  const meant = new Set(approved.map(({ row }) => row));
  return new Map(
    rows.map(({ row, sheetRow }) => {
      const { action, update } = sheetRow;
      const mark = { action: meant.has(row) ? action : '', update, result: '' };
      return [row, { row, sheetRow, mark }];
    }),
  );
}
