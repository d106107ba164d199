import type { Claim, EntryRef, Holder } from '../model.js';
import type { Delivery } from './delivery.js';

/** A holder, and the source that it came from. */
export interface SourcedHolder extends Claim {
  readonly delivery: Delivery;
}

/**
 * The value index behind every uniqueness rule: which entries hold which key of which pool. An entry may hold a key
 * many times; it is never its own duplicate.
 */
export interface ValueIndex {
  add(pool: string, key: string, holder: SourcedHolder): void;
  holders(pool: string, key: string): readonly SourcedHolder[];
  /** The keys of a pool that are held more than once, be it by one entry, and their holders. */
  repeated(pool: string): Iterable<readonly [key: string, holders: readonly SourcedHolder[]]>;
}

type Held = SourcedHolder | SourcedHolder[];

/** An empty index. */
export function valueIndex(): ValueIndex {
  const pools = new Map<string, Map<string, Held>>();
  const list = (held: Held | undefined): readonly SourcedHolder[] =>
    held === undefined ? [] : Array.isArray(held) ? held : [held];
  return {
    add(pool, key, holder) {
      const keys = pools.get(pool) ?? new Map<string, Held>();
      pools.set(pool, keys);
      const found = keys.get(key);
      // One holder is the rule: a list is only paid for where a value is shared.
      if (found === undefined) keys.set(key, holder);
      else if (Array.isArray(found)) found.push(holder);
      else keys.set(key, [found, holder]);
    },
    holders: (pool, key) => list(pools.get(pool)?.get(key)),
    *repeated(pool) {
      for (const [key, held] of pools.get(pool) ?? []) if (Array.isArray(held)) yield [key, held];
    },
  };
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
