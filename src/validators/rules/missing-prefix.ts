import { texts } from '../../ldap/format/values.js';
import { readTyped } from '../../mail/address-type.js';
import { isMail, keptPrimary, readProxyAddress } from '../../mail/proxy-addresses.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank } from '../../text/characters.js';
import { quote } from '../../text/quote.js';

const CONSEQUENCE: Readonly<Record<string, string>> = {
  targetAddress: 'mail may not be forwarded to it. Put SMTP:',
};

/** An address that does not say of what type it is. */
export const missingPrefix: EntryRule<undefined> = {
  meta: {
    id: 'missing-prefix',
    title: 'An address without an address type',
    why: 'Every value of proxyAddresses begins with the type of the address and a colon: SMTP: for the primary mail address, smtp: for any other. The cloud drops a value without a type as malformed. A targetAddress begins with its type as well.',
    remedy:
      'Put the type in front of it. For a mail address smtp: is the proposal, and SMTP: where the entry has no primary address and this is its mail.',
    severity: 'error',
    fix: 'safe',
    errors: ['Format'],
    reads: ['mail', 'userPrincipalName'],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-7', 'PRX-11', 'TGT-8'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute)
      .filter((value) => !isBlank(value) && readTyped(value) === undefined)
      .map((value) => ({
        error: 'Format',
        value,
        message: `${quote(value)} does not begin with an address type: ${CONSEQUENCE[attribute] ?? 'the cloud drops it. Put smtp:'} or the type that is meant in front of it.`,
      })),
  fix: (value, subject) => {
    const own = value === undefined ? undefined : readProxyAddress(value);
    if (!own || own.isTyped) return undefined;
    if (subject.attribute === 'targetAddress')
      return { value: `SMTP:${own.address}`, safety: 'review' };
    const isPrimary = isMail(own, subject.entry) && keptPrimary(subject) === undefined;
    return isPrimary
      ? { value: `SMTP:${own.address}`, safety: 'review' }
      : { value: `smtp:${own.address}` };
  },
};
