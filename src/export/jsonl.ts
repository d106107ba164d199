import type { Finding, Holder, Proposal, ScanHeader, Skipped, Summary, Value } from '../model.js';

/** A value in JSON: text as a string, bytes as `{"base64": …}`, no value as null. */
export type JsonValue = string | { readonly base64: string } | null;

export function jsonValue(value: Value | undefined): JsonValue {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : { base64: Buffer.from(value).toString('base64') };
}

/** First line of the machine format. */
export function scanLine(header: ScanHeader): string {
  return line({ type: 'scan', version: 1, ...header });
}

export function findingLine(finding: Finding): string {
  const { rule, error, severity, entry, attribute, value, message } = finding;
  return line({
    type: 'finding',
    rule,
    error,
    severity,
    dn: entry.dn,
    guid: entry.guid ?? null,
    kind: entry.kind,
    attribute,
    value: jsonValue(value),
    message,
    related: finding.related.map(related),
    relatedCount: finding.relatedCount,
  });
}

export function proposalLine({ id, edit, safety, findings }: Proposal): string {
  return line({
    type: 'proposal',
    id,
    dn: edit.entry.dn,
    guid: edit.entry.guid ?? null,
    attribute: edit.attribute,
    before: edit.before.map(jsonValue),
    after: edit.after.map(jsonValue),
    safety,
    action: edit.after.length > 0 ? 'EDIT' : 'REMOVE',
    findings,
  });
}

export function skippedLine({ entry, reason }: Skipped): string {
  const { dn, guid, kind } = entry;
  return line({ type: 'skipped', dn, guid: guid ?? null, kind, reason });
}

/** Last line of the machine format; a file without it was cut. */
export function summaryLine({
  complete,
  gaps,
  entries,
  skipped,
  findings,
  notRun,
}: Summary): string {
  return line({ type: 'summary', complete, gaps, entries, skipped, findings, notRun });
}

function related({ entry, attribute, value }: Holder): unknown {
  return { dn: entry.dn, attribute, value: jsonValue(value) };
}

function line(record: unknown): string {
  return `${JSON.stringify(record)}\n`;
}
