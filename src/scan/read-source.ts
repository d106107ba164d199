import { setImmediate } from 'node:timers/promises';
import { knownKey } from '../ldap/entry/attribute-names.js';
import { inBytes } from '../ldap/entry/entry.js';
import { identityHash } from '../ldap/entry/identity-hash.js';
import { ENTRY_UUID } from '../ldap/format/dn.js';
import type { Entry, EntrySource } from '../model/entry.js';
import { type Hash, HashSet, hashOfBytes } from '../tables/hash-table.js';
import type { Engine, Reader, Verdict } from '../validators/engine/engine.js';

/** What a caller may follow and steer while sources are read. */
export interface ReadOptions {
  /** Ends the reading early; what was found so far is reported as incomplete. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each page with the number of entries read so far. */
  readonly onProgress?: ((entries: number) => void) | undefined;
}

/** Entries judged in one go: in between, what the server has sent is taken off its hands, so that it can go on. */
const SLICE = 64;

const UUID = knownKey(ENTRY_UUID);

/** What the sources of one scan have in common. */
export interface Reading extends ReadOptions {
  entries: number;
  /** Why something was not seen, one line each. */
  readonly gaps: Set<string>;
  /**
   * Identities seen: sources may overlap, a source that lost its connection begins again, entries move meanwhile; and
   * none must meet itself as a duplicate.
   */
  readonly seen: HashSet;
}

export function startReading(options: ReadOptions): Reading {
  return { ...options, entries: 0, gaps: new Set(), seen: new HashSet() };
}

/**
 * Shows every entry of a source to the engine, each identity once, and hands on what it says. Throws when nothing can
 * be read at all; a source that breaks off leaves a gap.
 */
export async function readSource(
  source: EntrySource,
  engine: Engine,
  reading: Reading,
  take: (entry: Entry, verdict: Verdict) => void,
): Promise<Reader> {
  const reader = engine.reader(await source.undelivered(engine.attributes, reading.signal));
  const pending: Entry[] = [];
  const show = (entry: Entry) => {
    if (!reading.seen.add(seenAs(entry))) return reader.note(entry);
    reading.entries += 1;
    const verdict = reader.judge(entry);
    if (verdict.is === 'pending') pending.push(entry);
    else take(entry, verdict);
  };
  try {
    for await (const { entries, gaps } of source.pages(engine.attributes, reading.signal)) {
      for (const gap of gaps) reading.gaps.add(`${source.name}: ${gap}`);
      for (let at = 0; at < entries.length; at += 1) {
        if (at % SLICE === SLICE - 1) await setImmediate();
        show(entries[at] as Entry);
      }
      reading.onProgress?.(reading.entries);
    }
  } catch (error) {
    if (!reading.signal?.aborted) throw error;
    reading.gaps.add(`${source.name}: interrupted`);
  }
  for (const entry of pending) take(entry, reader.judgeAtLast(entry));
  return reader;
}

/** Outside Active Directory the entryUUID tells an entry that was moved, from its bytes: nobody asks for it as text. */
function seenAs(entry: Entry): Hash {
  const raw = inBytes(entry);
  const at = raw.layoutIndexOf(UUID);
  const from = at === undefined ? 0 : (raw.layout[at + 1] as number);
  const to = at === undefined ? 0 : (raw.layout[at + 2] as number);
  return to > from ? hashOfBytes(raw.bytes, from, to) : identityHash(entry);
}
