import type { Value } from '../../model/entry.js';
import { encodeValue } from './values.js';

/** Longer than the text of any security identifier: fifteen numbers of ten digits and what joins them. */
const LONGEST_TEXT = 192;
const TEXT = /^S-1-\d{1,15}(?:-\d{1,10}){1,15}$/i;

/**
 * The usual text form (S-1-5-…) of a security identifier, from its bytes (MS-DTYP 2.4.2.2) or from that text, which is
 * what ldbsearch writes into an export. Undefined for anything else.
 */
export function sidText(value: Value): string | undefined {
  const bytes = Buffer.from(encodeValue(value));
  const text = bytes.length <= LONGEST_TEXT ? bytes.toString('latin1') : '';
  if (TEXT.test(text)) return text.toUpperCase();
  const count = bytes[1] ?? 0;
  if (bytes[0] !== 1 || count === 0 || count > 15 || bytes.length !== 8 + 4 * count)
    return undefined;
  const parts = Array.from({ length: count }, (_, at) => bytes.readUInt32LE(8 + 4 * at));
  return ['S', 1, bytes.readUIntBE(2, 6), ...parts].join('-');
}
