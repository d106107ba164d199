import type { Proposal } from '../../model/change.js';
import type { EntryRef } from '../../model/entry.js';
import type { Earlier, Finding, Holder } from '../../model/finding.js';
import type { Person, ScanHeader, ScanResult, Skipped } from '../../model/scan.js';
import { jsonValue } from '../../text/json-lines.js';

/** First line of the machine format. */
export function scanLine(header: ScanHeader): string {
  return line({ type: 'scan', version: 1, ...header });
}

export function findingLine(finding: Finding): string {
  return line({ type: 'finding', ...findingRecord(finding) });
}

/** The findings that are not reported: suppressed, known before, gone since, or not seen by this scan. */
export function* leftOutLines({ suppressed = [], comparison }: ScanResult): Generator<string> {
  for (const { finding, reason, expires = null } of suppressed)
    yield line({ type: 'suppressed', ...findingRecord(finding), reason, expires });
  if (!comparison) return;
  for (const finding of comparison.known) yield line({ type: 'known', ...findingRecord(finding) });
  for (const finding of comparison.unseen) yield line({ type: 'unseen', ...earlier(finding) });
  for (const finding of comparison.gone) yield line({ type: 'gone', ...earlier(finding) });
}

function earlier({ rule, severity, entry, attribute, value }: Earlier): object {
  const { dn, guid, kind } = entry;
  return { rule, severity, dn, guid: guid ?? null, kind, attribute, value: jsonValue(value) };
}

function findingRecord(finding: Finding): object {
  const { rule, error, severity, entry, attribute, value, message } = finding;
  return {
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
    ...(finding.keeps && { keeps: true }),
    ...(finding.hasLookalike && { hasLookalike: true }),
  };
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

/** Entries that are one object in the cloud: the one that gives its name, and its other parts. */
export function personLine({ main, others }: Person): string {
  const ref = ({ dn, guid, kind }: EntryRef) => ({ dn, guid: guid ?? null, kind });
  return line({ type: 'person', ...ref(main), parts: others.map(ref) });
}

/**
 * Last line of the machine format; a file without it was cut.
 * @param hash that of all lines before it.
 */
export function summaryLine(
  { summary, suppressed, comparison }: ScanResult,
  hash?: string,
): string {
  const { complete, gaps, entries, skipped, findings, notRun } = summary;
  return line({
    type: 'summary',
    ...{ complete, gaps, entries, skipped, findings, notRun },
    ...(suppressed && { suppressed: suppressed.length }),
    ...(comparison && {
      baseline: comparison.baseline,
      known: comparison.known.length,
      gone: comparison.gone.length,
      unseen: comparison.unseen.length,
      doubts: comparison.doubts,
    }),
    hash,
  });
}

function related({ entry, attribute, value }: Holder): unknown {
  return { dn: entry.dn, attribute, value: jsonValue(value) };
}

function line(record: unknown): string {
  return `${JSON.stringify(record)}\n`;
}
