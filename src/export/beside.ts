import type { ScanResult } from '../model.js';
import { printable } from '../printable.js';

/** What was found and is not reported, and what is found no more: one line each, for people. */
export function besideText({ findings, suppressed, comparison }: ScanResult): readonly string[] {
  const lines = suppressed ? [`${number(suppressed.length)} suppressed`] : [];
  if (!comparison) return lines;
  const { baseline, known, gone, unseen } = comparison;
  lines.push(
    `${number(findings.length)} new, ${number(gone.length)} gone, ${number(known.length)} as before (baseline ${printable(baseline)})`,
  );
  if (unseen.length > 0)
    lines.push(
      `${number(unseen.length)} of the baseline not found again, but not known to be gone: this scan could not tell`,
    );
  return lines;
}

function number(n: number): string {
  return n.toLocaleString('en');
}
