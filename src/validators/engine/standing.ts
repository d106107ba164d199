import { texts } from '../../ldap/format/values.js';
import { primaryAddresses } from '../../mail/proxy-addresses.js';
import type { Entry } from '../../model/entry.js';
import type { Settings, Standing } from '../../model/rule.js';

/** Attributes that speak for an entry when it is decided who keeps a shared value. */
export const STANDING_ATTRIBUTES: readonly string[] = [
  'homeMDB',
  'msExchMailboxGuid',
  'userAccountControl',
  'whenCreated',
  'proxyAddresses',
  'mail',
];

/** userAccountControl: the account is disabled (fact UAC-1). */
const DISABLED = 0x2;

/** Whether an entry has a mailbox, is enabled, since when it exists, and under which address it sends. */
export function standingOf(
  entry: Entry,
  { loginAttribute }: Pick<Settings, 'loginAttribute'>,
): Standing {
  const [control] = texts(entry, 'userAccountControl');
  const [primary, another] = primaryAddresses(entry);
  const [mail, ...further] = texts(entry, 'mail');
  return {
    mailbox: entry.values('homeMDB').length > 0 || entry.values('msExchMailboxGuid').length > 0,
    enabled: control === undefined ? undefined : (Number(control) & DISABLED) === 0,
    created: texts(entry, 'whenCreated')[0] ?? '',
    primary: another || loginAttribute === 'mail' ? undefined : primary?.value,
    mail: further.length > 0 || loginAttribute === 'mail' ? undefined : mail,
  };
}
