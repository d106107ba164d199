import { type Address, addressesOf, readAddress, withText } from '../../mail/address.js';
import { type FormFault, formFaults, repaired } from '../../mail/address-form.js';
import { type AddressRole, isOutside, roleOf } from '../../mail/address-role.js';
import type { Severity } from '../../model/finding.js';
import type { EntryRule, Fault } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import type { CharacterTable } from '../rule-parts/character-tables.js';
import { setsIn } from '../rule-parts/without-characters.js';

/** What is asked of the form of an address in one attribute. */
export interface AddressForm {
  /** Whether parts that are too long are told of: not where value-too-long has limits for each part (UPN-2, UPN-3). */
  readonly lengths: boolean;
  /** The characters that forbidden-character judges in the same attribute. */
  readonly characters: CharacterTable;
  /** The weight of a leading or double dot (UPN-9), and of a bad domain (UPN-10), where they weigh less. */
  readonly dots?: Severity;
  readonly domains?: Severity;
}

const CONSEQUENCE: Readonly<Record<AddressRole, string>> = {
  signIn: 'The cloud refuses such a sign-in name or makes up another one',
  mail: 'Mail cannot reach it, yet the cloud may take it for the primary address',
  proxyAddresses: 'The cloud drops the address',
  targetAddress: 'Mail cannot be forwarded to it, and the cloud may refuse it',
};

/** An address without the form `name@domain`. Its characters are judged by other rules. */
export const malformedAddress: EntryRule<AddressForm> = {
  meta: {
    id: 'malformed-address',
    title: 'An address that is not of the form name@domain',
    why: 'A sign-in name with no @ or several, or with a dot before the @, is refused (IdentityDataValidationFailed); a mail address that is not well-formed by RFC 5322 is dropped in the cloud. A name whose domain cannot be one of the internet arrives as a name at the tenant’s onmicrosoft.com domain.',
    remedy:
      'Correct the address. Superfluous dots are taken out in the proposal; what stands for a missing name or domain, only a person knows.',
    severity: 'error',
    fix: 'safe',
    errors: ['Format', 'LocalPart', 'DomainPart'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['UPN-4', 'UPN-8', 'UPN-9', 'UPN-10', 'MAIL-5', 'X-5', 'PRX-6', 'TGT-3'],
  },
  check: (subject) => {
    const { entry, attribute, limits } = subject;
    // More than one colon is another rule's (PRX-4).
    const elsewhere = (character: string, part: 'local' | 'domain') =>
      setsIn(part === 'local' ? `${character}@` : `@${character}`, limits.characters).length > 0 ||
      (character === ':' && attribute === 'proxyAddresses');
    const weight = ({ error, kind }: FormFault): Severity | undefined => {
      if (error === 'DomainPart') return limits.domains;
      // Only the standard of mail has that limit: no page of Microsoft says what becomes of a longer name.
      if (kind === 'length') return 'warning';
      return kind === 'dot' ? limits.dots : undefined;
    };
    return addressesOf(entry, attribute).flatMap((address) =>
      formFaults(address, elsewhere)
        .filter(({ kind }) => limits.lengths || kind !== 'length')
        .map((fault): Fault => {
          const message = `${quote(address.value)} is no address: ${fault.clause}. ${CONSEQUENCE[roleOf(subject)]}. Correct it.`;
          const severity = weight(fault);
          return {
            error: fault.error,
            value: address.value,
            message,
            ...(severity && { severity }),
          };
        }),
    );
  },
  fix: (value, subject) => {
    const address = readAddress(subject.attribute, value ?? '');
    const fix = address && repaired(address.text);
    if (!address || fix?.value === undefined || fix.value === address.text) return undefined;
    const isReview =
      fix.safety === 'review' || isOutside(subject) || mayWork(address, subject.limits);
    return { value: withText(address, fix.value), ...(isReview && { safety: 'review' as const }) };
  },
};

/** Whether the cloud may take the address as it is, for all that is known of dots in its attribute (UPN-9). */
function mayWork(address: Address, { dots }: AddressForm): boolean {
  return dots === 'warning' && formFaults(address, () => true).some(({ kind }) => kind === 'dot');
}
