import type { Finding, Severity } from '../model/finding.js';
import { compare } from '../text/order.js';

/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Sorts the gravest first. */
export function compareSeverities(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** The order of every report: DN, attribute, rule, value, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.entry.dn, b.entry.dn) ||
    compare(a.attribute, b.attribute) ||
    compare(a.rule, b.rule) ||
    compare(String(a.value ?? ''), String(b.value ?? '')) ||
    // Bytes and a text may read the same.
    compare(a.message, b.message)
  );
}
