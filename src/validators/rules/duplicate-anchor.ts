import { formatGuid } from '../../ldap/format/guid.js';
import { encodeValue } from '../../ldap/format/values.js';
import type { Value } from '../../model/entry.js';
import type { DirectoryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { duplicateMessage } from '../rule-parts/duplicate-message.js';

/** The form in which the cloud shows an anchor (onPremisesImmutableId). */
const base64 = (value: Value) => Buffer.from(encodeValue(value)).toString('base64');

/** What Connect makes the anchor of a user, unless the user has another one (facts ANC-6, ANC-9). */
const OWN = 'objectGUID';

/**
 * Anchors are compared to the byte, in them alone case counts (fact X-13), and as they will be: where an anchor was
 * carried over, the account that it came from has it by its objectGUID. That it carries no anchor itself need not be
 * known: what Connect writes there is this very value.
 */
export const duplicateAnchor: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-anchor',
    title: 'An anchor that several users hold',
    why: 'mS-DS-ConsistencyGuid, or objectGUID where it is empty, ties a user to one account in the cloud for good. Of two users with the same anchor only one can sync; the other fails (InvalidSoftMatch).',
    remedy:
      'Find out which user the account in the cloud belongs to, and clear the attribute on the other before it is synchronised. Copies of accounts and migration tools are the usual cause.',
    severity: 'error',
    fix: 'none',
    errors: ['Duplicate'],
    reads: ['mS-DS-ConsistencyGuid'],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['ANC-5', 'ANC-9', 'ANC-3', 'X-2', 'X-13'],
  },
  keys: ({ entry, attribute }) =>
    attribute === OWN && entry.values('mS-DS-ConsistencyGuid').length > 0
      ? []
      : entry
          .values(attribute)
          .flatMap((value) => (value.length === 0 ? [] : [{ key: base64(value), value }])),
  unsaid: {
    attribute: OWN,
    identityOf: (key) => formatGuid(Buffer.from(key, 'base64')),
  },
  joinsBy: () => 'anchor',
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      shown: `The anchor ${quote(base64(holder.value))}`,
      consequence: 'Two users cannot be one account: only one of them syncs (InvalidSoftMatch).',
      advice:
        holder.attribute === OWN
          ? 'It is the objectGUID of this user, and another user carries it: keep one of the two out of the sync.'
          : 'Find out whose account it is and clear the attribute on the others.',
    }),
};
