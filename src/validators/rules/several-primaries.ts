import {
  areUnsettled,
  keptPrimary,
  primaryAddresses,
  readProxyAddress,
} from '../../mail/proxy-addresses.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** A primary mail address of an entry that has another one. */
export const severalPrimaries: EntryRule<undefined> = {
  meta: {
    id: 'several-primaries',
    title: 'A second primary mail address',
    why: 'An entry has exactly one primary address, the SMTP: value in capitals. With several it is not certain which of them people see as the sender and which one the cloud keeps.',
    remedy:
      'Decide which address is the primary one and write the prefix of the others in small letters. The one equal to mail stays, else the one equal to userPrincipalName, else the first by its text.',
    severity: 'warning',
    fix: 'review',
    errors: ['Format'],
    reads: ['mail', 'userPrincipalName'],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-11'],
  },
  check: (subject) => {
    const primaries = primaryAddresses(subject.entry);
    const kept = primaries.length > 1 ? keptPrimary(subject) : undefined;
    if (!kept) return [];
    // Another spelling of the primary address is a repetition, which is told of as such.
    return primaries
      .filter(({ key }) => key !== kept.key)
      .map(({ value }) => ({
        error: 'Format',
        value,
        message: `${quote(value)} is a primary address beside ${quote(kept.value)}, and there is only one. Write smtp: in small letters unless this one is to be the primary.`,
      }));
  },
  fix: (value, subject) => {
    const own = value === undefined ? undefined : readProxyAddress(value);
    const kept = keptPrimary(subject);
    if (!own?.isPrimary || !kept || areUnsettled(own, kept, subject)) return undefined;
    return { value: own.value.replace('SMTP:', 'smtp:') };
  },
};
