import { withValue } from '../ldap/entry/entry.js';
import { identityOf } from '../ldap/format/dn.js';
import type { Edit } from '../model/change.js';
import type { Entry, EntrySource, Page } from '../model/entry.js';
import type { Finding } from '../model/finding.js';
import type { ScanResult } from '../model/scan.js';
import { groupBy } from '../tables/group.js';
import { type ScanOptions, scan } from './scan.js';

/** A source that keeps what it gave, so that it can be read again with changes without asking the server. */
export interface RecordedSource extends EntrySource {
  /** The same entries as they would be after the edits. */
  replay(edits: readonly Edit[]): EntrySource;
}

/** What a scan would find once a plan is carried out. */
export interface Simulation {
  readonly edits: number;
  readonly result: ScanResult;
  /** Findings that stand now and did not stand before. */
  readonly fresh: readonly Finding[];
}

/** Keeps every entry that a source gives in memory. */
export function recordedSource(source: EntrySource): RecordedSource {
  const pages: Page[] = [];
  return {
    ...source,
    async *pages(attributes, signal) {
      pages.length = 0;
      for await (const page of source.pages(attributes, signal)) {
        pages.push(page);
        yield page;
      }
    },
    replay: (edits) => ({
      ...source,
      async *pages() {
        const byEntry = groupBy(edits, ({ entry }) => identityOf(entry));
        for (const { entries, gaps } of pages)
          yield { entries: entries.map((entry) => edited(entry, byEntry)), gaps };
      },
    }),
  };
}

/** Scans recorded sources again as if the edits had been carried out. */
export async function simulate(
  sources: readonly RecordedSource[],
  edits: readonly Edit[],
  before: ScanResult,
  options: ScanOptions,
): Promise<Simulation> {
  const result = await scan(
    sources.map((source) => source.replay(edits)),
    options,
  );
  const known = new Map<string, number>();
  for (const finding of before.findings) count(known, finding, 1);
  const fresh = result.findings.filter((finding) => count(known, finding, -1) < 0);
  return { edits: edits.length, result, fresh };
}

/** A finding is the same before and after when entry, attribute and rule are: the value may have been changed. */
function count(counts: Map<string, number>, { entry, attribute, rule }: Finding, by: number) {
  const key = `${identityOf(entry)}\0${attribute}\0${rule}`;
  const now = (counts.get(key) ?? 0) + by;
  counts.set(key, now);
  return now;
}

function edited(entry: Entry, byEntry: ReadonlyMap<string, readonly Edit[]>): Entry {
  const edits = byEntry.get(identityOf(entry)) ?? [];
  return edits.reduce(
    (now, { attribute, before, after }) => withValue(now, attribute, before[0], after[0]),
    entry,
  );
}
