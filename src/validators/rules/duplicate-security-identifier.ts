import { sidText } from '../../ldap/format/sid.js';
import type { DirectoryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';
import { MASTER_ACCOUNT, RECIPIENT_TYPE } from './linked-mailbox.js';

/** Groups of the BUILTIN domain: the same in every domain of the world, and never synchronised (fact SCOPE-26). */
const BUILTIN = /^S-1-5-32-/;

/** Security identifiers, from bytes or text: two domains that are copies of each other have the same ones. */
export const duplicateSecurityIdentifier: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-security-identifier',
    title: 'A security identifier that several entries hold',
    why: 'The cloud keeps objectSid as onPremisesSecurityIdentifier and gives it to one entry only. A second one fails (InvalidSoftMatch, or AttributeValueMustBeUnique, with that property named).',
    remedy:
      'objectSid cannot be changed. Equal ones come from copies of one domain: leave the copy out of the synchronisation.',
    severity: 'error',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [...MASTER_ACCOUNT.attributes, RECIPIENT_TYPE],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group'],
    facts: ['ANC-8', 'X-2', 'X-3', 'SCOPE-26'],
  },
  keys: ({ entry, attribute }) =>
    entry.values(attribute).flatMap((value) => {
      const key = sidText(value);
      return key === undefined || BUILTIN.test(key) ? [] : [{ key, value }];
    }),
  joinsBy: () => 'sid',
  references: MASTER_ACCOUNT,
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      shown: `The security identifier ${quote(sidText(holder.value) ?? holder.value)}`,
      consequence:
        'The cloud takes one of them and refuses the others (InvalidSoftMatch, property onPremisesSecurityIdentifier).',
      advice: 'It cannot be changed: leave the copies out of the synchronisation.',
    }),
};
