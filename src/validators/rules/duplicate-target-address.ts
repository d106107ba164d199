import { texts } from '../../ldap/format/values.js';
import { addressIn, addressKey } from '../../mail/address.js';
import type { DirectoryRule } from '../../model/rule.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** Forwarding addresses are compared with one another only: nothing is known of a clash with other attributes. */
export const duplicateTargetAddress: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-target-address',
    title: 'A forwarding address that several entries hold',
    why: 'Microsoft asks for a targetAddress that no other entry has, and lets the later entry fail where a value that must be unique is held twice. Entries that forward to one outside mailbox are nevertheless common and seen to sync, so this is a warning.',
    remedy:
      'Check that the entries are meant to forward to one mailbox. If they stand for one person, keep one of them.',
    severity: 'warning',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'contact'],
    facts: ['TGT-4', 'X-6', 'GEN-2'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const key = addressKey(addressIn(attribute, value) ?? value);
      return key === '' ? [] : [{ key, value }];
    }),
  plainKeyAt: () => 'smtp:'.length,
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      consequence:
        'Microsoft wants it unique: the later entry may fail to sync (which Entra error it would be is not documented).',
      advice: 'Check that they are meant to share one mailbox, or else change the others.',
    }),
};
