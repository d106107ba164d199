import { texts } from '../../ldap/format/values.js';
import { isMailEnabled } from '../../mail/mail-enabled.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank } from '../../text/characters.js';

/** A group without a display name: the sync rules of today put its common name in its place. */
export const missingDisplayName: EntryRule<undefined> = {
  meta: {
    id: 'missing-display-name',
    title: 'A group without a display name',
    why: 'A group that has a mail address but no displayName, or one of blanks only, arrives under its common name (cn), which nobody chose for an address list. Older versions of the sync left such a group out. In a group without mail the blanks take the place of a name.',
    remedy: 'Give the group a displayName; its common name (cn) is the proposal.',
    severity: 'warning',
    fix: 'safe',
    errors: ['Blank'],
    reads: ['cn', 'mail', 'proxyAddresses'],
    absence: ['displayName'],
    when: 'missing',
    kinds: ['group'],
    facts: ['DSP-1', 'DSP-3', 'CN-1', 'SCOPE-24'],
  },
  check: ({ entry, attribute }) => {
    const values = entry.values(attribute);
    if (values.some((value) => typeof value !== 'string' || !isBlank(value))) return [];
    const value = values[0];
    const holds =
      value === undefined ? `has no ${attribute}` : `has nothing but blanks in ${attribute}`;
    if (isMailEnabled(entry)) {
      const message = `This mail-enabled group ${holds}: address lists in the cloud show its common name instead. Give it a name.`;
      return [{ error: 'Blank', value, message }];
    }
    if (value === undefined) return [];
    const message = `This group ${holds}: nobody can find it by its name. Give it one.`;
    return [{ error: 'Blank', value, message }];
  },
  fix: (_value, { entry }) => {
    const name = texts(entry, 'cn')[0]?.trim();
    return name ? { value: name } : undefined;
  },
};
