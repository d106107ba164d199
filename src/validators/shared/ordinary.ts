import { remembered } from '../../memo.js';
import type { Entry, Settings } from '../../model.js';
import { domainOf, isPrimary } from './address.js';
import { isRoutable } from './domain-name.js';
import { arePlain } from './plain.js';
import { isReserved } from './reserved.js';

/** The attributes that are judged together. */
export const ADDRESS_ATTRIBUTES: ReadonlySet<string> = new Set([
  'userPrincipalName',
  'mail',
  'proxyAddresses',
]);

/** More addresses than these are rare, and may be too many. */
const MOST = 100;
/** Longest domain of a sign-in name (fact UPN-3). */
const LONGEST_DOMAIN = 48;

/**
 * Whether the addresses of an entry are as those of most people are: userPrincipalName, mail and the one primary
 * address are the same to the letter, all values are plain and of domains that can be verified, and none comes twice.
 * No rule on single entries finds fault with them, so that one look takes the place of twenty.
 */
export function hasOrdinaryAddresses(entry: Entry, { verifiedDomains }: Settings): boolean {
  const [name, ...others] = entry.values('userPrincipalName');
  const mails = entry.values('mail');
  if (typeof name !== 'string' || others.length > 0 || mails.length !== 1 || mails[0] !== name)
    return false;
  const addresses = entry.values('proxyAddresses');
  if (addresses.length > MOST) return false;
  if (!arePlain('mail', mails) || !arePlain('proxyAddresses', addresses)) return false;
  if (name.indexOf('@') < 2 || !isOrdinaryDomain(name, verifiedDomains)) return false;
  const seen = new Set<string>();
  let primaries = 0;
  for (const value of addresses as readonly string[]) {
    if (isPrimary(value)) {
      primaries += 1;
      if (!value.endsWith(name) || value.length !== 'SMTP:'.length + name.length) return false;
    }
    if (!isOrdinaryDomain(value, verifiedDomains)) return false;
    seen.add(value.toLowerCase());
  }
  return seen.size === addresses.length && primaries === Math.min(addresses.length, 1);
}

function isOrdinaryDomain(address: string, verified: Settings['verifiedDomains']): boolean {
  const domain = domainOf(address) ?? '';
  return isPublic(domain) && (verified?.has(domain.toLowerCase()) ?? true);
}

const isPublic = remembered(
  (domain) => domain.length <= LONGEST_DOMAIN && isRoutable(domain) && !isReserved(domain),
);
