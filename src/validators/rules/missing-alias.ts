import { texts } from '../../ldap/format/values.js';
import { proposedAlias } from '../../mail/implied-alias.js';
import type { EntryRule } from '../../model/rule.js';

/** A contact or user that has mail but no alias. */
export const missingAlias: EntryRule<undefined> = {
  meta: {
    id: 'missing-alias',
    title: 'A contact or user with mail but without an alias',
    why: 'The manual of IdFix asks dedicated tenants for a mailNickname on every contact and user. Without one the cloud makes an alias of its own, and the Exchange attributes of a user stay behind.',
    remedy:
      'Give the entry a mailNickname; the alias that the cloud would choose, the part before the @ of its primary address, is the proposal.',
    severity: 'warning',
    fix: 'review',
    errors: ['Blank'],
    reads: ['mail', 'proxyAddresses', 'userPrincipalName'],
    absence: ['mailNickname'],
    when: 'missing',
    kinds: ['user', 'inetOrgPerson', 'contact'],
    facts: ['NICK-11', 'NICK-10', 'NICK-9'],
  },
  check: ({ entry, attribute }) => {
    if (!texts(entry, 'mail').some((mail) => mail.trim() !== '')) return [];
    const values = entry.values(attribute);
    if (values.some((value) => typeof value !== 'string' || value.trim() !== '')) return [];
    const behind =
      entry.kind === 'contact' ? '' : ', and the Exchange attributes of the user stay behind';
    const message = `This ${entry.kind} has mail but no ${attribute}: the cloud makes an alias of its own${behind}. Give it one.`;
    return [{ error: 'Blank', value: values[0], message }];
  },
  fix: (value, subject) => {
    const alias = proposedAlias(subject);
    if (value?.trim() || !alias) return undefined;
    return { value: alias };
  },
};
