import { addressesOf, readAddress, withText } from '../../mail/address.js';
import { type AddressRole, isOutside, roleOf } from '../../mail/address-role.js';
import { isBeyondAscii, plainLocal, punycodeDomain } from '../../mail/ascii-address.js';
import type { EntryRule, Fault } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

const CONSEQUENCE: Readonly<Record<AddressRole, string>> = {
  signIn: 'the cloud refuses such a sign-in name, or replaces the characters',
  mail: 'the cloud does not take it for the address of a user',
  proxyAddresses: 'the cloud does not take such an address',
  targetAddress: 'mail may not be forwarded to it',
};

/** An address with characters beyond ASCII, in the name or in the domain. */
export const nonAsciiAddress: EntryRule<undefined> = {
  meta: {
    id: 'non-ascii-address',
    title: 'An address with letters that are not ASCII',
    why: 'Sign-in names and mail addresses in Microsoft 365 consist of ASCII characters. One with accented letters, or with letters of another script, is refused or arrives altered.',
    remedy:
      'Write the name in plain letters and the domain in its xn-- form, which is the same domain. Where a letter has two plain forms (ü as u or ue), or the address belongs to a mailbox elsewhere, check the proposal.',
    severity: 'error',
    fix: 'safe',
    errors: ['Character', 'DomainPart'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['UPN-7', 'UPN-17', 'PRX-5', 'MAIL-2', 'TGT-3', 'GEN-3'],
  },
  check: (subject) =>
    addressesOf(subject.entry, subject.attribute).flatMap(({ value, local, domain = '' }) => {
      const consequence = CONSEQUENCE[roleOf(subject)];
      const faults: Fault[] = [];
      if (isBeyondAscii(local)) {
        const message = `${quote(value)} has characters other than ASCII before the @: ${consequence}. Write it in plain letters.`;
        faults.push({ error: 'Character', value, message });
      }
      if (isBeyondAscii(domain)) {
        const message = `${quote(value)} has characters other than ASCII in its domain: ${consequence}. Write the domain in its xn-- form.`;
        faults.push({ error: 'DomainPart', value, message });
      }
      return faults;
    }),
  fix: (value, subject) => {
    const address = readAddress(subject.attribute, value ?? '');
    if (address === undefined) return undefined;
    const { local, domain } = address;
    const name = isBeyondAscii(local) ? plainLocal(local) : undefined;
    const host = domain && isBeyondAscii(domain) ? punycodeDomain(domain) : undefined;
    if (!name && !host) return undefined;
    const text = (name?.value ?? local) + (domain === undefined ? '' : `@${host?.value ?? domain}`);
    // The xn-- form is the same domain, but another name is another mailbox.
    const isReview = name?.safety ?? host?.safety ?? (name && isOutside(subject));
    return { value: withText(address, text), ...(isReview && { safety: 'review' as const }) };
  },
};
