import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import { addressIn, isPrimary } from './address.js';

/**
 * The alias that the cloud would choose for an entry without one: the part before the `@` of its primary SMTP address,
 * else of mail (fact NICK-10); undefined where there is none or several primary addresses compete.
 */
export function impliedAlias(entry: Entry): string | undefined {
  const address = primaryAddress(entry) ?? '';
  const at = address.lastIndexOf('@');
  return (at < 0 ? '' : address.slice(0, at).trim()) || undefined;
}

function primaryAddress(entry: Entry): string | undefined {
  const primary = texts(entry, 'proxyAddresses').filter(isPrimary);
  const [address, ...others] = primary.length > 0 ? primary : texts(entry, 'mail');
  if (address === undefined || others.length > 0) return undefined;
  return primary.length > 0 ? addressIn('proxyAddresses', address) : address;
}
