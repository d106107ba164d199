import { texts } from '../../ldap/format/values.js';
import { LEGACY_TYPES, readTyped } from '../../mail/address-type.js';
import type { DirectoryRule } from '../../model/rule.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** Types that other rules compare, and those that the cloud drops, where nothing can clash. */
const ELSEWHERE: ReadonlySet<string> = new Set(['smtp', 'sip', ...LEGACY_TYPES]);

/** X500, EUM and other addresses: each is compared with those of its own type. */
export const duplicateTypedAddress: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-typed-address',
    title: 'An X500 or EUM address that several entries hold',
    why: 'Microsoft asks for values of proxyAddresses that no other entry has, whatever their type. What softens a clash of mail addresses does not cover other types, so the later entry may fail to sync, and replies to old mail reach one of the two only.',
    remedy:
      'Decide whose address it is and remove it from the other entries. Copied mailboxes and imports are the usual cause.',
    severity: 'warning',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact', 'publicFolder'],
    facts: ['X-18', 'PF-1', 'X-14', 'PRX-9', 'X-13'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const { type = 'smtp', rest = '' } = readTyped(value) ?? {};
      const address = rest.trim().toLowerCase();
      return ELSEWHERE.has(type) || address === '' ? [] : [{ key: `${type}:${address}`, value }];
    }),
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      consequence:
        'Microsoft wants it unique whatever its type: the later entry may fail to sync (AttributeValueMustBeUnique).',
      advice: 'Decide whose it is and remove it from the others.',
    }),
};
