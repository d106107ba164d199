import { sheetHeader, sheetLines } from '../export/sheet/csv.js';
import { sheetRows } from '../export/sheet/rows.js';
import { findingId } from '../remediation/plan/value-id.js';
import type { ReportWriter } from './report-writer.js';

/** The review sheet: findings and proposals, a row a value, for a person to decide on. */
export const writeCsv: ReportWriter = function* ({ findings, proposals, summary }) {
  yield sheetHeader();
  yield* sheetLines(sheetRows(findings, proposals, findingId, summary.complete));
};
