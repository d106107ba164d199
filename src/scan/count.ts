import { domainOfDn } from '../ldap/format/dn.js';
import type { EntryKind, EntrySource } from '../model/entry.js';
import { settingsFrom } from '../settings/settings.js';
import { createEngine } from '../validators/engine/engine.js';
import { gapsOf, type ReadOptions, readSource, startReading } from './read-source.js';

/** What will be synchronised, counted, and what will not. */
export interface Count {
  /** Entries that will sync, by domain and kind. */
  readonly domains: ReadonlyMap<string, ReadonlyMap<EntryKind, number>>;
  readonly total: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly gaps: readonly string[];
}

/** Counts what will sync; judges no values. */
export async function count(
  sources: readonly EntrySource[],
  options: ReadOptions = {},
): Promise<Count> {
  const engine = createEngine([], settingsFrom());
  const reading = startReading(options);
  const domains = new Map<string, Map<EntryKind, number>>();
  const skipped = new Map<string, number>();
  let total = 0;
  const read = (source: EntrySource) =>
    readSource(source, engine, reading, (entry, verdict) => {
      // It was counted by its first record.
      if (reading.split.has(entry)) return;
      if (verdict.is === 'skipped') return increase(skipped, verdict.reason);
      const domain = domainOfDn(entry.dn);
      const kinds = domains.get(domain) ?? new Map<EntryKind, number>();
      domains.set(domain, kinds);
      increase(kinds, entry.kind);
      total += 1;
    });
  await Promise.all(sources.map(read));
  return { domains, total, skipped, gaps: gapsOf(reading) };
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
