import type { Entry } from '../../model/entry.js';
import { hashOf } from '../../tables/hash-table.js';
import { type AttributeNames, byTable, knownKey } from './attribute-names.js';
import { FIRST_VALUE, inBytes, VALUE_STEP } from './entry.js';

const OBJECT_GUID = knownKey('objectGUID');

/** Where the hash of a value begins, by the number of its name in a table: other tables give it another number. */
const seedsOf = byTable<number>();

/**
 * A hash of all values of an entry but its objectGUID, in whatever order they stand: 32 bits, signed. Equal for entries
 * that say the same, whatever source they came from.
 */
export function contentHash(entry: Entry): number {
  const { bytes, layout, names } = inBytes(entry);
  const seeds = seedsOf(names);
  let hash = 0;
  for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
    const name = layout[at] as number;
    if (names.at(name).key === OBJECT_GUID) continue;
    const seed = seeds[name] ?? learnSeed(seeds, names, name);
    const value = hashOfValue(bytes, layout[at + 1] as number, layout[at + 2] as number, seed);
    hash = (hash + value) | 0;
  }
  return hash;
}

function learnSeed(seeds: number[], names: AttributeNames, name: number): number {
  const seed = hashOf(names.at(name).spelled.toLowerCase()).high;
  seeds[name] = seed;
  return seed;
}

/** Four bytes at a time: every entry of an export comes here. */
function hashOfValue(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let hash = seed ^ (to - from);
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = mixed(hash, word);
  }
  for (; at < to; at += 1) hash = mixed(hash, bytes[at] as number);
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x5f356495);
  return product ^ (product >>> 15);
}
