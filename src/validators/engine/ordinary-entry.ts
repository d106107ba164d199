import { knownKey } from '../../ldap/entry/attribute-names.js';
import { FIRST_VALUE, type RawEntry, VALUE_STEP } from '../../ldap/entry/entry.js';
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
export function ordinaryDomains(settings: Settings): (entry: RawEntry) => string | undefined {
  const domainAt = ordinaryDomainReader(settings);
  return (entry) => {
    const { bytes, layout, names } = entry;
    let name = NONE;
    let mail = NONE;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const { key } = names.at(layout[at] as number);
      if (key === SIGN_IN_NAME) name = name === NONE ? at : SEVERAL;
      else if (key === MAIL) mail = mail === NONE ? at : SEVERAL;
    }
    if (name < 0 || mail === SEVERAL) return undefined;
    const from = layout[name + 1] as number;
    const to = layout[name + 2] as number;
    const domain = domainAt(bytes, from, to);
    if (domain === '' || to - from - domain.length - 1 < SHORTEST_LOCAL) return undefined;
    let count = 0;
    let primaries = 0;
    for (let value = FIRST_VALUE; value < layout.length; value += VALUE_STEP) {
      if (names.at(layout[value] as number).key !== ADDRESSES) continue;
      const at = (layout[value + 1] as number) + PREFIX;
      const end = layout[value + 2] as number;
      if (bytes[at - PREFIX] === CAPITAL_S) {
        primaries += 1;
        if (!areSame(bytes, from, to, at, end)) return undefined;
      }
      if (count === MOST || domainAt(bytes, at, end) === '') return undefined;
      count += 1;
    }
    if (mail === NONE && count === 0)
      return settings.loginAttribute === 'mail' ? undefined : domain;
    const at = layout[mail + 1] ?? 0;
    const end = layout[mail + 2] ?? 0;
    if (mail < 0 || !areSame(bytes, from, to, at, end)) return undefined;
    return primaries === Math.min(count, 1) ? domain : undefined;
  };
}

/** Reads the domain at the end of an address, in lower case; empty for one that is not ordinary. */
function ordinaryDomainReader({
  verifiedDomains,
}: Settings): (bytes: Buffer, from: number, to: number) => string {
  const isOrdinary = (domain: string) =>
    domain.length <= LONGEST_DOMAIN &&
    isRoutable(domain) &&
    !isReserved(domain) &&
    (verifiedDomains?.has(domain) ?? true);
  const known = new ByteMemo<string>();
  return (bytes, from, to) => {
    let at = to;
    while (at > from && bytes[at - 1] !== AT_SIGN) at -= 1;
    const old = known.get(bytes, at, to);
    if (old !== undefined) return old;
    const text = bytes.toString('latin1', at, to).toLowerCase();
    const domain = isOrdinary(text) ? text : '';
    known.put(bytes, at, to, domain);
    return domain;
  };
}

function areSame(bytes: Buffer, from: number, to: number, other: number, otherTo: number): boolean {
  if (to - from !== otherTo - other) return false;
  for (let at = from; at < to; at += 1) if (bytes[at] !== bytes[other + at - from]) return false;
  return true;
}
