import { texts } from '../../ldap/format/values.js';
import { readTyped } from '../../mail/address-type.js';
import { readProxyAddress } from '../../mail/proxy-addresses.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** An SMTP value of proxyAddresses with a colon besides the one that ends its type. */
export const severalColons: EntryRule<undefined> = {
  meta: {
    id: 'several-colons',
    title: 'An SMTP address with more than one colon',
    why: 'An SMTP value of proxyAddresses has one colon, the one after its type. With another one the cloud drops the value or reports an error.',
    remedy:
      'Take the superfluous colon out. A doubled type is written once in the proposal; what another colon stands for, only a person knows.',
    severity: 'error',
    fix: 'safe',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-4'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const typed = readTyped(value);
      if (typed?.type !== 'smtp' || !typed.rest.includes(':')) return [];
      const message = `${quote(value)} has more than one colon: the cloud drops it or reports an error. Leave only the colon after the type.`;
      return [{ error: 'Format', value, message }];
    }),
  fix: (value) => {
    const own = value === undefined ? undefined : readProxyAddress(value);
    if (value === undefined || !own?.isTyped || own.address.includes(':')) return undefined;
    return { value: value.slice(0, value.indexOf(':') + 1) + own.address };
  },
};
