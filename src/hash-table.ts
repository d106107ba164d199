/** A hash of 64 bits in two halves of 32. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/**
 * Hashes a text, by its UTF-16 code units. Two texts of a million share a hash once in 30 million scans.
 * @param seed makes other hashes of the same texts.
 */
export function hashOf(text: string, seed = 0): Hash {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    // Without the shifts the high bits of a product never reach the low ones.
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  const first = mixed(high, low);
  return { high: first, low: mixed(low, first) };
}

/** The last mixing of MurmurHash3: each bit of the input turns each bit of the result with even chance. */
function mixed(half: number, other: number): number {
  let bits = half ^ Math.imul(other, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Each part grows by itself: a table that doubled as a whole would for a moment need three times its room. */
const PARTS = 256;
const FIRST_SLOTS = 16;

/** Pairs of 32-bit numbers with open addressing; a pair whose second number is 0 is a free slot. */
class Part {
  #keys = new Uint32Array(FIRST_SLOTS);
  #values = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  /** Where a key stands, or the free slot for it; `value` picks one of several pairs with the same key. */
  find(key: number, value?: number): number {
    const mask = this.#keys.length - 1;
    let at = key & mask;
    for (;;) {
      const found = this.#values[at];
      if (found === 0) return at;
      if (this.#keys[at] === key && (value === undefined || found === value)) return at;
      at = (at + 1) & mask;
    }
  }

  valueAt(slot: number): number {
    return this.#values[slot] as number;
  }

  put(slot: number, key: number, value: number): void {
    const isNew = this.#values[slot] === 0;
    this.#keys[slot] = key;
    this.#values[slot] = value;
    if (isNew) this.#used += 1;
    if (this.#used * 4 > this.#keys.length * 3) this.#grow();
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Uint32Array(keys.length * 2);
    for (const [at, value] of values.entries()) {
      if (value === 0) continue;
      const key = keys[at] as number;
      const slot = this.find(key, value);
      this.#keys[slot] = key;
      this.#values[slot] = value;
    }
  }
}

const parts = () => Array.from({ length: PARTS }, () => new Part());
const partOf = (all: readonly Part[], { high }: Hash) => all[high >>> 24] as Part;

/** Texts by their hash: 11 to 21 bytes each, where a Set of strings needs a hundred. */
export class HashSet {
  readonly #parts = parts();

  /** Adds a text; false when it was there. */
  add(text: string): boolean {
    const { high, low } = hashOf(text);
    // A free slot is marked by 0.
    const value = high || 1;
    const part = partOf(this.#parts, { high, low });
    const slot = part.find(low, value);
    if (part.valueAt(slot) !== 0) return false;
    part.put(slot, low, value);
    return true;
  }
}

/**
 * Numbers above 0 by hash, in as little room; a Map ends at 16.7 million keys. It tells hashes apart by 40 bits: who
 * must be sure compares what the number stands for.
 */
export class NumbersByHash {
  readonly #parts = parts();

  /** The number under a hash, 0 for none. */
  get(hash: Hash): number {
    const part = partOf(this.#parts, hash);
    return part.valueAt(part.find(hash.low));
  }

  set(hash: Hash, number: number): void {
    const part = partOf(this.#parts, hash);
    part.put(part.find(hash.low), hash.low, number);
  }
}
