import type { Finding, ScanResult, Severity, Summary } from '../../src/model.js';

/** A finding of a made-up scan. */
export function finding(rule: string, dn: string, more: Partial<Finding> = {}): Finding {
  return {
    ...{ rule, error: 'Format', severity: 'error', attribute: 'mail', value: 'a', message: 'No.' },
    entry: { dn, guid: undefined, kind: 'user' },
    related: [],
    relatedCount: 0,
    ...more,
  };
}

/** A made-up scan with these findings. */
export function scanResult(
  findings: readonly Finding[],
  summary: Partial<Summary> = {},
  more: Partial<ScanResult> = {},
): ScanResult {
  const rules: Record<string, Record<Severity, number>> = {};
  const bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { rule, severity } of findings) {
    rules[rule] ??= { error: 0, warning: 0, info: 0 };
    rules[rule][severity] += 1;
    bySeverity[severity] += 1;
  }
  return {
    ...{ header: { sources: ['dc1'], profile: 'default' }, findings, proposals: [], skipped: [] },
    registrations: [],
    summary: {
      ...{ complete: true, gaps: [], entries: 10, skipped: {}, notRun: [] },
      ...{ findings: bySeverity, rules },
      ...summary,
    },
    ...more,
  };
}
