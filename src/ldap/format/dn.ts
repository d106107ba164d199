import type { Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { mayMatch } from './may-match.js';

/** One `type=value` of a distinguished name; the value is unescaped. */
export interface TypeAndValue {
  readonly type: string;
  readonly value: string;
}

/** A relative distinguished name: one `type=value`, or several joined by `+`. */
export type Rdn = readonly TypeAndValue[];

const ATTRIBUTE_TYPE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/i;
/** What a DN must not contain to be its own comparison key once it is in lower case. */
const NEEDS_PARSING = /[\\"+]|^ | $| [,=]|[,=] /;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a distinguished name (RFC 4514; quoted values of RFC 1779 too), nearest RDN first.
 * The empty DN has no RDN; undefined when the text is no DN.
 */
export function parseDn(dn: string): readonly Rdn[] | undefined {
  if (/^ *$/.test(dn)) return [];
  const rdns: Rdn[] = [];
  let rdn: TypeAndValue[] = [];
  for (let from = 0; from <= dn.length; ) {
    const end = endOfValue(dn, from);
    const part = parseTypeAndValue(dn.slice(from, end));
    if (!part) return undefined;
    rdn.push(part);
    if (dn[end] !== '+') {
      rdns.push(rdn);
      rdn = [];
    }
    from = end + 1;
  }
  return rdns;
}

/**
 * A key to compare distinguished names by: equal for names that differ only in case, escapes or
 * spaces between their parts. Each `,` in it parts two RDNs. A text that is no DN is its own key,
 * trimmed and in lower case.
 */
export function normaliseDn(dn: string): string {
  if (!NEEDS_PARSING.test(dn)) return dn.toLowerCase();
  const rdns = parseDn(dn);
  if (!rdns) return dn.trim().toLowerCase();
  return rdns.map((rdn) => rdn.map(keyOf).sort().join('+')).join(',');
}

/** The DN above, spelled as in the DN given; empty when there is none. */
export function parentDn(dn: string): string {
  let end = endOfValue(dn, 0);
  while (dn[end] === '+') end = endOfValue(dn, end + 1);
  return dn.slice(end + 1).trimStart();
}

/** Whether a DN is the base or lies below it; the empty base contains everything. */
export function isWithin(dn: string, base: string): boolean {
  const baseKey = normaliseDn(base);
  if (baseKey === '') return true;
  const key = normaliseDn(dn);
  return key === baseKey || key.endsWith(`,${baseKey}`);
}

/** The unescaped value of the first RDN; empty when there is none. */
export function commonName(dn: string): string {
  const rdn = parseTypeAndValue(dn.slice(0, endOfValue(dn, 0)));
  return rdn?.value ?? '';
}

/** An entry as a sentence names it: by its common name, safe to print. Its DN stands beside the sentence. */
export function shownName(dn: string): string {
  return printable(commonName(dn) || dn);
}

/** Whether a value is one of those that name the entry: only a rename changes it (RFC 4511 4.6, naming violation). */
export function namesEntry(dn: string, attribute: string, value: Value): boolean {
  const [rdn = []] = parseDn(dn) ?? [];
  const name = attribute.toLowerCase();
  return rdn.some((part) => part.type.toLowerCase() === name && mayMatch(part.value, value));
}

/** Index of the first `,` or `+` from `from` on that is neither escaped nor quoted, else the length. */
function endOfValue(dn: string, from: number): number {
  const special = /[\\",+]/g;
  special.lastIndex = from;
  let quoted = false;
  for (let hit = special.exec(dn); hit; hit = special.exec(dn)) {
    if (hit[0] === '\\') special.lastIndex += 1;
    else if (hit[0] === '"') quoted = !quoted;
    else if (!quoted) return hit.index;
  }
  return dn.length;
}

function parseTypeAndValue(text: string): TypeAndValue | undefined {
  const equals = text.indexOf('=');
  const type = text.slice(0, Math.max(equals, 0)).trim();
  if (!ATTRIBUTE_TYPE.test(type)) return undefined;
  const value = unescapeValue(text.slice(equals + 1).replace(/^ +/, ''));
  return value === undefined ? undefined : { type, value };
}

/** Takes quotes and escapes off a value; undefined when they are broken or spell no UTF-8. */
function unescapeValue(raw: string): string | undefined {
  const quoted = /^"(.*)" *$/s.exec(raw)?.[1];
  const tokens = (quoted ?? raw).match(/(?:\\[0-9a-f]{2})+|\\.|[^\\]+|\\$/gis) ?? [];
  const parts: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const last = index === tokens.length - 1 && quoted === undefined;
    const part = token.startsWith('\\') ? unescapeToken(token) : unquoted(token, last);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join('');
}

/** A quote must be escaped; spaces at the end of a value count only when escaped or quoted. */
function unquoted(token: string, last: boolean): string | undefined {
  if (token.includes('"')) return undefined;
  let end = token.length;
  while (last && token[end - 1] === ' ') end -= 1;
  return token.slice(0, end);
}

/** A run of hex pairs is the UTF-8 of one or more characters; any other escape is the character. */
function unescapeToken(token: string): string | undefined {
  if (token.length < 3) return token[1];
  try {
    return utf8.decode(Buffer.from(token.replaceAll('\\', ''), 'hex'));
  } catch {
    return undefined;
  }
}

function keyOf({ type, value }: TypeAndValue): string {
  const escaped = value
    .toLowerCase()
    .replace(/[\\,+"]|^ | $/g, (character) => `\\${character.charCodeAt(0).toString(16)}`);
  return `${type.toLowerCase()}=${escaped}`;
}

/** The identity of an entry on servers other than Active Directory, as text (RFC 4530). */
export const ENTRY_UUID = 'entryUUID';

/** What makes two entries the same one: the objectGUID, or the DN where there is none. */
export function identityOf(entry: {
  readonly dn: string;
  readonly guid: string | undefined;
}): string {
  return entry.guid ?? normaliseDn(entry.dn);
}

/** The DNS name of the domain that an entry lives in, from the DC parts at the end of its DN; empty without any. */
export function domainOfDn(dn: string): string {
  const parts = normaliseDn(dn).split(',');
  const from = parts.findLastIndex((part) => !part.startsWith('dc=')) + 1;
  return parts
    .slice(from)
    .map((part) => part.slice('dc='.length))
    .join('.');
}
