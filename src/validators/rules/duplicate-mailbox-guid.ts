import { formatGuid } from '../../ldap/format/guid.js';
import { encodeValue } from '../../ldap/format/values.js';
import type { Value } from '../../model/entry.js';
import type { DirectoryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** What stands where there is no mailbox. */
const NONE = '00000000-0000-0000-0000-000000000000';

const guidOf = (value: Value) => formatGuid(encodeValue(value));

/** Mailboxes are compared with mailboxes, archives with archives. */
export const duplicateMailboxGuid: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-mailbox-guid',
    title: 'A mailbox or archive that several users hold',
    why: 'msExchMailboxGuid and msExchArchiveGUID say which mailbox and which archive are a user’s own. Where two users carry the same one, Exchange Online refuses the second: it has no mailbox there, or cannot be moved.',
    remedy:
      'Find out whose mailbox it is and clear the attribute on the other users. Copies of accounts and migration tools are the usual cause.',
    severity: 'warning',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['X-19', 'NICK-9'],
  },
  keys: ({ entry, attribute }) =>
    entry.values(attribute).flatMap((value) => {
      const guid = guidOf(value);
      return guid === undefined || guid === NONE ? [] : [{ key: `${attribute} ${guid}`, value }];
    }),
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      shown: `The ${holder.attribute} ${quote(guidOf(holder.value) ?? holder.value)}`,
      consequence: 'Exchange Online gives a mailbox to one user only and refuses the others.',
      advice: 'Find out whose it is and clear the attribute on the others.',
    }),
};
