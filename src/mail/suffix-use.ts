import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import { remembered } from '../tables/memo.js';
import { domainOf, isPrimary } from './address.js';
import { asciiDomain, isRoutable } from './domain-name.js';

/** The domains that a person uses: of the sign-in name, the primary address and mail, each in ASCII. */
export interface SuffixUse {
  readonly routable: readonly string[];
  readonly unroutable: readonly string[];
}

const NONE: SuffixUse = { routable: [], unroutable: [] };

const oneDomain = remembered((domain): SuffixUse => ({ routable: [domain], unroutable: [] }));

/**
 * What an entry shows of the suffixes in use; groups and contacts show nothing.
 * @param domain the one domain of its addresses, where that is known already.
 */
export function suffixUse(entry: Entry, domain?: string): SuffixUse {
  if (entry.kind !== 'user' && entry.kind !== 'inetOrgPerson') return NONE;
  if (domain !== undefined) return oneDomain(domain);
  const unique: string[] = [];
  for (const attribute of ['proxyAddresses', 'mail', 'userPrincipalName']) {
    for (const value of texts(entry, attribute)) {
      if (attribute === 'proxyAddresses' && !isPrimary(value)) continue;
      const domain = asciiDomain(domainOf(value.trim()) ?? '');
      if (domain !== '' && !unique.includes(domain)) unique.push(domain);
    }
  }
  return {
    routable: unique.filter(isRoutable),
    unroutable: unique.filter((domain) => !isRoutable(domain)),
  };
}
