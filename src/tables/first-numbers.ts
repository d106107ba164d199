import type { Hash } from './hash-table.js';

/** Each part grows by itself, so that no growth stops the reading for long. */
const PARTS = 256;
const FIRST_SLOTS = 64;

/** In a slot: both halves of the hash, the number, and whether it is taken. Four lie in a line of the processor's cache. */
const SLOT = 4;

/** The number that came first under each hash, in 21 to 43 bytes. */
export class FirstNumbers {
  readonly #parts: Int32Array[] = Array.from(
    { length: PARTS },
    () => new Int32Array(FIRST_SLOTS * SLOT),
  );
  readonly #counts = new Int32Array(PARTS);

  /** The number that came first; undefined where it is this one. */
  earlier({ high, low }: Hash, number: number): number | undefined {
    const part = high >>> 24;
    const slots = this.#parts[part] as Int32Array;
    const at = slotOf(slots, high, low);
    if (slots[at + 3] === 1) return slots[at + 2];
    fill(slots, at, high, low, number);
    const count = (this.#counts[part] as number) + 1;
    this.#counts[part] = count;
    // Three quarters of the slots.
    if (count * SLOT * 4 > slots.length * 3) this.#parts[part] = grown(slots);
    return undefined;
  }
}

/** Where a hash stands, or is to stand. */
function slotOf(slots: Int32Array, high: number, low: number): number {
  const mask = slots.length - 1;
  let at = (low * SLOT) & mask;
  while (slots[at + 3] === 1 && (slots[at] !== high || slots[at + 1] !== low))
    at = (at + SLOT) & mask;
  return at;
}

function fill(slots: Int32Array, at: number, high: number, low: number, number: number): void {
  slots[at] = high;
  slots[at + 1] = low;
  slots[at + 2] = number;
  slots[at + 3] = 1;
}

function grown(old: Int32Array): Int32Array {
  const slots = new Int32Array(old.length * 2);
  for (let at = 0; at < old.length; at += SLOT) {
    if (old[at + 3] !== 1) continue;
    const [high, low] = [old[at] as number, old[at + 1] as number];
    fill(slots, slotOf(slots, high, low), high, low, old[at + 2] as number);
  }
  return slots;
}
