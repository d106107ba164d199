import type { Entry, Value } from '../../model/entry.js';

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
  'msexcharchiveguid',
  'msexchmailboxguid',
  'msexchmasteraccountsid',
  'msrtcsip-originatorsid',
]);

/**
 * Made up, never stored: `TRUE` on a group of a live directory that has more members than the scan allows. Its members
 * are not downloaded; an export carries them itself and never this.
 */
export const MEMBER_OVERFLOW = 'presync-memberOverflow';

/**
 * Made up, never stored: the attributes of an entry of an export of which a value did not come, or ANY_ATTRIBUTE where
 * nobody knows which. What an entry lacks of them is unknown, not absent.
 */
export const UNKNOWN_ATTRIBUTES = 'presync-unknownAttributes';
export const ANY_ATTRIBUTE = '*';

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

/** Whether two lists hold the same values to the byte, in whatever order. */
export function sameValues(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  if (a.length <= FEW) return a.every((value) => includesValue(b, value));
  return withoutValues(a, b).length === 0;
}

/** Lists so short are looked through faster than they are put in a set. */
const FEW = 8;

/** The values that are not in another list, to the byte. */
export function withoutValues(values: readonly Value[], others: readonly Value[]): Value[] {
  if (others.length <= FEW) return values.filter((value) => !includesValue(others, value));
  const known = new Set(others.map(bytesKey));
  return values.filter((value) => !known.has(bytesKey(value)));
}

function bytesKey(value: Value): string {
  return Buffer.from(encodeValue(value)).toString('latin1');
}

/** A key of its own for each text and for each run of bytes. */
export function exactKey(value: Value): string {
  return typeof value === 'string' ? `=${value}` : `:${Buffer.from(value).toString('base64')}`;
}

/** The text values of an attribute; a value that is no valid text is left out. */
export function texts(entry: Entry, attribute: string): readonly string[] {
  const values = entry.values(attribute);
  return values.every(isText) ? values : values.filter(isText);
}

function isText(value: Value): value is string {
  return typeof value === 'string';
}
