import { texts } from '../ldap/attributes.js';
import type { Entry, Standing } from '../model.js';

/** Attributes that speak for an entry when it is decided who keeps a shared value. */
export const STANDING_ATTRIBUTES: readonly string[] = [
  'homeMDB',
  'msExchMailboxGuid',
  'userAccountControl',
  'whenCreated',
];

/** userAccountControl: the account is disabled (fact UAC-1). */
const DISABLED = 0x2;

/** Whether an entry has a mailbox, is enabled, and since when it exists. */
export function standingOf(entry: Entry): Standing {
  const control = Number(texts(entry, 'userAccountControl')[0] ?? 0);
  return {
    mailbox: entry.values('homeMDB').length > 0 || entry.values('msExchMailboxGuid').length > 0,
    enabled: (control & DISABLED) === 0,
    created: texts(entry, 'whenCreated')[0] ?? '',
  };
}
