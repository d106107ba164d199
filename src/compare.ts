import type { Finding, Severity } from './model.js';

/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Order of two texts by code units: the same on every machine and in every locale. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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
