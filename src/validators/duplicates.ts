import { identityOf } from '../ldap/dn.js';
import type { Holder } from '../model.js';

/**
 * The value index behind every uniqueness rule: which entries hold which key of which pool. An entry may hold a key
 * many times; it is never its own duplicate.
 */
export interface ValueIndex {
  add(pool: string, key: string, holder: Holder): void;
  holders(pool: string, key: string): readonly Holder[];
  /** Every key of a pool that more than one entry holds. */
  shared(pool: string): Iterable<readonly Holder[]>;
}

export function valueIndex(): ValueIndex {
  const pools = new Map<string, Map<string, Holder | Holder[]>>();
  const list = (found: Holder | Holder[] | undefined): readonly Holder[] =>
    found === undefined ? [] : Array.isArray(found) ? found : [found];
  return {
    add(pool, key, holder) {
      const keys = pools.get(pool) ?? new Map<string, Holder | Holder[]>();
      pools.set(pool, keys);
      const found = keys.get(key);
      // One holder is the rule: a list is only paid for where a value is shared.
      if (found === undefined) keys.set(key, holder);
      else if (Array.isArray(found)) found.push(holder);
      else keys.set(key, [found, holder]);
    },
    holders: (pool, key) => list(pools.get(pool)?.get(key)),
    *shared(pool) {
      for (const found of pools.get(pool)?.values() ?? []) {
        if (Array.isArray(found) && isShared(found)) yield found;
      }
    },
  };
}

function isShared(holders: readonly Holder[]): boolean {
  const [first] = holders;
  return (
    first !== undefined && holders.some((h) => identityOf(h.entry) !== identityOf(first.entry))
  );
}
