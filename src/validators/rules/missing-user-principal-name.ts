import { domainOfDn } from '../../ldap/format/dn.js';
import { texts } from '../../ldap/format/values.js';
import { isHostName, isRoutable } from '../../mail/domain-name.js';
import { keptPrimary } from '../../mail/proxy-addresses.js';
import type { Entry } from '../../model/entry.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { fitsSignIn, isSignInLocal } from '../rule-parts/sign-in-name.js';

/** A user without the attribute that becomes the sign-in name. */
export const missingUserPrincipalName: EntryRule<undefined> = {
  meta: {
    id: 'missing-user-principal-name',
    title: 'A user without a sign-in name',
    why: 'Where userPrincipalName is absent (mail, with an alternate login ID), Connect makes a sign-in name of sAMAccountName and the DNS name of the domain: not the name that people know, and not a valid one where either part is not fit for it.',
    remedy:
      'Set the attribute. The primary mail address is the proposal, where the user has one; mail where not.',
    severity: 'warning',
    fix: 'review',
    errors: ['Blank'],
    reads: ['sAMAccountName', 'mail', 'proxyAddresses'],
    absence: ['userPrincipalName'],
    when: 'missing',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['UPN-2', 'UPN-3', 'UPN-5', 'UPN-8', 'UPN-10', 'UPN-12', 'UPN-16'],
  },
  check: ({ entry, attribute }) => {
    if (entry.values(attribute).length > 0) return [];
    const { outcome, isValid } = impliedName(entry);
    const message = `There is no ${attribute}: ${outcome}. Set ${attribute}.`;
    return [{ error: 'Blank', value: undefined, message, ...(!isValid && { severity: 'error' }) }];
  },
  fix: (_value, subject) => {
    const mail = texts(subject.entry, 'mail')[0]?.trim();
    const address = keptPrimary(subject)?.address ?? mail;
    return address ? { value: address } : undefined;
  },
};

/** The same where mail is the sign-in name (fact UPN-16): it stands on the absence of mail alone. */
export const missingLoginMail: EntryRule<undefined> = {
  ...missingUserPrincipalName,
  meta: { ...missingUserPrincipalName.meta, absence: ['mail'] },
};

/** The name that Connect makes in place of an absent one, as far as it can be told from the entry. */
function impliedName(entry: Entry): { readonly outcome: string; readonly isValid: boolean } {
  const [account] = texts(entry, 'sAMAccountName');
  const domain = domainOfDn(entry.dn);
  if (!account || domain === '')
    return { outcome: 'Connect makes one of sAMAccountName and the domain', isValid: true };
  const implied = `${account}@${domain}`;
  const name = quote(implied);
  if (!isSignInLocal(account) || !isHostName(domain) || !fitsSignIn(implied))
    return {
      outcome: `Connect makes ${name} of sAMAccountName and the domain, which the cloud refuses`,
      isValid: false,
    };
  const end = isRoutable(domain)
    ? ''
    : ', which is not on the internet, so the user signs in at onmicrosoft.com';
  return { outcome: `Connect makes ${name} of sAMAccountName and the domain${end}`, isValid: true };
}
