import { texts } from '../ldap/attributes.js';
import type { EntryRule, SuffixMapping } from '../model.js';
import { printable } from '../printable.js';
import { addressIn, domainOf, withAddress } from './shared/address.js';
import { asciiDomain, isRoutable } from './shared/domain-name.js';

/** What the cloud makes of an unroutable domain, by attribute. */
const CONSEQUENCE: Readonly<Record<string, string>> = {
  userPrincipalName: 'the user would sign in with a name at the tenant’s onmicrosoft.com domain',
  mail: 'the address does not work outside and is not kept in the cloud',
  proxyAddresses: 'the address is dropped in the cloud',
};

/** The replacement that was chosen for a domain; an exact mapping wins over a subtree. */
function mapped(domain: string, mappings: readonly SuffixMapping[]): string | undefined {
  const exact = mappings.find(({ from }) => from === domain);
  if (exact) return exact.to;
  const subtrees = mappings.filter(
    ({ from }) => from.startsWith('*.') && `.${domain}`.endsWith(from.slice(1)),
  );
  return subtrees.sort((a, b) => b.from.length - a.from.length)[0]?.to;
}

/** An address whose domain cannot be verified in a tenant because it is not on the public internet. */
export const unroutableDomain: EntryRule<undefined> = {
  meta: {
    id: 'unroutable-domain',
    title: 'A domain that does not exist on the public internet',
    why: 'Only a domain of the public internet can be verified in Microsoft 365. A sign-in name with another suffix, such as .local, arrives as a name at the tenant’s onmicrosoft.com domain; a mail address with one is dropped.',
    remedy:
      'Add a public domain that the organisation owns as a UPN suffix of the forest and move the value to it: --map-suffix contoso.local=contoso.com makes it the proposal.',
    severity: 'warning',
    fix: 'safe',
    errors: ['TopLevelDomain'],
    reads: [],
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['UPN-10', 'MAIL-5', 'PRX-6', 'PRX-10'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const domain = domainOf(addressIn(attribute, value)?.trim() ?? '');
      if (!domain || isRoutable(domain)) return [];
      const message = `"${printable(domain)}" is no domain of the public internet: ${CONSEQUENCE[attribute] ?? 'it cannot be verified in the cloud'}. Move the value to a public domain that you own.`;
      return [{ error: 'TopLevelDomain', value, message }];
    }),
  fix: (value, { attribute, settings }) => {
    const address = value === undefined ? undefined : addressIn(attribute, value);
    const domain = domainOf(address?.trim() ?? '');
    if (value === undefined || address === undefined || !domain) return undefined;
    const suffix = mapped(asciiDomain(domain), settings.suffixMap);
    if (suffix === undefined) return undefined;
    return { value: withAddress(value, address, address.trim().slice(0, -domain.length) + suffix) };
  },
};
