import type { Finding, Severity } from '../model/finding.js';
import type { Summary } from '../model/scan.js';

/** Counts findings by severity, and those of each rule by severity. */
export function tally(
  findings: Iterable<Pick<Finding, 'rule' | 'severity'>>,
): Pick<Summary, 'findings' | 'rules'> {
  const none = (): Record<Severity, number> => ({ error: 0, warning: 0, info: 0 });
  const bySeverity = none();
  const byRule: Record<string, Record<Severity, number>> = {};
  for (const { severity, rule } of findings) {
    bySeverity[severity] += 1;
    byRule[rule] ??= none();
    byRule[rule][severity] += 1;
  }
  return { findings: bySeverity, rules: byRule };
}
