import { domainOf } from '../../mail/address.js';
import { readTyped } from '../../mail/address-type.js';
import { isRoutable } from '../../mail/domain-name.js';
import {
  isMail,
  nextPrimary,
  type ProxyAddress,
  primaryAddresses,
  proxyAddresses,
  readProxyAddress,
  whenRepaired,
} from '../../mail/proxy-addresses.js';
import type { EntryRule, Settings } from '../../model/rule.js';
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
    if (proxyAddresses(entry).length === 0 || primaryAddresses(entry).length > 0) return [];
    const next = nextPrimary(subject);
    return [{ error: 'Format', value: next?.value, message: messageFor(next, subject.settings) }];
  },
  fix: (value, { entry }) => {
    const own = value === undefined ? undefined : readProxyAddress(value);
    if (value === undefined || !own || readTyped(value)?.type !== 'smtp') return undefined;
    const promoted = value.replace(/smtp:/i, 'SMTP:');
    return isMail(own, entry) ? { value: promoted } : { value: promoted, safety: 'review' };
  },
};

/** What an administrator is told to mark: never an address at which no mail arrives. */
function messageFor(next: ProxyAddress | undefined, settings: Settings): string {
  if (next && isLive(next, settings))
    return `No address is marked as the primary one: the cloud chooses. Write ${quote(next.value)} with SMTP: in capitals.`;
  const why = next
    ? `and no mail can arrive at ${quote(next.value)}, which mail or userPrincipalName names`
    : 'and none is mail or userPrincipalName';
  return `No address is marked as the primary one, ${why}: the cloud chooses. Write one that works with SMTP: in capitals.`;
}

/** Whether the cloud can deliver mail at an address, or could once it is repaired (facts UPN-10, PRX-10). */
function isLive({ key }: ProxyAddress, settings: Settings): boolean {
  const domain = domainOf(whenRepaired(key, settings)) ?? '';
  return isRoutable(domain) && (settings.verifiedDomains?.has(domain) ?? true);
}
