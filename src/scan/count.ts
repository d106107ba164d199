import { domainOfDn } from '../ldap/format/dn.js';
import type { EntryKind, EntrySource } from '../model/entry.js';
import type { Settings } from '../model/rule.js';
import { settingsFrom } from '../settings/settings.js';
import { createEngine } from '../validators/engine/engine.js';
import { joiningLines } from '../validators/profiles/index.js';
import { forestRemarks } from './forest-remarks.js';
import { Forests } from './forests.js';
import { gapsOf, type ReadOptions, readSource, startReading } from './read-source.js';

/** What will be synchronised, counted, and what will not. */
export interface Count {
  /** What will be in the cloud, by domain and kind: several entries that are one person there count as their account. */
  readonly domains: ReadonlyMap<string, ReadonlyMap<EntryKind, number>>;
  readonly total: number;
  /** Entries that are not counted, because they are joined with one that is. */
  readonly joined: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly gaps: readonly string[];
  /** What speaks against synchronising a forest at all, each forest once. */
  readonly remarks: readonly string[];
}

/** What decides on a count, and what a caller may follow and steer while it runs. */
export interface CountOptions extends ReadOptions {
  readonly settings?: Settings;
}

/** Counts what will sync; judges no values. */
export async function count(
  sources: readonly EntrySource[],
  { settings = settingsFrom(), ...options }: CountOptions = {},
): Promise<Count> {
  const engine = createEngine(joiningLines(settings), settings);
  const reading = startReading(options);
  const domains = new Map<string, Map<EntryKind, number>>();
  const skipped = new Map<string, number>();
  let total = 0;
  const forests = new Forests(sources);
  const read = (source: EntrySource) =>
    readSource(source, engine, reading, (entry, verdict) => {
      forests.note(source, entry);
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
  const { forestOf } = await forests.settle(options.signal);
  const persons = engine.persons({ forestOf, isLeftOut: reading.split.has });
  const joined = persons.all.flatMap(({ others }) => others);
  for (const { dn, kind } of joined) {
    const kinds = domains.get(domainOfDn(dn));
    kinds?.set(kind, (kinds.get(kind) ?? 0) - 1);
  }
  return {
    domains,
    total: total - joined.length,
    joined: joined.length,
    skipped,
    gaps: gapsOf(reading),
    remarks: await forestRemarks(sources, options.signal),
  };
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
