import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Entry } from '../../model/entry.js';
import { IDENTITY_ATTRIBUTES, UNKNOWN_ATTRIBUTES } from '../format/values.js';
import { type AttributeName, AttributeNames, byTable } from './attribute-names.js';
import { FIRST_VALUE, inBytes, RawEntry, VALUE_STEP } from './entry.js';

/** Entries that are compressed together: what they share is stored once, and few are unpacked to read one. */
const PAGE = 128;

/** Bytes that are kept as they are before compressing begins: most directories fit, and it takes a second a gigabyte. */
const UNCOMPRESSED = 2 ** 25;

/** Pages that stay unpacked: entries are asked for in runs. */
const UNPACKED = 16;

/** Bytes that are claimed at once. */
const ROOM = 2 ** 20;

/** Octets beside each value at most: number of the name, length, END. */
const OVERHEAD = 7;

/** The number of a name is one octet. */
const MOST_NAMES = 255;

/** In place of the number of a name: nothing more of this entry. */
const END = 0;

/**
 * Entries that may be needed again, by number in the order in which they were added, in some 60 bytes each where there
 * are many. A record is the length of the DN, the DN, and then of each value the number of its attribute, its length
 * and its bytes.
 */
export class PackedEntries {
  readonly #table = new AttributeNames();
  /** What the numbers in the records stand for, from 1 on: each attribute with text, and with bytes. */
  readonly #names: readonly AttributeName[];
  /** Those numbers by the number of a name, END where it is left out. */
  readonly #codes = byTable<number>();
  readonly #pages: Buffer[] = [];
  readonly #unpacked = new Map<number, Buffer>();
  /** How many pages are kept as they are: the first ones. */
  #uncompressed = 0;
  #held = 0;
  #count = 0;
  /** The room in which the last page is filling, from `start` to `end`. */
  #open = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** @param attributes what is kept of an entry besides its name, identity and kind. */
  constructor(attributes: readonly string[]) {
    const wanted = new Set([...IDENTITY_ATTRIBUTES, UNKNOWN_ATTRIBUTES, ...attributes]);
    this.#names = [...wanted].flatMap((name) => [
      this.#table.named(name, false),
      this.#table.named(name, true),
    ]);
    if (this.#names.length > MOST_NAMES) throw new RangeError('Too many attributes to keep');
  }

  /** Adds an entry and returns its number, from 0 on. */
  add(entry: Entry): number {
    const { bytes, layout, names } = inBytes(entry);
    const codes = this.#codes(names);
    this.#reserve(layout);
    const open = this.#open;
    let end = put(open, this.#end, bytes, layout[0] as number, layout[1] as number);
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const name = layout[at] as number;
      let code = codes[name];
      if (code === undefined) {
        code = this.#codeOf(names.at(name));
        codes[name] = code;
      }
      if (code === END) continue;
      open[end] = code;
      end = put(open, end + 1, bytes, layout[at + 1] as number, layout[at + 2] as number);
    }
    open[end] = END;
    this.#end = end + 1;
    this.#count += 1;
    if (this.#count % PAGE === 0) this.#closePage();
    return this.#count - 1;
  }

  /** The entry with a number, with the attributes that are kept. */
  get(number: number): Entry {
    if (number >= this.#count) throw new RangeError(`There is no entry with the number ${number}`);
    const reader = new RecordReader(this.#page(Math.floor(number / PAGE)), this.#names);
    for (let skipped = number % PAGE; skipped > 0; skipped -= 1) reader.layout();
    return new RawEntry(reader.bytes, reader.layout(), this.#table);
  }

  #codeOf({ spelled, isBinary }: AttributeName): number {
    const key = this.#table.keyOf(spelled);
    return this.#names.findIndex((one) => one.key === key && one.isBinary === isBinary) + 1;
  }

  /** Sees to it that a record with all that a layout tells of fits into the open room. */
  #reserve(layout: readonly number[]): void {
    let needed = (layout[1] as number) - (layout[0] as number) + OVERHEAD;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP)
      needed += (layout[at + 2] as number) - (layout[at + 1] as number) + OVERHEAD;
    if (this.#end + needed <= this.#open.length) return;
    const filled = this.#end - this.#start;
    const next = Buffer.allocUnsafeSlow(Math.max(ROOM, (filled + needed) * 2));
    this.#open.copy(next, 0, this.#start, this.#end);
    this.#open = next;
    this.#start = 0;
    this.#end = filled;
  }

  #closePage(): void {
    const records = this.#open.subarray(this.#start, this.#end);
    this.#held += records.length;
    if (this.#held <= UNCOMPRESSED) {
      this.#pages.push(records);
      this.#uncompressed += 1;
      this.#start = this.#end;
    } else {
      // A copy: zlib gives the front of a larger buffer.
      this.#pages.push(Buffer.from(deflateRawSync(records, { level: 1 })));
      this.#end = this.#start;
    }
  }

  #page(at: number): Buffer {
    const page = this.#pages[at];
    // The last page is still filling: a copy, for its room may be used again.
    if (!page) return Buffer.from(this.#open.subarray(this.#start, this.#end));
    if (at < this.#uncompressed) return page;
    const known = this.#unpacked.get(at);
    if (known) return known;
    if (this.#unpacked.size === UNPACKED) this.#unpacked.clear();
    const records = inflateRawSync(page);
    this.#unpacked.set(at, records);
    return records;
  }
}

/** Puts a length, seven bits an octet and the lowest first, and the bytes; returns where they end. */
function put(room: Buffer, start: number, bytes: Buffer, from: number, to: number): number {
  let end = start;
  let rest = to - from;
  for (; rest >= 0x80; rest >>>= 7) {
    room[end] = (rest & 0x7f) | 0x80;
    end += 1;
  }
  room[end] = rest;
  end += 1;
  for (let at = from; at < to; at += 1, end += 1) room[end] = bytes[at] as number;
  return end;
}

/** Reads one record after the other. */
class RecordReader {
  readonly bytes: Buffer;
  readonly #names: readonly AttributeName[];
  #at = 0;

  constructor(bytes: Buffer, names: readonly AttributeName[]) {
    this.bytes = bytes;
    this.#names = names;
  }

  /** Where things stand in the next record, as RawEntry wants to know it. */
  layout(): readonly number[] {
    const layout: number[] = [];
    this.#pushStretch(layout);
    for (let code = this.#octet(); code !== END; code = this.#octet()) {
      layout.push(this.#names[code - 1]?.number ?? 0);
      this.#pushStretch(layout);
    }
    return layout;
  }

  #pushStretch(layout: number[]): void {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const octet = this.#octet();
      length += (octet & 0x7f) << shift;
      if (octet < 0x80) break;
    }
    layout.push(this.#at, this.#at + length);
    this.#at += length;
  }

  #octet(): number {
    const octet = this.bytes[this.#at] as number;
    this.#at += 1;
    return octet;
  }
}
