import { domainOfDn } from '../../ldap/format/dn.js';
import { texts } from '../../ldap/format/values.js';
import type { DirectoryRule } from '../../model/rule.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** Account names in different domains. Within one, Active Directory itself keeps them apart. */
export const duplicateAccountName: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-account-name',
    title: 'An account name that is used in several domains',
    why: 'Microsoft asks for a sAMAccountName that is unique over everything that is synchronised. A domain sees to that for its own accounts; between domains and forests nobody does. Which error a second one causes is not documented.',
    remedy:
      'See whether the accounts belong to one person or purpose. If not, and one of the users has no userPrincipalName, set it. Groups of one name can stay as they are.',
    severity: 'warning',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group'],
    facts: ['SAM-3', 'X-11'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).map((value) => ({ key: value.trim().toLowerCase(), value })),
  plainKeyAt: () => 0,
  holderOf: ({ dn }) => domainOfDn(dn),
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      consequence:
        'Microsoft wants the names of accounts unique over all domains; the Entra error for a second one is not documented.',
      advice:
        holder.entry.kind === 'group'
          ? 'The group arrives all the same.'
          : 'Make sure that each user has a userPrincipalName of its own, or rename one.',
    }),
};
