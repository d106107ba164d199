import { domainOf } from '../../mail/address.js';
import { proxyAddresses } from '../../mail/proxy-addresses.js';
import { isReserved } from '../../mail/reserved-domain.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** What an Exchange hybrid writes to every mailbox and needs, to route mail between its two halves. */
const HYBRID = /\.mail\.onmicrosoft\.com$/;

/** A proxyAddresses value in one of Microsoft's own domains. */
export const reservedSuffix: EntryRule<undefined> = {
  meta: {
    id: 'reserved-suffix',
    title: 'An address in one of Microsoft’s own domains',
    why: 'Addresses at onmicrosoft.com and microsoftonline.com are given out by the cloud; it drops those that come from Active Directory. An Exchange hybrid, though, writes addresses at tenant.mail.onmicrosoft.com itself and needs them.',
    remedy:
      'Leave the address where an Exchange hybrid wrote it. Elsewhere it can be removed: the cloud gives out its own.',
    severity: 'info',
    fix: 'none',
    errors: ['DomainPart'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-8'],
  },
  check: ({ entry }) =>
    proxyAddresses(entry).flatMap(({ value, key }) => {
      const domain = domainOf(key) ?? '';
      if (!isReserved(domain)) return [];
      const message = HYBRID.test(domain)
        ? `${quote(value)} is the routing address of an Exchange hybrid: leave it there. Without a hybrid the cloud drops it.`
        : `${quote(value)} is in a domain of Microsoft’s own: the cloud drops it and gives out its own. It can be removed.`;
      return [{ error: 'DomainPart', value, message }];
    }),
};
