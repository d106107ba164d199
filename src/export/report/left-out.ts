import type { ScanResult } from '../../model/scan.js';
import { grouped, printable } from '../../text/printable.js';

/** What was found and is not reported, and what is found no more: one line each, for people. */
export function leftOutText({ findings, suppressed, comparison }: ScanResult): readonly string[] {
  const lines = suppressed ? [`${grouped(suppressed.length)} suppressed`] : [];
  if (!comparison) return lines;
  const { baseline, known, gone, unseen } = comparison;
  lines.push(
    `${grouped(findings.length)} new, ${grouped(gone.length)} gone, ${grouped(known.length)} as before (baseline ${printable(baseline)})`,
  );
  if (unseen.length > 0)
    lines.push(
      `${grouped(unseen.length)} of the baseline not found again, but not known to be gone: this scan could not tell`,
    );
  return lines;
}
