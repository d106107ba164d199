import { texts } from '../../ldap/format/values.js';
import { addressKey } from '../../mail/address.js';
import { keptPrimary, whenRepaired } from '../../mail/proxy-addresses.js';
import type { EntryRule, Settings } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { fitsSignIn, withoutUnfit } from '../rule-parts/sign-in-name.js';

/** A sign-in name that is not the mail address of its user. */
export const differingSignInName: EntryRule<undefined> = {
  meta: {
    id: 'differing-sign-in-name',
    title: 'A sign-in name that is not the mail address',
    why: 'Users sign in to Microsoft 365 with their userPrincipalName, which looks like a mail address. Where it is not theirs, they mix up the two.',
    remedy:
      'Make the sign-in name equal to the primary mail address when there is an occasion for it. Users must be told before.',
    severity: 'info',
    fix: 'none',
    errors: ['MailMatch'],
    reads: ['mail', 'proxyAddresses'],
    // Without proxyAddresses the primary address is taken from mail, which is only right if there are none.
    absence: ['proxyAddresses'],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['UPN-6', 'UPN-14', 'UPN-16'],
  },
  check: (subject) => {
    const { entry, attribute, settings } = subject;
    const [name] = texts(entry, attribute);
    const mail = attribute === 'mail' ? undefined : texts(entry, 'mail')[0]?.trim();
    const address = keptPrimary(subject)?.address ?? mail;
    if (!name?.trim() || !address || name === address) return [];
    const wanted = asSignInName(address, settings);
    if (wanted === undefined || asSignInName(name, settings) === wanted) return [];
    const message = `${quote(name)} is not the mail address ${quote(address)}: users mix up the two. Make them equal when you can.`;
    return [{ error: 'MailMatch', value: name, message }];
  },
};

/** The sign-in name nearest to an address; undefined where it is too long to be one: there the two cannot be equal. */
function asSignInName(address: string, settings: Settings): string | undefined {
  const repaired = whenRepaired(addressKey(address), settings);
  return fitsSignIn(repaired) ? withoutUnfit(repaired) : undefined;
}
