import type { Subject } from '../model/rule.js';

/** What an address is to the cloud: the name a user signs in with, or what its attribute says. */
export type AddressRole = 'signIn' | 'mail' | 'proxyAddresses' | 'targetAddress';

/** The role of the attribute that is judged; mail is the sign-in name of people with an alternate login ID (UPN-16). */
export function roleOf({
  entry,
  attribute,
  settings,
}: Pick<Subject<unknown>, 'entry' | 'attribute' | 'settings'>): AddressRole {
  if (attribute === 'proxyAddresses' || attribute === 'targetAddress') return attribute;
  const signsIn = entry.kind === 'user' || entry.kind === 'inetOrgPerson';
  return attribute === 'mail' && !(settings.loginAttribute === 'mail' && signsIn)
    ? 'mail'
    : 'signIn';
}

/** Whether an address belongs to a mailbox elsewhere, as a rule: who changes it here sends mail to somebody else. */
export function isOutside({
  entry,
  attribute,
}: Pick<Subject<unknown>, 'entry' | 'attribute'>): boolean {
  return attribute === 'targetAddress' || entry.kind === 'contact';
}
