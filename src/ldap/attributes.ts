import { remembered } from '../memo.js';
import type { Entry, EntryKind, Value } from '../model.js';

/** Attributes of Active Directory whose values are bytes (attribute syntaxes 2.5.5.10 and 2.5.5.17). */
const BINARY = new Set([
  'objectguid',
  'objectsid',
  'sidhistory',
  'ms-ds-consistencyguid',
  'usercertificate',
  'usersmimecertificate',
  'thumbnailphoto',
  'jpegphoto',
  'msexchmailboxguid',
  'msexchmasteraccountsid',
  'msrtcsip-originatorsid',
]);

/**
 * Made up, never stored: `TRUE` on a group of a live directory that has more members than the scan allows. Its members
 * are not downloaded; an export carries them itself and never this.
 */
export const MEMBER_OVERFLOW = 'presync-memberOverflow';

/** From these the identity and the kind of an entry are read: who builds an entry needs them. */
export const IDENTITY_ATTRIBUTES: readonly string[] = ['objectClass', 'objectGUID'];

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether an attribute holds bytes rather than text, by its name without options, in any case. */
export function isBinary(attribute: string): boolean {
  const name = attribute.toLowerCase();
  return BINARY.has(name) || name.endsWith(';binary');
}

/** Reads the bytes of one value: text where they are valid UTF-8 of a text attribute, else the bytes. */
export function decodeValue(attribute: string, bytes: Uint8Array): Value {
  if (isBinary(attribute)) return bytes;
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** The bytes of a value as LDAP and LDIF carry it. */
export function encodeValue(value: Value): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}

/** Whether two values are the same to the byte. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  return Buffer.compare(encodeValue(a), encodeValue(b)) === 0;
}

/**
 * Whether a directory takes two values for the same when it deletes or adds one: text without
 * regard to case, bytes exactly.
 */
export function matchesValue(a: Value, b: Value): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return sameValue(a, b);
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Whether a value is in a list, to the byte. */
export function includesValue(values: readonly Value[], value: Value): boolean {
  return values.some((other) => sameValue(other, value));
}

/**
 * Whether some directory may take the one for the other: without case (all), without accents and
 * width (Active Directory, MS-ADTS 6.5), without the number of spaces (RFC 4518 2.6.1).
 */
export function resembles(a: Value, b: Value): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return sameValue(a, b);
  return matchesValue(a, b) || fold(a) === fold(b);
}

function fold(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.replace(/\s+/g, ' ').trim();
}

/** The usual text form of an objectGUID: its first three groups are little-endian (MS-DTYP 2.3.4). */
export function formatGuid(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = turned(Buffer.from(bytes)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The first three groups in the other byte order, in place. */
function turned(guid: Buffer): Buffer {
  guid.subarray(0, 4).reverse();
  guid.subarray(4, 6).reverse();
  guid.subarray(6, 8).reverse();
  return guid;
}

/** The bytes of an objectGUID from its text form, as ldbsearch prints it; undefined for other text. */
export function parseGuid(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return undefined;
  return turned(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** The text values of an attribute; a value that is no valid text is left out. */
export function texts(entry: Entry, attribute: string): readonly string[] {
  const values = entry.values(attribute);
  return values.every(isText) ? values : values.filter(isText);
}

function isText(value: Value): value is string {
  return typeof value === 'string';
}

/** The kind of an entry from its objectClass values; the more special class wins. */
export function kindOf(objectClasses: readonly string[]): EntryKind {
  const classes = objectClasses.map((name) => name.toLowerCase());
  if (classes.includes('computer')) return 'computer';
  if (classes.includes('group')) return 'group';
  if (classes.includes('contact')) return 'contact';
  const person = classes.findLast((name) => name === 'user' || name === 'inetorgperson');
  if (person === 'user') return 'user';
  return person === 'inetorgperson' ? 'inetOrgPerson' : 'other';
}

const NONE: readonly Value[] = Object.freeze([]);

/** Names are asked for millions of times, and there are few of them. */
const lowerName = remembered((name) => name.toLowerCase());

/**
 * Builds a frozen entry. Values given under one name in several spellings are joined;
 * attributes without values are dropped.
 */
export function createEntry(
  dn: string,
  attributes: Iterable<readonly [name: string, values: readonly Value[]]>,
): Entry {
  const byName = new Map<string, readonly Value[]>();
  let joined: Map<string, Value[]> | undefined;
  const names: string[] = [];
  for (const [name, values] of attributes) {
    if (values.length === 0) continue;
    const key = lowerName(name);
    const known = byName.get(key);
    if (known === undefined) {
      byName.set(key, values);
      names.push(name);
      continue;
    }
    joined ??= new Map();
    const all = joined.get(key) ?? [...known];
    for (const value of values) all.push(value);
    joined.set(key, all);
    byName.set(key, all);
  }
  const valuesOf = (attribute: string): readonly Value[] =>
    byName.get(lowerName(attribute)) ?? NONE;
  const guid = valuesOf('objectGUID')[0];
  return Object.freeze({
    dn,
    guid: typeof guid === 'object' ? formatGuid(guid) : undefined,
    kind: kindOf(valuesOf('objectClass').filter((value) => typeof value === 'string')),
    values: valuesOf,
    attributes: names,
  });
}

/** The entry as it would be with one value of an attribute replaced, added or removed. */
export function withValue(
  entry: Entry,
  attribute: string,
  before: Value | undefined,
  after: Value | undefined,
): Entry {
  const replacement = after === undefined ? [] : [after];
  const values = entry.values(attribute);
  return withValues(
    entry,
    attribute,
    before === undefined
      ? [...values, ...replacement]
      : values.flatMap((value) => (sameValue(value, before) ? replacement : [value])),
  );
}

/** The entry as it would be with other values of an attribute. */
export function withValues(entry: Entry, attribute: string, values: readonly Value[]): Entry {
  const others = entry.attributes.filter((name) => name.toLowerCase() !== attribute.toLowerCase());
  return createEntry(entry.dn, [
    ...others.map((name) => [name, entry.values(name)] as const),
    [attribute, values],
  ]);
}
