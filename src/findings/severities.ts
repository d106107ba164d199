import type { Value } from '../model/entry.js';
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
    compare(textOf(a.value), textOf(b.value)) ||
    // Bytes and a text may read the same.
    compare(a.message, b.message)
  );
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes read alike whether they come from a directory or from a report. */
function textOf(value: Value | undefined): string {
  return typeof value === 'object' ? utf8.decode(value) : (value ?? '');
}
