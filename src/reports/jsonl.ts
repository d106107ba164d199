import { linesHash } from '../export/jsonl/lines-hash.js';
import {
  findingLine,
  leftOutLines,
  personLine,
  proposalLine,
  scanLine,
  skippedLine,
  summaryLine,
} from '../export/jsonl/write.js';
import type { ScanResult } from '../model/scan.js';
import type { ReportWriter } from './report-writer.js';

/** All that a scan found, for programs and for later scans. */
export const writeJsonl: ReportWriter = function* (result, { showSkipped }) {
  const hash = linesHash();
  for (const line of linesOf(result, showSkipped)) {
    hash.add(line);
    yield line;
  }
  yield summaryLine(result, hash.value());
};

/** All lines but the last. */
function* linesOf(result: ScanResult, showSkipped: boolean): Generator<string> {
  const { header, findings, proposals, persons, skipped } = result;
  yield scanLine(header);
  for (const finding of findings) yield findingLine(finding);
  for (const proposal of proposals) yield proposalLine(proposal);
  for (const person of persons) yield personLine(person);
  yield* leftOutLines(result);
  if (showSkipped) for (const one of skipped) yield skippedLine(one);
}
