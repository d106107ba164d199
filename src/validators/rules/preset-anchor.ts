import { formatGuid } from '../../ldap/format/guid.js';
import { encodeValue } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';

/**
 * An anchor that is not the user's own objectGUID. Only those are told of: where the two are equal, Connect itself
 * wrote the value, which is so for every user of a running installation and no news to anyone.
 */
export const presetAnchor: EntryRule<undefined> = {
  meta: {
    id: 'preset-anchor',
    title: 'An anchor that was set by something else than Connect',
    why: 'mS-DS-ConsistencyGuid is the usual anchor of users. Connect writes the user’s own objectGUID there; another value was put in by a migration or another program and ties the user to another account. The setup of Connect refuses the attribute as anchor while any entry holds a value. Since July 2026 an anchor finds no user of the cloud any more who holds or may take a privileged role, or who is tied to an entry already.',
    remedy:
      'After a migration this is as it should be, but for users whose account in the cloud is privileged or tied to another entry: take the role away, or clear onPremisesObjectIdentifier, until they are matched. Otherwise clear the attribute before Connect is set up, or let setup overrule its check.',
    severity: 'info',
    fix: 'none',
    errors: ['Format'],
    reads: [],
    absence: ['objectGUID'],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['ANC-4', 'ANC-3', 'ANC-6', 'ANC-10'],
  },
  check: ({ entry, attribute }) =>
    entry.values(attribute).flatMap((value) => {
      const anchor = formatGuid(encodeValue(value));
      if (anchor === undefined || entry.guid === undefined || anchor === entry.guid) return [];
      const message = `${attribute} is ${anchor}, not the objectGUID of this user: it was not set by Connect, whose setup may refuse it as anchor. It finds no account in the cloud that is privileged or tied to another entry (InvalidHardMatch, AttributeUpdateNotAllowed). Keep it if a migration set it.`;
      return [{ error: 'Format', value, message }];
    }),
};
