import type { RowResult } from '../export/sheet/result-sheet.js';
import { APPLIED } from '../judging/marked-row.js';
import type { RefusedRow } from '../model/change.js';
import type { RowOutcome } from '../remediation/run/carry-out.js';
import { NO_ROW } from '../remediation/run/journal.js';

/** What a sheet says of its rows after a run: rows that were not attempted are left out. */
export function resultsOf(
  rows: readonly RowOutcome[],
  refused: readonly RefusedRow[],
  done: readonly { readonly row: number }[],
): ReadonlyMap<number, RowResult> {
  const results = new Map<number, RowResult>();
  for (const { row, state, reason } of rows) {
    if (state === 'not attempted' || row === NO_ROW) continue;
    const action = state === 'applied' ? 'COMPLETE' : 'FAIL';
    results.set(row, { action, words: reason === '' ? state : `${state}: ${reason}` });
  }
  for (const { row, reason } of refused.filter(({ row }) => row !== NO_ROW))
    results.set(row, { action: 'FAIL', words: `refused: ${reason}` });
  for (const { row } of done) results.set(row, { action: 'COMPLETE', words: APPLIED });
  return results;
}
