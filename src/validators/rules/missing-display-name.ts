import { texts } from '../../ldap/format/values.js';
import { isMailEnabled } from '../../mail/mail-enabled.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank } from '../../text/characters.js';

/** A group without a display name: with mail it is left out of the sync. */
export const missingDisplayName: EntryRule<undefined> = {
  meta: {
    id: 'missing-display-name',
    title: 'A group without a display name',
    why: 'A group that has a mail address but no displayName, or one of blanks only, is not synchronised. In a group without mail the blanks take the place of a name.',
    remedy: 'Give the group a displayName; its common name (cn) is the proposal.',
    severity: 'error',
    fix: 'safe',
    errors: ['Blank'],
    reads: ['cn', 'mail', 'proxyAddresses'],
    absence: ['displayName'],
    when: 'missing',
    kinds: ['group'],
    facts: ['DSP-1', 'DSP-3'],
  },
  check: ({ entry, attribute }) => {
    const values = entry.values(attribute);
    if (values.some((value) => typeof value !== 'string' || !isBlank(value))) return [];
    const value = values[0];
    const holds =
      value === undefined ? `has no ${attribute}` : `has nothing but blanks in ${attribute}`;
    if (isMailEnabled(entry)) {
      const message = `This mail-enabled group ${holds}: it will not be synchronised. Give it a name.`;
      return [{ error: 'Blank', value, message }];
    }
    if (value === undefined) return [];
    const message = `This group ${holds}: nobody can find it by its name. Give it one.`;
    return [{ error: 'Blank', value, message, severity: 'warning' }];
  },
  fix: (_value, { entry }) => {
    const name = texts(entry, 'cn')[0]?.trim();
    return name ? { value: name } : undefined;
  },
};
