import type { Value } from '../../model/entry.js';
import { encodeValue } from '../format/values.js';
import { AttributeNames } from './attribute-names.js';

const FIRST_ROOM = 2 ** 12;
/** More than this is not kept for the next entry. */
const MOST_KEPT = 2 ** 20;

/** Where the bytes of one entry after the other are put together; it belongs to whoever makes the entries. */
export class EntryBuffer {
  /** The table in which the names of these entries stand. */
  readonly names: AttributeNames;
  #room: Buffer;
  #end = 0;

  /** @param size octets that the first entry will hardly exceed. */
  constructor(names: AttributeNames = new AttributeNames(), size: number = FIRST_ROOM) {
    this.names = names;
    this.#room = Buffer.allocUnsafe(size);
  }

  /** Puts the bytes of a value behind what is there, and returns where they end. */
  put(value: Value): number {
    const at = this.#end;
    if (typeof value === 'string') {
      this.#reserve(value.length);
      const room = this.#room;
      let code = 0;
      for (let unit = 0; unit < value.length && code < 0x80; unit += 1) {
        code = value.charCodeAt(unit);
        room[at + unit] = code;
      }
      if (code < 0x80) {
        this.#end = at + value.length;
        return this.#end;
      }
    }
    const bytes = encodeValue(value);
    this.#reserve(bytes.length);
    this.#room.set(bytes, at);
    this.#end = at + bytes.length;
    return this.#end;
  }

  /** Puts the values of an attribute behind what is there; `layout` is told of each. */
  putValues(spelled: string, values: readonly Value[], layout: number[]): void {
    const usual = this.names.named(spelled);
    for (const value of values) {
      const isBinary = typeof value !== 'string';
      const name = isBinary === usual.isBinary ? usual : this.names.named(spelled, isBinary);
      layout.push(name.number, this.#end);
      layout.push(this.put(value));
    }
  }

  /** What was put, not copied: for a buffer that was made for one entry. */
  whole(): Buffer {
    return this.#room.subarray(0, this.#end);
  }

  /** A copy of what was put; the next entry begins. */
  take(): Buffer {
    const bytes = Buffer.from(this.#room.subarray(0, this.#end));
    this.#end = 0;
    if (this.#room.length > MOST_KEPT) this.#room = Buffer.allocUnsafe(FIRST_ROOM);
    return bytes;
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#room.length * 2));
    this.#room.copy(larger, 0, 0, this.#end);
    this.#room = larger;
  }
}
