import { texts } from '../../ldap/format/values.js';
import { LEGACY_TYPES, readTyped } from '../../mail/address-type.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

const ADVICE: Readonly<Record<string, string>> = {
  targetAddress:
    'mail cannot be forwarded to it from the cloud. Write SMTP: and the mail address that is meant.',
};

/** An address of a type that belongs to a mail system of the past. */
export const legacyAddressType: EntryRule<undefined> = {
  meta: {
    id: 'legacy-address-type',
    title: 'An address of a mail system of the past',
    why: 'The cloud drops addresses of old types, such as MSMAIL and X400, from proxyAddresses. All other addresses of the entry arrive. Mail is not forwarded to a targetAddress of such a type.',
    remedy:
      'Remove the address if no gateway of your own still uses it; else leave it, for it does no harm. In targetAddress write the mail address that is meant.',
    severity: 'warning',
    fix: 'review',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-9', 'TGT-8'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute)
      .filter((value) => LEGACY_TYPES.has(readTyped(value)?.type ?? ''))
      .map((value) => ({
        error: 'Format',
        value,
        message: `${quote(value)} is of an address type of the past: ${ADVICE[attribute] ?? 'the cloud drops it. Remove it unless a gateway of your own uses it.'}`,
      })),
  // Without its targetAddress the entry would look like one with a mailbox of its own.
  fix: (_value, { attribute }) =>
    attribute === 'targetAddress' ? undefined : { value: undefined },
};
