import { texts } from '../../ldap/format/values.js';
import type { DirectoryRule } from '../../model/rule.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** Aliases are compared over all domains: the cloud makes of each an address at the one initial domain. */
export const duplicateMailNickname: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-mail-nickname',
    title: 'An alias that several entries hold',
    why: 'The alias becomes an address at the tenant’s onmicrosoft.com domain, so Microsoft asks for a mailNickname that no other entry has. Entries that share one do arrive, but the later one gets another address there, with four random digits.',
    remedy: 'Give each entry a mailNickname of its own, mostly the local part of its address.',
    severity: 'warning',
    fix: 'review',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['NICK-7', 'X-7', 'X-13'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) =>
      value.trim() === '' ? [] : [{ key: value.toLowerCase(), value }],
    ),
  plainKeyAt: () => 0,
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      consequence:
        'No Entra error follows, but the later entry gets four random digits in its onmicrosoft.com address.',
      advice: 'Give each entry an alias of its own.',
    }),
};
