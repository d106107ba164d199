import { asciiDomain } from './domain-name.js';

const SMTP = /^smtp:/i;

/** Whether a proxyAddresses or targetAddress value is an SMTP address by its prefix (fact PRX-7). */
export function isSmtp(value: string): boolean {
  return SMTP.test(value);
}

/** Whether a proxyAddresses value is a primary address: its prefix is in upper case (fact PRX-11). */
export function isPrimary(value: string): boolean {
  return value.startsWith('SMTP:');
}

/**
 * The mail address that a value carries: all of it for userPrincipalName and mail, the part after the prefix for
 * SMTP values of proxyAddresses. Undefined where the value is an address of another type.
 */
export function addressIn(attribute: string, value: string): string | undefined {
  if (attribute !== 'proxyAddresses' && attribute !== 'targetAddress') return value;
  return isSmtp(value) ? value.slice('smtp:'.length) : undefined;
}

/** The same value with another address in it; a prefix is kept as it is. */
export function withAddress(value: string, oldAddress: string, newAddress: string): string {
  return value.slice(0, value.length - oldAddress.length) + newAddress;
}

/** The part after the last `@`, undefined where there is none. */
export function domainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at < 0 ? undefined : address.slice(at + 1);
}

/**
 * The key under which the cloud sees two addresses as one: without case (fact X-13), without surrounding blanks
 * (the default sync rules trim them, GEN-7), and with the domain in its ASCII form.
 */
export function addressKey(address: string): string {
  const key = address.trim().toLowerCase();
  const at = key.lastIndexOf('@');
  return at < 0 ? key : key.slice(0, at + 1) + asciiDomain(key.slice(at + 1));
}
