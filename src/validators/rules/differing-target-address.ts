import { texts } from '../../ldap/format/values.js';
import { addressKey, domainOf, isSmtp } from '../../mail/address.js';
import { isForwarded } from '../../mail/forwarding.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** A hybrid writes the routing address of a remote mailbox; mail would then be delivered in a circle. */
const ROUTING = /\.onmicrosoft\.com$/i;

/** A targetAddress that is not the mail address of its contact or user: what IdFix's manual calls MailMatch. */
export const differingTargetAddress: EntryRule<undefined> = {
  meta: {
    id: 'differing-target-address',
    title: 'A targetAddress that differs from mail',
    why: 'The manual of IdFix asks dedicated tenants for a targetAddress equal to mail, on contacts and on users without a mailbox of their own. Where they differ, what is sent to the entry goes to another address than the one that people see.',
    remedy:
      'Decide which of the two addresses is right; SMTP: and the value of mail is the proposal. Leave the routing address of a remote mailbox as it is.',
    severity: 'warning',
    fix: 'review',
    errors: ['MailMatch'],
    reads: ['mail', 'homeMDB'],
    absence: ['homeMDB'],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'contact'],
    facts: ['TGT-6'],
  },
  check: ({ entry, attribute }) => {
    const mail = texts(entry, 'mail').filter((value) => value.trim() !== '');
    if (mail.length === 0 || !isForwarded(entry)) return [];
    const wanted = new Set(mail.map((value) => `smtp:${addressKey(value)}`));
    return texts(entry, attribute)
      .filter((value) => value.trim() !== '' && !wanted.has(keyOf(value)))
      .map((value) => ({
        error: 'MailMatch',
        value,
        message: `${quote(value)} is not the mail address of the entry: what is sent to that goes elsewhere. Make the two equal, unless this is the routing address of a remote mailbox.`,
      }));
  },
  fix: (value, { entry }) => {
    const [mail, ...others] = texts(entry, 'mail').map((text) => text.trim());
    if (value === undefined || !mail || others.length > 0) return undefined;
    const isOtherType = value.includes(':') && !isSmtp(value);
    if (isOtherType || ROUTING.test(domainOf(value)?.trim() ?? '')) return undefined;
    return { value: `SMTP:${mail}` };
  },
};

/** Prefix and address compared as the cloud compares addresses. */
function keyOf(value: string): string {
  return isSmtp(value) ? `smtp:${addressKey(value.slice('smtp:'.length))}` : addressKey(value);
}
