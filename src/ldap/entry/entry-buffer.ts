import type { Value } from '../../model/entry.js';
import { encodeValue } from '../format/values.js';
import { attributeName } from './attribute-name.js';

/** Where an entry is put together; it grows to what the largest one so far needed. */
let room = Buffer.allocUnsafeSlow(2 ** 12);

/** A copy of what was put there, up to a place. */
export function filled(end: number): Buffer {
  return Buffer.from(room.subarray(0, end));
}

/** Puts the values of an attribute behind what is there, their places too, and returns where they end. */
export function putValues(
  spelled: string,
  values: readonly Value[],
  start: number,
  places: number[],
): number {
  let end = start;
  const usual = attributeName(spelled);
  for (const value of values) {
    const isBinary = typeof value !== 'string';
    const name = isBinary === usual.isBinary ? usual : attributeName(spelled, isBinary);
    places.push(name.number, end);
    end = put(value, end);
    places.push(end);
  }
  return end;
}

/** Puts the bytes of a value at a place, and returns the one behind them. */
export function put(value: Value, at: number): number {
  if (typeof value === 'string') {
    makeRoom(at + value.length);
    let code = 0;
    for (let unit = 0; unit < value.length && code < 0x80; unit += 1) {
      code = value.charCodeAt(unit);
      room[at + unit] = code;
    }
    if (code < 0x80) return at + value.length;
  }
  const bytes = encodeValue(value);
  makeRoom(at + bytes.length);
  room.set(bytes, at);
  return at + bytes.length;
}

function makeRoom(needed: number): void {
  if (needed <= room.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, room.length * 2));
  room.copy(larger);
  room = larger;
}
