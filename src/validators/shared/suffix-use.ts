import { texts } from '../../ldap/attributes.js';
import type { Entry } from '../../model.js';
import { addressIn, domainOf, isPrimary } from './address.js';
import { asciiDomain, isRoutable } from './domain-name.js';

/** The domains that a person uses: of the sign-in name, the primary address and mail, each in ASCII. */
export interface SuffixUse {
  readonly routable: readonly string[];
  readonly unroutable: readonly string[];
}

const NONE: SuffixUse = { routable: [], unroutable: [] };

/** What an entry shows of the suffixes in use; groups and contacts show nothing. */
export function suffixUse(entry: Entry): SuffixUse {
  if (entry.kind !== 'user' && entry.kind !== 'inetOrgPerson') return NONE;
  const addresses = [
    ...texts(entry, 'proxyAddresses').filter(isPrimary),
    ...texts(entry, 'mail'),
    ...texts(entry, 'userPrincipalName'),
  ].map((value) => addressIn(value.startsWith('SMTP:') ? 'proxyAddresses' : 'mail', value));
  const domains = addresses.flatMap((address) => {
    const domain = domainOf(address?.trim() ?? '');
    return domain ? [asciiDomain(domain)] : [];
  });
  const unique = [...new Set(domains)];
  return {
    routable: unique.filter(isRoutable),
    unroutable: unique.filter((domain) => !isRoutable(domain)),
  };
}
