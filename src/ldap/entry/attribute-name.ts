import { ByteMemo } from '../../tables/memo.js';
import { parseRange } from '../format/range-option.js';
import { isBinary as isBytes } from '../format/values.js';

/** The name of an attribute as some source spelled it. */
export interface AttributeName {
  /** One for each spelling. */
  readonly number: number;
  /** Equal for names that differ only in case, or in the option that says how values travel (RFC 4522). */
  readonly key: number;
  readonly spelled: string;
  /** Whether it carries a part of the values only (MS-ADTS 3.1.1.3.1.3.3). */
  readonly isRange: boolean;
  /** Whether its values are bytes; otherwise they are text where they are UTF-8. */
  readonly isBinary: boolean;
}

/** Every name that came so far, by its number: no directory has many. */
const NAMES: AttributeName[] = [];
const keys = new Map<string, number>();
/** By their spelling: what is known of the attribute, then against it text, and bytes. */
type Names = Map<string, AttributeName>;
const known = { usual: new Map() as Names, text: new Map() as Names, bytes: new Map() as Names };
const seen = new ByteMemo<AttributeName>();

/**
 * The name with a spelling.
 * @param asBytes for values that are text, or bytes, against what their attribute is known for.
 */
export function attributeName(spelled: string, asBytes?: boolean): AttributeName {
  const names = asBytes === undefined ? known.usual : asBytes ? known.bytes : known.text;
  const old = names.get(spelled);
  if (old) return old;
  const name = register(spelled, asBytes);
  names.set(spelled, name);
  return name;
}

function register(spelled: string, asBytes?: boolean): AttributeName {
  const lower = spelled.toLowerCase().replace(/;binary(?=;|$)/, '');
  const key = keys.get(lower) ?? keys.size;
  keys.set(lower, key);
  // Without its options: those of a range say nothing of the values.
  const range = parseRange(spelled);
  const isBinary = asBytes ?? isBytes(range?.name ?? spelled);
  const name = { number: NAMES.length, key, spelled, isRange: range !== undefined, isBinary };
  NAMES.push(name);
  return name;
}

/** The name with a number. */
export function nameOf(number: number): AttributeName {
  return NAMES[number] as AttributeName;
}

/** The number of the name that stands in bytes (UTF-8); `to` is behind its last one. */
export function numberOfName(bytes: Buffer, from: number, to: number): number {
  const old = seen.get(bytes, from, to);
  if (old) return old.number;
  const name = attributeName(bytes.toString('utf8', from, to));
  seen.put(bytes, from, to, name);
  return name.number;
}
