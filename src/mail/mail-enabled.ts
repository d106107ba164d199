import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import { isSmtp } from './address.js';

/** Mail-enabled as the sync rules see a group: an SMTP address, or mail where there is no address at all. */
export function isMailEnabled(entry: Entry): boolean {
  const addresses = texts(entry, 'proxyAddresses');
  if (addresses.length > 0) return addresses.some(isSmtp);
  return texts(entry, 'mail').some((mail) => mail.trim() !== '');
}
