import { texts } from '../../ldap/format/values.js';
import { LEGACY_TYPES, readTyped } from '../../mail/address-type.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** A proxyAddresses value of a type that belongs to a mail system of the past. */
export const legacyAddressType: EntryRule<undefined> = {
  meta: {
    id: 'legacy-address-type',
    title: 'An address of a mail system of the past',
    why: 'The cloud drops addresses of old types, such as MSMAIL and X400. All other addresses of the entry arrive.',
    remedy:
      'Remove the address if no gateway of your own still uses it; else leave it, for it does no harm.',
    severity: 'warning',
    fix: 'review',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-9'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute)
      .filter((value) => LEGACY_TYPES.has(readTyped(value)?.type ?? ''))
      .map((value) => ({
        error: 'Format',
        value,
        message: `${quote(value)} is of an address type of the past: the cloud drops it. Remove it unless a gateway of your own uses it.`,
      })),
  fix: () => ({ value: undefined }),
};
