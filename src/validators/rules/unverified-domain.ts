import { addressesOf, readAddress, withText } from '../../mail/address.js';
import { type AddressRole, roleOf } from '../../mail/address-role.js';
import { asciiDomain, isHostName, isRoutable } from '../../mail/domain-name.js';
import { mappedSuffix } from '../../mail/suffix-map.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

const CONSEQUENCE: Readonly<Record<Exclude<AddressRole, 'targetAddress'>, string>> = {
  signIn: 'the user would sign in with a name at the tenant’s onmicrosoft.com domain',
  mail: 'it cannot become an address in the cloud',
  proxyAddresses: 'the address is taken away once the user has an Exchange Online licence',
};

/** Every tenant has one domain below it, verified from the start. */
const INITIAL = /\.onmicrosoft\.com$/;

/** A public domain that is not among those which the tenant has verified; judged only where these are known. */
export const unverifiedDomain: EntryRule<undefined> = {
  meta: {
    id: 'unverified-domain',
    title: 'A domain that the tenant has not verified',
    why: 'A sign-in name keeps its domain only if the domain is verified in the tenant; otherwise it arrives as a name at the tenant’s onmicrosoft.com domain. A mail address at such a domain is removed from licensed users.',
    remedy:
      'Verify the domain in the tenant, or move the value to a verified one: the suffix mapping fabrikam.com=contoso.com makes it the proposal. Judged only where a scan is told the verified domains.',
    severity: 'warning',
    fix: 'safe',
    errors: ['DomainPart'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group'],
    settings: ['verifiedDomains', 'mapSuffix'],
    facts: ['UPN-10', 'UPN-17', 'PRX-10', 'X-5'],
  },
  check: (subject) => {
    const { entry, attribute, settings } = subject;
    const role = roleOf(subject);
    const verified = settings.verifiedDomains;
    if (!verified || role === 'targetAddress') return [];
    return addressesOf(entry, attribute).flatMap(({ value, domain }) => {
      const ascii = asciiDomain(domain ?? '');
      if (verified.has(ascii) || INITIAL.test(ascii)) return [];
      if (!isHostName(ascii) || !isRoutable(ascii)) return [];
      const message = `The domain of ${quote(value)} is not among the verified ones: ${CONSEQUENCE[role]}. Verify ${quote(ascii)} in the tenant, or move the value to a verified domain.`;
      return [{ error: 'DomainPart', value, message }];
    });
  },
  fix: (value, { attribute, settings }) => {
    const address = readAddress(attribute, value ?? '');
    if (!address?.domain) return undefined;
    const suffix = mappedSuffix(asciiDomain(address.domain), settings.suffixMap);
    if (suffix === undefined || !settings.verifiedDomains?.has(suffix)) return undefined;
    return { value: withText(address, `${address.local}@${suffix}`) };
  },
};
