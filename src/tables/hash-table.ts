/** A hash of 64 bits in two halves of 32, each a signed number: others would not fit into one machine word of V8. */
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
  return finished(high, low);
}

/**
 * The same hash of bytes that are ASCII, as if in lower case: of the text that they spell once it is in lower case.
 * @param from the first of the bytes, @param to the one behind the last.
 */
export function hashOfBytes(bytes: Uint8Array, from: number, to: number, seed = 0): Hash {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let at = from; at < to; at += 1) {
    const octet = bytes[at] as number;
    const unit = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  return finished(high, low);
}

function finished(high: number, low: number): Hash {
  const first = mixed(high, low);
  return { high: first, low: mixed(low, first) };
}

/** The last mixing of MurmurHash3: each bit of the input turns each bit of the result with even chance. */
function mixed(half: number, other: number): number {
  let bits = half ^ Math.imul(other, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Each part grows by itself: a table that doubled as a whole would for a moment need three times its room. */
const PARTS = 256;
const FIRST_SLOTS = 64;
const ROOMY = 2 ** 11;

/**
 * Pairs of signed 32-bit numbers with open addressing, key before value, so that a look costs one line of the processor's
 * cache; a pair whose value is 0 is a free slot.
 */
class Part {
  #pairs = new Int32Array(FIRST_SLOTS * 2);
  #used = 0;

  /** Where the value of a key stands, or is to stand; `value` picks one of several pairs with the same key. */
  find(key: number, value?: number): number {
    const pairs = this.#pairs;
    const mask = pairs.length - 1;
    let at = (key << 1) & mask;
    for (;;) {
      const found = pairs[at + 1] as number;
      if (found === 0) return at + 1;
      if (pairs[at] === key && (value === undefined || found === value)) return at + 1;
      at = (at + 2) & mask;
    }
  }

  valueAt(slot: number): number {
    return this.#pairs[slot] as number;
  }

  put(slot: number, key: number, value: number): void {
    const pairs = this.#pairs;
    const isNew = pairs[slot] === 0;
    pairs[slot - 1] = key;
    pairs[slot] = value;
    if (!isNew) return;
    this.#used += 1;
    // Three quarters of the slots.
    if (this.#used * 8 > pairs.length * 3) this.#grow();
  }

  #grow(): void {
    const old = this.#pairs;
    // A small one costs little to be too large, and much to be filled anew again and again.
    this.#pairs = new Int32Array(old.length * (old.length < ROOMY ? 4 : 2));
    for (let at = 0; at < old.length; at += 2) {
      const key = old[at] as number;
      const value = old[at + 1] as number;
      if (value === 0) continue;
      const slot = this.find(key, value);
      this.#pairs[slot - 1] = key;
      this.#pairs[slot] = value;
    }
  }
}

/** Texts by their hash: 11 to 21 bytes each, where a Set of strings needs a hundred. */
export class HashSet {
  readonly #parts = Array.from({ length: PARTS }, () => new Part());

  /** Adds a text by its hash; false when it was there. */
  add({ high, low }: Hash): boolean {
    // A free slot is marked by 0.
    const value = high || 1;
    const part = this.#parts[high >>> 24] as Part;
    const slot = part.find(low, value);
    if (part.valueAt(slot) !== 0) return false;
    part.put(slot, low, value);
    return true;
  }
}

/** What waits in a part before it is put into the table: while so many go in, the table is in the processor's cache. */
const WAITING = 128;

/** A part of the numbers, and what waits to be put into it: hash and number by turns. */
class NumberedPart extends Part {
  readonly #waiting = new Int32Array(WAITING * 3);
  #count = 0;

  /** Tells whether the waiting ones must be put in now. */
  wait(high: number, low: number, number: number): boolean {
    const waiting = this.#waiting;
    const at = this.#count * 3;
    waiting[at] = high;
    waiting[at + 1] = low;
    waiting[at + 2] = number;
    this.#count += 1;
    return this.#count === WAITING;
  }

  /** Puts in what waits; all numbers that meet others at their hash go to `met`. */
  settle(met: Set<number>): void {
    const waiting = this.#waiting;
    for (let at = 0; at < this.#count * 3; at += 3) {
      const low = waiting[at + 1] as number;
      const number = waiting[at + 2] as number;
      const slot = this.find(low);
      const found = this.valueAt(slot);
      if (found === 0) this.put(slot, low, number);
      if (found === 0 || found === number) continue;
      met.add(number);
      if (found < 0) continue;
      met.add(found);
      this.put(slot, low, -found);
    }
    this.#count = 0;
  }
}

/**
 * Numbers above 0 by hash, in some 20 bytes each; a Map ends at 16.7 million keys. It tells hashes apart by 40 bits: who
 * must be sure compares what the numbers stand for.
 */
export class NumbersByHash {
  readonly #parts = Array.from({ length: PARTS }, () => new NumberedPart());
  readonly #met = new Set<number>();

  /** Puts a number under a hash, beside those that are there. */
  add(high: number, low: number, number: number): void {
    const part = this.#parts[high >>> 24] as NumberedPart;
    if (part.wait(high, low, number)) part.settle(this.#met);
  }

  /** The only number under a hash; one below 0 where there are several, 0 for none. */
  get({ high, low }: Hash): number {
    const part = this.#parts[high >>> 24] as NumberedPart;
    part.settle(this.#met);
    return part.valueAt(part.find(low));
  }

  /** All numbers that share a hash with another one. */
  met(): ReadonlySet<number> {
    for (const part of this.#parts) part.settle(this.#met);
    return this.#met;
  }
}
