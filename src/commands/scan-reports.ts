import {
  besideLines,
  findingLine,
  proposalLine,
  scanLine,
  skippedLine,
  summaryLine,
} from '../export/jsonl/write.js';
import { changeRecords } from '../export/ldif.js';
import { sheetRows } from '../export/sheet/rows.js';
import { writeAll } from '../files/output.js';
import type { Severity } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import type { ScanResult } from '../model/scan.js';
import { findingId } from '../remediation/plan/value-id.js';
import type { Outputs } from './scan-outputs.js';

/** A comment (RFC 2849): whoever loads the file has seen neither the summary nor the exit code. */
const INCOMPLETE_LDIF =
  '# INCOMPLETE: the scan did not see everything, and a value may have other holders.\n';

/** What the reports depend on besides the scan. */
interface Reporting {
  readonly showSkipped: boolean;
  readonly settings: Settings;
  /** The severities that make a scan fail. */
  readonly failing: readonly Severity[];
  readonly made: Date;
}

/** Writes the reports that were asked for; the code of a format is loaded with the first report in it. */
export async function writeReports(
  result: ScanResult,
  outputs: Outputs,
  { showSkipped, settings, failing, made }: Reporting,
): Promise<void> {
  if (outputs.csv) await writeAll(outputs.csv, await sheetText(result));
  await writeAll(outputs.jsonl, () => jsonLines(result, showSkipped));
  await writeAll(outputs.ldif, () => safeChanges(result));
  if (outputs.html || outputs.junit) {
    const { htmlPieces, junitText } = await import('../scan/reports.js');
    if (outputs.html) await writeAll(outputs.html, await htmlPieces(result, made));
    await writeAll(outputs.junit, () => [junitText(result, settings, failing)]);
  }
  await outputs.commit();
}

async function sheetText(result: ScanResult): Promise<() => Generator<string>> {
  const { sheetHeader, sheetLines } = await import('../export/sheet/csv.js');
  const { findings, proposals, summary } = result;
  return function* () {
    yield sheetHeader();
    yield* sheetLines(sheetRows(findings, proposals, findingId, summary.complete));
  };
}

function* jsonLines(result: ScanResult, showSkipped: boolean): Generator<string> {
  const { header, findings, proposals, skipped } = result;
  yield scanLine(header);
  for (const finding of findings) yield findingLine(finding);
  for (const proposal of proposals) yield proposalLine(proposal);
  yield* besideLines(result);
  if (showSkipped) for (const one of skipped) yield skippedLine(one);
  yield summaryLine(result);
}

/** Of the registrations only what a change needs: without a changed sign-in name none is. */
function* safeChanges({ proposals, registrations, summary }: ScanResult): Generator<string> {
  if (!summary.complete) yield INCOMPLETE_LDIF;
  const safe = proposals.filter(({ safety }) => safety === 'safe').map(({ edit }) => edit);
  const needed = safe.some(({ attribute }) => attribute === 'userPrincipalName');
  yield* changeRecords([...(needed ? registrations : []), ...safe]);
}
