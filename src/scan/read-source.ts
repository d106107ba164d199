import { setImmediate } from 'node:timers/promises';
import { knownKey } from '../ldap/entry/attribute-names.js';
import { inBytes } from '../ldap/entry/entry.js';
import { identityHash } from '../ldap/entry/identity-hash.js';
import { ENTRY_UUID } from '../ldap/format/dn.js';
import type { Entry, EntrySource } from '../model/entry.js';
import { type Hash, HashSet, hashOfBytes } from '../tables/hash-table.js';
import { grouped } from '../text/printable.js';
import type { Engine, Reader, Verdict } from '../validators/engine/engine.js';
import { NO_CLASS } from '../validators/engine/sync-scope.js';
import { PARTITION_NAME } from './forests.js';
import { SplitEntries } from './split-entries.js';

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
  readonly split: SplitEntries;
}

export function startReading(options: ReadOptions): Reading {
  return {
    ...options,
    entries: 0,
    gaps: new Set(),
    seen: new HashSet(),
    split: new SplitEntries(),
  };
}

/** Why something was not seen, in the order of reports. */
export function gapsOf({ gaps, split }: Reading): readonly string[] {
  return [...gaps, ...split.gaps()].sort();
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
  const undelivered = await source.undelivered(engine.attributes, reading.signal);
  const reader = engine.reader(undelivered, source.name);
  const isExport = undelivered === undefined;
  const wanted = isExport ? [...engine.attributes, PARTITION_NAME] : engine.attributes;
  const judging = new Judging(reader, reading, isExport, take);
  try {
    for await (const { entries, gaps } of source.pages(wanted, reading.signal)) {
      for (const gap of gaps) reading.gaps.add(`${source.name}: ${gap}`);
      for (let at = 0; at < entries.length; at += 1) {
        if (at % SLICE === SLICE - 1) await setImmediate();
        judging.show(entries[at] as Entry);
      }
      reading.onProgress?.(reading.entries);
    }
  } catch (error) {
    if (!reading.signal?.aborted) throw error;
    reading.gaps.add(`${source.name}: interrupted`);
  }
  judging.end();
  if (!reading.signal?.aborted)
    for (const gap of unseen(source, judging.tally)) reading.gaps.add(`${source.name}: ${gap}`);
  return reader;
}

/** How many entries a source showed, and what became of them. */
interface Tally {
  shown: number;
  judged: number;
  /** Another source, or the same one, had shown them. */
  known: number;
  unclassed: number;
}

/** Shows the entries of one source to the engine, each identity once. */
class Judging {
  readonly tally: Tally = { shown: 0, judged: 0, known: 0, unclassed: 0 };
  readonly #reader: Reader;
  readonly #reading: Reading;
  readonly #isExport: boolean;
  readonly #take: (entry: Entry, verdict: Verdict) => void;
  readonly #pending: Entry[] = [];

  constructor(
    reader: Reader,
    reading: Reading,
    isExport: boolean,
    take: (entry: Entry, verdict: Verdict) => void,
  ) {
    this.#reader = reader;
    this.#reading = reading;
    this.#isExport = isExport;
    this.#take = take;
  }

  show(entry: Entry): void {
    this.tally.shown += 1;
    const { split, seen } = this.#reading;
    const identity = this.#isExport ? identityHash(entry) : seenAs(entry);
    // What a directory says of an entry that it names again is what it says by now.
    const record = this.#isExport ? split.take(entry, identity) : 'first';
    const isNew = seen.add(identity);
    if (record === 'again' || (record === 'first' && !isNew)) {
      this.tally.known += 1;
      this.#reader.note(entry);
      return;
    }
    if (record === 'first') this.#reading.entries += 1;
    const verdict = this.#reader.judge(entry);
    if (verdict.is === 'pending') this.#pending.push(entry);
    else this.#tell(entry, verdict);
  }

  end(): void {
    for (const entry of this.#pending) this.#tell(entry, this.#reader.judgeAtLast(entry));
  }

  #tell(entry: Entry, verdict: Verdict): void {
    if (verdict.is === 'judged') this.tally.judged += 1;
    if (verdict.is === 'skipped' && verdict.reason === NO_CLASS) this.tally.unclassed += 1;
    this.#take(entry, verdict);
  }
}

/** Where nobody was judged, or what an entry is could not be told, the source was not seen as a whole. */
function unseen({ ifNobody }: EntrySource, { shown, judged, known, unclassed }: Tally): string[] {
  if (unclassed > 0)
    return [
      `what ${grouped(unclassed)} of ${grouped(shown)} entries are is unknown, for no objectClass came with them. Export its values too ` +
        '(ldapsearch without -A), without options (objectClass;vucsn-…), by an account that may read it',
    ];
  if (judged + known > 0) return [];
  const what =
    shown === 0 ? 'it shows no entry' : `none of its ${grouped(shown)} entries could be judged`;
  return [ifNobody === undefined ? what : `${what}. ${ifNobody}`];
}

/** Outside Active Directory the entryUUID tells an entry that was moved, from its bytes: nobody asks for it as text. */
function seenAs(entry: Entry): Hash {
  const raw = inBytes(entry);
  const at = raw.layoutIndexOf(UUID);
  const from = at === undefined ? 0 : (raw.layout[at + 1] as number);
  const to = at === undefined ? 0 : (raw.layout[at + 2] as number);
  return to > from ? hashOfBytes(raw.bytes, from, to) : identityHash(entry);
}
