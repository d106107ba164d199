import { hashOfBytes } from '../../hash-table.js';
import { attributeName, nameOf } from '../../ldap/attribute-name.js';
import { FIRST_VALUE, PLACE, type RawEntry } from '../../ldap/entry.js';
import { ByteMemo } from '../../memo.js';
import type { Settings } from '../../model.js';
import { isRoutable } from './domain-name.js';
import { isReserved } from './reserved.js';

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

const SIGN_IN_NAME = attributeName('userPrincipalName').key;
const MAIL = attributeName('mail').key;
const ADDRESSES = attributeName('proxyAddresses').key;

const AT_SIGN = 0x40;
const PREFIX = 'smtp:'.length;
const CAPITAL_S = 0x53;

/** Where the addresses of one entry stand: begin and end of each. */
interface Addresses {
  readonly names: number[];
  readonly mails: number[];
  readonly others: number[];
}

/**
 * Tells whether the addresses of an entry, all of them plain, are as those of most people are: userPrincipalName, mail
 * and the one primary address are the same to the letter, all are of domains that can be verified, and none comes
 * twice; or there is only the userPrincipalName. No rule on single entries finds fault with them, so that one look
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
    const { bytes } = entry;
    const { names, mails, others } = addressesOf(entry);
    const [from = 0, to = 0] = names;
    if (names.length !== 2 || others.length > 2 * MOST) return undefined;
    const domain = domainAt(bytes, from, to);
    if (domain === '' || to - from - domain.length - 1 < SHORTEST_LOCAL) return undefined;
    const isAlone = mails.length + others.length === 0;
    if (isAlone) return loginAttribute === 'userPrincipalName' ? domain : undefined;
    const [mailFrom = 0, mailTo = 0] = mails;
    if (mails.length !== 2 || !areSame(bytes, from, to, mailFrom, mailTo)) return undefined;
    let primaries = 0;
    for (let at = 0; at < others.length; at += 2) {
      const [own, end] = [(others[at] as number) + PREFIX, others[at + 1] as number];
      if (bytes[own - PREFIX] === CAPITAL_S) {
        primaries += 1;
        if (!areSame(bytes, from, to, own, end)) return undefined;
      }
      if (domainAt(bytes, own, end) === '') return undefined;
    }
    if (primaries !== Math.min(others.length, 1) || hasTwins(bytes, others)) return undefined;
    return domain;
  };
}

function addressesOf({ places }: RawEntry): Addresses {
  const found: Addresses = { names: [], mails: [], others: [] };
  for (let at = FIRST_VALUE; at < places.length; at += PLACE) {
    const { key } = nameOf(places[at] as number);
    const [from, to] = [places[at + 1] as number, places[at + 2] as number];
    if (key === ADDRESSES) found.others.push(from, to);
    else if (key === SIGN_IN_NAME) found.names.push(from, to);
    else if (key === MAIL) found.mails.push(from, to);
  }
  return found;
}

function areSame(bytes: Buffer, from: number, to: number, other: number, otherTo: number): boolean {
  if (to - from !== otherTo - other) return false;
  for (let at = from; at < to; at += 1) if (bytes[at] !== bytes[other + at - from]) return false;
  return true;
}

/** Whether two of the addresses may be the same but for case: equal hashes are doubt enough. */
function hasTwins(bytes: Buffer, addresses: readonly number[]): boolean {
  const hashes: number[] = [];
  for (let at = 0; at < addresses.length; at += 2) {
    const [from, to] = [addresses[at] as number, addresses[at + 1] as number];
    const { low } = hashOfBytes(bytes, from, to);
    if (hashes.includes(low)) return true;
    hashes.push(low);
  }
  return false;
}
