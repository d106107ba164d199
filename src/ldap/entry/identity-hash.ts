import type { Entry } from '../../model/entry.js';
import { type Hash, hashOf, hashOfBytes } from '../../tables/hash-table.js';
import { normaliseDn } from '../format/dn.js';
import { inBytes, isAscii } from './entry.js';

const [SPACE, QUOTE, PLUS, COMMA, EQUALS, BACKSLASH] = [...' "+,=\\'].map((one) =>
  one.charCodeAt(0),
);

/** The hash of what makes two entries the same one. */
export function identityHash(entry: Entry): Hash {
  const { guid } = entry;
  return guid === undefined ? nameHash(entry) : hashOf(guid);
}

/** The hash of a name. Most need not become text for it. */
export function nameHash(entry: Entry): Hash {
  const { bytes, layout } = inBytes(entry);
  const [from = 0, to = 0] = layout;
  const isPlain = isAscii(bytes, from, to) && isOwnKey(bytes, from, to);
  return isPlain ? hashOfBytes(bytes, from, to) : hashOf(normaliseDn(entry.dn));
}

/** Whether a name in ASCII is its own comparison key once it is in lower case. */
function isOwnKey(bytes: Uint8Array, from: number, to: number): boolean {
  let before = COMMA;
  for (let at = from; at < to; at += 1) {
    const octet = bytes[at];
    if (octet === BACKSLASH || octet === QUOTE || octet === PLUS) return false;
    if (before === SPACE ? isMark(octet) : octet === SPACE && isMark(before)) return false;
    before = octet;
  }
  return before !== SPACE;
}

function isMark(octet: number | undefined): boolean {
  return octet === COMMA || octet === EQUALS;
}
