import { texts } from '../ldap/attributes.js';
import type { Entry, EntryRule } from '../model.js';
import { isSmtp } from './shared/address.js';

/** Mail-enabled as the sync rules see a group: an SMTP address, or mail where there is no address at all. */
function isMailEnabled(entry: Entry): boolean {
  const addresses = texts(entry, 'proxyAddresses');
  if (addresses.length > 0) return addresses.some(isSmtp);
  return texts(entry, 'mail').some((mail) => mail.trim() !== '');
}

/** A mail-enabled group without a display name: it is left out of the sync. */
export const blankValue: EntryRule<undefined> = {
  meta: {
    id: 'blank-value',
    title: 'A mail-enabled group without a display name',
    why: 'A group that has a mail address but no displayName, or one of blanks only, is not synchronised.',
    remedy: 'Give the group a displayName; its common name (cn) is the proposal.',
    severity: 'error',
    fix: 'safe',
    errors: ['Blank'],
    reads: ['cn', 'mail', 'proxyAddresses'],
    kinds: ['group'],
    facts: ['DSP-1', 'DSP-3'],
  },
  check: ({ entry, attribute }) => {
    if (!isMailEnabled(entry)) return [];
    const values = entry.values(attribute);
    if (values.some((value) => typeof value !== 'string' || value.trim() !== '')) return [];
    const message = `This mail-enabled group has no ${attribute}: it will not be synchronised. Give it one.`;
    return [{ error: 'Blank', value: values[0], message }];
  },
  fix: (_value, { entry }) => {
    const name = texts(entry, 'cn')[0]?.trim();
    return name ? { value: name } : undefined;
  },
};
