import { readTyped } from '../../mail/address-type.js';
import {
  isMail,
  nextPrimary,
  ownAddresses,
  primaryAddresses,
  readOwn,
} from '../../mail/proxy-addresses.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** An entry with mail addresses in proxyAddresses, none of which is the primary one. */
export const missingPrimary: EntryRule<undefined> = {
  meta: {
    id: 'missing-primary',
    title: 'Mail addresses without a primary one',
    why: 'Without an SMTP: value in capitals the cloud makes mail the primary address, or else userPrincipalName, or else an address at the tenant’s onmicrosoft.com domain.',
    remedy:
      'Write the prefix of the primary address in capitals. The address equal to mail is the proposal, or else the one equal to userPrincipalName.',
    severity: 'warning',
    fix: 'safe',
    errors: ['Format'],
    reads: ['mail', 'userPrincipalName'],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-11'],
  },
  check: (subject) => {
    const { entry } = subject;
    if (ownAddresses(entry).length === 0 || primaryAddresses(entry).length > 0) return [];
    const next = nextPrimary(subject);
    const message = next
      ? `No address is marked as the primary one: the cloud chooses. Write ${quote(next.value)} with SMTP: in capitals.`
      : 'No address is marked as the primary one, and none is mail or userPrincipalName: the cloud chooses. Write one with SMTP: in capitals.';
    return [{ error: 'Format', value: next?.value, message }];
  },
  fix: (value, { entry }) => {
    const own = value === undefined ? undefined : readOwn(value);
    if (value === undefined || !own || readTyped(value)?.type !== 'smtp') return undefined;
    const promoted = value.replace(/smtp:/i, 'SMTP:');
    return isMail(own, entry) ? { value: promoted } : { value: promoted, safety: 'review' };
  },
};
