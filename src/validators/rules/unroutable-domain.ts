import { texts } from '../../ldap/format/values.js';
import { addressesOf, domainOf, readAddress, withText } from '../../mail/address.js';
import { type AddressRole, roleOf } from '../../mail/address-role.js';
import { asciiDomain, isHostName, isRoutable } from '../../mail/domain-name.js';
import { mappedSuffix } from '../../mail/suffix-map.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** What the cloud makes of an unroutable domain. */
const CONSEQUENCE: Readonly<Record<AddressRole, string>> = {
  signIn: 'the user would sign in with a name at the tenant’s onmicrosoft.com domain',
  mail: 'the address does not work outside and is not kept in the cloud',
  proxyAddresses: 'the address is dropped in the cloud',
  targetAddress: 'mail cannot be forwarded to it from the cloud',
};

/** An address whose domain cannot be verified in a tenant because it is not on the public internet. */
export const unroutableDomain: EntryRule<undefined> = {
  meta: {
    id: 'unroutable-domain',
    title: 'A domain that does not exist on the public internet',
    why: 'Only a domain of the public internet can be verified in Microsoft 365. A sign-in name with another suffix, such as .local, arrives as a name at the tenant’s onmicrosoft.com domain; a mail address with one is dropped.',
    remedy:
      'Add a public domain that the organisation owns as a UPN suffix of the forest and move the value to it: the suffix mapping contoso.local=contoso.com makes it the proposal.',
    severity: 'warning',
    fix: 'safe',
    errors: ['TopLevelDomain'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    settings: ['mapSuffix'],
    facts: ['UPN-10', 'MAIL-5', 'PRX-6', 'PRX-10', 'TGT-3'],
  },
  check: (subject) => {
    // The quick answer for nearly every entry.
    if (texts(subject.entry, subject.attribute).every(isSurelyRoutable)) return [];
    return addressesOf(subject.entry, subject.attribute).flatMap(({ value, domain }) => {
      // A malformed domain is told of by malformed-address.
      if (!domain || !isHostName(domain) || isRoutable(domain)) return [];
      const message = `${quote(domain)} is no domain of the public internet: ${CONSEQUENCE[roleOf(subject)]}. Move the value to a public domain that you own.`;
      return [{ error: 'TopLevelDomain', value, message }];
    });
  },
  fix: (value, { attribute, settings }) => {
    const address = readAddress(attribute, value ?? '');
    if (!address?.domain) return undefined;
    const suffix = mappedSuffix(asciiDomain(address.domain), settings.suffixMap);
    if (suffix === undefined) return undefined;
    // Mail forwarded to one's own public domain may come back to the mailbox that forwards it.
    const safety = attribute === 'targetAddress' ? { safety: 'review' as const } : {};
    return { value: withText(address, `${address.local}@${suffix}`), ...safety };
  },
};

/** A value of an address type without domain is not sure. */
function isSurelyRoutable(value: string): boolean {
  const domain = domainOf(value);
  return domain !== undefined && isRoutable(domain);
}
