import { identityHash } from '../../ldap/entry/identity-hash.js';
import { PackedEntries } from '../../ldap/entry/packed-entries.js';
import { identityOf } from '../../ldap/format/dn.js';
import type { Entry, EntryRef } from '../../model/entry.js';
import type { Holder } from '../../model/finding.js';
import type { Claim, PooledKey } from '../../model/rule.js';
import { type Hash, hashOf, NumbersByHash } from '../../tables/hash-table.js';
import type { Delivery } from './delivery.js';

/** A holder, and the source that it came from. */
export interface SourcedHolder extends Claim {
  readonly delivery: Delivery;
}

/** A unique value of an entry: the pool and key under which it is one, and the holder that it makes of the entry. */
export interface HeldKey extends PooledKey {
  readonly holder: Claim;
}

/** What the index must know of the rules. */
export interface Keying {
  /** The attributes from which keys and standing are read. */
  readonly attributes: readonly string[];
  /** Every unique value of an entry, or those in one attribute. */
  read(entry: Entry, attribute?: string): readonly HeldKey[];
}

/** The keys of one pool that several entries hold, with all their holders. */
type SharedKeys = Map<string, SourcedHolder[]>;

/**
 * The value index behind every uniqueness rule: which entries hold which key of which pool. An entry may hold a key
 * many times; it is never its own duplicate.
 *
 * Nearly all values of a directory are held once, so of a key only its hash and the number of the entry are kept. Where
 * a second entry comes to the same hash, both are unpacked in the end and their keys compared in full.
 */
export class ValueIndex {
  readonly #keying: Keying;
  readonly #entries: PackedEntries;
  readonly #deliveries: Delivery[] = [];
  readonly #identities: number[] = [];
  readonly #pools = new Map<string, number>();
  readonly #numbers = new NumbersByHash();
  /** Keys that entries of these identities may have without carrying them. */
  readonly #unsaid = new Map<number, PooledKey[]>();
  #shared: ReadonlyMap<string, SharedKeys> | undefined;

  constructor(keying: Keying) {
    this.#keying = keying;
    this.#entries = new PackedEntries(keying.attributes);
  }

  /** Takes an entry with the keys that it holds. */
  add(entry: Entry, delivery: Delivery, keys: readonly PooledKey[]): void {
    if (keys.length === 0) return;
    const number = this.enter(entry, delivery);
    for (const key of keys) this.note(key, number);
  }

  /** Takes an entry whose keys will be noted, and returns its number. */
  enter(entry: Entry, delivery: Delivery): number {
    this.#deliveries.push(delivery);
    this.#identities.push(inOneNumber(identityHash(entry)));
    this.#shared = undefined;
    return this.#entries.add(entry) + 1;
  }

  /** Notes a key of an entry, by its number. */
  note(key: PooledKey, number: number): void {
    const { high, low } = this.#hash(key);
    this.#numbers.add(high, low, number);
  }

  /** Notes that an entry, by its number, carries a key which another one, by its identity, may have without. */
  noteUnsaid({ pool, key }: PooledKey, identity: string, number: number): void {
    const other = inOneNumber(hashOf(identity));
    if (this.#identities[number - 1] === other) return;
    const keys = this.#unsaid.get(other) ?? [];
    keys.push({ pool, key });
    this.#unsaid.set(other, keys);
  }

  /** The same for a key of which the hash is known. */
  noteHash(high: number, low: number, number: number): void {
    this.#numbers.add(high, low, number);
  }

  /** What makes the hashes of a pool others than those of the same keys in another one. */
  seedOf(pool: string): number {
    const known = this.#pools.get(pool) ?? this.#pools.size + 1;
    this.#pools.set(pool, known);
    return known;
  }

  /** The unique values that an entry, in the index or not, holds in one attribute. */
  keys(entry: Entry, attribute: string): readonly PooledKey[] {
    return this.#keying.read(entry, attribute);
  }

  /** Who holds a key, other than the entry with an identity. */
  holders(key: PooledKey, except: string): readonly SourcedHolder[] {
    const found = this.#numbers.get(this.#hash(key));
    if (found === 0) return [];
    const isOther = ({ entry }: Holder) => identityOf(entry) !== except;
    if (found < 0) {
      return (this.#sharedKeys().get(key.pool)?.get(key.key) ?? []).filter(isOther);
    }
    const at = found - 1;
    if (this.#identities[at] === inOneNumber(hashOf(except))) return [];
    const held = this.#read(at).filter((one) => one.pool === key.pool && one.key === key.key);
    return held.map(({ holder }) => this.#sourced(holder, at)).filter(isOther);
  }

  /** The keys of a pool at which entries met, with their holders. */
  *repeated(pool: string): Iterable<readonly [key: string, holders: readonly SourcedHolder[]]> {
    yield* this.#sharedKeys().get(pool) ?? [];
  }

  #sharedKeys(): ReadonlyMap<string, SharedKeys> {
    this.#shared ??= this.#compare();
    return this.#shared;
  }

  /** Compares the entries that met, in the order in which they came: each page is unpacked once. */
  #compare(): ReadonlyMap<string, SharedKeys> {
    const pools = new Map<string, SharedKeys>();
    this.#settleUnsaid();
    for (const number of Int32Array.from(this.#numbers.met()).sort()) {
      for (const { pool, key, holder } of this.#read(number - 1)) {
        if (this.#numbers.get(this.#hash({ pool, key })) >= 0) continue;
        const keys: SharedKeys = pools.get(pool) ?? new Map<string, SourcedHolder[]>();
        pools.set(pool, keys);
        const holders = keys.get(key) ?? [];
        keys.set(key, holders);
        holders.push(this.#sourced(holder, number - 1));
      }
    }
    return pools;
  }

  /** Whether they have the keys indeed is seen when they are unpacked. */
  #settleUnsaid(): void {
    if (this.#unsaid.size === 0) return;
    this.#identities.forEach((identity, at) => {
      for (const key of this.#unsaid.get(identity) ?? []) this.note(key, at + 1);
    });
  }

  #read(at: number): readonly HeldKey[] {
    return this.#keying.read(this.#entries.get(at));
  }

  #sourced(holder: Claim, at: number): SourcedHolder {
    return { ...holder, delivery: this.#deliveries[at] as Delivery };
  }

  #hash({ pool, key }: PooledKey): Hash {
    return hashOf(key, this.seedOf(pool));
  }
}

/** 53 bits of a hash: what a number holds exactly. */
function inOneNumber({ high, low }: Hash): number {
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}

/** Whether more than one is among the holders; `holderOf` says what makes two entries one holder. */
export function isShared(
  holders: readonly Holder[],
  holderOf: (entry: EntryRef) => string,
): boolean {
  const [first] = holders;
  if (first === undefined) return false;
  const one = holderOf(first.entry);
  return holders.some(({ entry }) => holderOf(entry) !== one);
}
