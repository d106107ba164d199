import { texts } from '../../ldap/format/values.js';
import { proposedAlias } from '../../mail/implied-alias.js';
import type { Entry } from '../../model/entry.js';
import type { EntryRule } from '../../model/rule.js';

/** The Exchange attributes of an entry that stay behind without an alias. */
function lostAttributes(entry: Entry): readonly string[] {
  const hidden = texts(entry, 'msExchHideFromAddressLists').some((v) => v.toUpperCase() === 'TRUE');
  const lost: string[] = [];
  if (hidden) lost.push('msExchHideFromAddressLists');
  if (entry.values('targetAddress').length > 0) lost.push('targetAddress');
  return lost;
}

/** Opens the gate of the Exchange attributes of a user: without an alias Connect ignores them. */
export const missingMailNickname: EntryRule<undefined> = {
  meta: {
    id: 'missing-mail-nickname',
    title: 'Exchange attributes without an alias',
    why: 'Connect carries the Exchange attributes of a user only beside a mailNickname. Without one, a user who is hidden from address lists is visible in the cloud, and a targetAddress does not arrive. No error tells of it. Contacts and groups have no such gate.',
    remedy:
      'Give the user a mailNickname, mostly the local part of the address, or take the other attributes away.',
    severity: 'warning',
    fix: 'review',
    errors: ['Blank'],
    reads: [
      'msExchHideFromAddressLists',
      'targetAddress',
      'proxyAddresses',
      'mail',
      'userPrincipalName',
    ],
    absence: ['mailNickname'],
    when: 'missing',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['NICK-9', 'NICK-10', 'HID-1', 'TGT-5'],
  },
  check: ({ entry, attribute }) => {
    const values = entry.values(attribute);
    if (values.some((value) => value.length > 0)) return [];
    const lost = lostAttributes(entry);
    if (lost.length === 0) return [];
    const message = `This user has no ${attribute}: without one ${lost.join(' and ')} does not reach the cloud. Set ${attribute}.`;
    return [{ error: 'Blank', value: values[0], message }];
  },
  fix: (value, subject) => {
    const alias = proposedAlias(subject);
    if (value?.trim() || !alias) return undefined;
    return { value: alias };
  },
};
