import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Entry, Value } from '../model.js';
import { createEntry, IDENTITY_ATTRIBUTES } from './attributes.js';

type Packed = readonly [dn: string, values: readonly Values[]];
type Values = readonly Value[];

const NONE: Values = [];

/** Entries that are compressed together: what they share is stored once, and few are unpacked to read one. */
const PAGE = 128;

/** Pages that stay unpacked: entries are asked for in runs. */
const UNPACKED = 16;

/** Entries that may be needed again, by number in the order in which they were added, in some 60 bytes each. */
export class PackedEntries {
  readonly #names: readonly string[];
  readonly #pages: Buffer[] = [];
  #open: Packed[] = [];
  readonly #unpacked = new Map<number, readonly Packed[]>();

  /** @param attributes what is kept of an entry besides its name, identity and kind. */
  constructor(attributes: readonly string[]) {
    this.#names = [...new Set([...IDENTITY_ATTRIBUTES, ...attributes])];
  }

  /** Adds an entry and returns its number, from 0 on. */
  add(entry: Entry): number {
    const number = this.#pages.length * PAGE + this.#open.length;
    this.#open.push([entry.dn, this.#names.map((name) => entry.values(name))]);
    if (this.#open.length === PAGE) {
      // A copy: zlib gives the front of a larger buffer.
      this.#pages.push(Buffer.from(deflateRawSync(serialize(this.#open), { level: 1 })));
      this.#open = [];
    }
    return number;
  }

  /** The entry with a number, with the attributes that are kept. */
  get(number: number): Entry {
    const packed = this.#page(Math.floor(number / PAGE))[number % PAGE];
    if (!packed) throw new RangeError(`There is no entry with the number ${number}`);
    const [dn, values] = packed;
    return createEntry(
      dn,
      this.#names.map((name, at) => [name, values[at] ?? NONE] as const),
    );
  }

  #page(at: number): readonly Packed[] {
    const known = this.#unpacked.get(at);
    if (known) return known;
    const bytes = this.#pages[at];
    // The last page is still filling.
    if (!bytes) return this.#open;
    const page: readonly Packed[] = deserialize(inflateRawSync(bytes));
    if (this.#unpacked.size === UNPACKED) this.#unpacked.clear();
    this.#unpacked.set(at, page);
    return page;
  }
}
