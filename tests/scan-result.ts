import { tally } from '../src/findings/tally.js';
import type { Finding } from '../src/model/finding.js';
import type { ScanResult, Summary } from '../src/model/scan.js';

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
  return {
    ...{ header: { sources: ['dc1'], profile: 'default' }, findings, proposals: [], skipped: [] },
    ...{ persons: [], registrations: [] },
    summary: {
      ...{ complete: true, gaps: [], entries: 10, skipped: {}, notRun: [] },
      ...tally(findings),
      ...summary,
    },
    ...more,
  };
}
