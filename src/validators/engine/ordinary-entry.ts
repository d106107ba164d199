import { knownKey } from '../../ldap/entry/attribute-names.js';
import { FIRST_VALUE, PLACE, type RawEntry } from '../../ldap/entry/entry.js';
import { isRoutable } from '../../mail/domain-name.js';
import { isReserved } from '../../mail/reserved-domain.js';
import type { Settings } from '../../model/rule.js';
import { ByteMemo } from '../../tables/memo.js';

/** The attributes that are judged together. */
export const ADDRESS_ATTRIBUTES: ReadonlySet<string> = new Set([
  'userPrincipalName',
  'mail',
  'proxyAddresses',
]);

/** More addresses than these are rare, and may be too many. */
const MOST = 50;
/** Longest domain of a sign-in name (fact UPN-3). */
const LONGEST_DOMAIN = 48;
/** Fewer characters before the `@` are worth a remark. */
const SHORTEST_LOCAL = 2;

const SIGN_IN_NAME = knownKey('userPrincipalName');
const MAIL = knownKey('mail');
const ADDRESSES = knownKey('proxyAddresses');

/** In place of where the only value of an attribute stands. */
const NONE = -1;
const SEVERAL = -2;

const AT_SIGN = 0x40;
const PREFIX = 'smtp:'.length;
const CAPITAL_S = 0x53;

/**
 * Tells whether the addresses of an entry, all of them plain, are as those of most people are: userPrincipalName, mail
 * and the one primary address are the same to the letter, and all are of domains that can be verified; or there is only
 * the userPrincipalName. If none comes twice besides, no rule on single entries finds fault with them, so that one look
 * takes the place of twenty. Gives the domain of the sign-in name, in lower case; undefined where they are otherwise.
 */
export function ordinaryDomains({
  verifiedDomains,
  loginAttribute,
}: Settings): (entry: RawEntry) => string | undefined {
  const isOrdinary = (domain: string) =>
    domain.length <= LONGEST_DOMAIN &&
    isRoutable(domain) &&
    !isReserved(domain) &&
    (verifiedDomains?.has(domain) ?? true);
  const known = new ByteMemo<string>();
  /** The domain that stands at the end of an address, in lower case; empty for one that is not ordinary. */
  const domainAt = (bytes: Buffer, from: number, to: number): string => {
    let at = to;
    while (at > from && bytes[at - 1] !== AT_SIGN) at -= 1;
    const old = known.get(bytes, at, to);
    if (old !== undefined) return old;
    const text = bytes.toString('latin1', at, to).toLowerCase();
    const domain = isOrdinary(text) ? text : '';
    known.put(bytes, at, to, domain);
    return domain;
  };
  return (entry) => {
    const { bytes, places, names } = entry;
    let name = NONE;
    let mail = NONE;
    for (let place = FIRST_VALUE; place < places.length; place += PLACE) {
      const { key } = names.at(places[place] as number);
      if (key === SIGN_IN_NAME) name = name === NONE ? place : SEVERAL;
      else if (key === MAIL) mail = mail === NONE ? place : SEVERAL;
    }
    if (name < 0 || mail === SEVERAL) return undefined;
    const from = places[name + 1] as number;
    const to = places[name + 2] as number;
    const domain = domainAt(bytes, from, to);
    if (domain === '' || to - from - domain.length - 1 < SHORTEST_LOCAL) return undefined;
    let count = 0;
    let primaries = 0;
    for (let place = FIRST_VALUE; place < places.length; place += PLACE) {
      if (names.at(places[place] as number).key !== ADDRESSES) continue;
      const at = (places[place + 1] as number) + PREFIX;
      const end = places[place + 2] as number;
      if (bytes[at - PREFIX] === CAPITAL_S) {
        primaries += 1;
        if (!areSame(bytes, from, to, at, end)) return undefined;
      }
      if (count === MOST || domainAt(bytes, at, end) === '') return undefined;
      count += 1;
    }
    if (mail === NONE && count === 0) return loginAttribute === 'mail' ? undefined : domain;
    const at = places[mail + 1] ?? 0;
    const end = places[mail + 2] ?? 0;
    if (mail < 0 || !areSame(bytes, from, to, at, end)) return undefined;
    return primaries === Math.min(count, 1) ? domain : undefined;
  };
}

function areSame(bytes: Buffer, from: number, to: number, other: number, otherTo: number): boolean {
  if (to - from !== otherTo - other) return false;
  for (let at = from; at < to; at += 1) if (bytes[at] !== bytes[other + at - from]) return false;
  return true;
}
