import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import { isBlank, trimUnseen } from '../text/characters.js';
import { isAscii } from '../text/letters.js';
import { asciiDomain } from './domain-name.js';

const SMTP = /^smtp:/i;

/** The prefix of any address type: it ends in a colon that comes before an `@`. */
const PREFIX = /^[^@:]*:/;

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
 * SMTP values of proxyAddresses and targetAddress; the latter may lack the prefix. Undefined where the value is an
 * address of another type.
 */
export function addressIn(attribute: string, value: string): string | undefined {
  if (attribute !== 'proxyAddresses' && attribute !== 'targetAddress') return value;
  if (isSmtp(value)) return value.slice('smtp:'.length);
  return attribute === 'targetAddress' && !PREFIX.test(value) ? value : undefined;
}

/** A mail address and the value it stands in. */
export interface Address {
  readonly value: string;
  /** The address without blanks and invisible characters around it. */
  readonly text: string;
  /** What comes before its last `@`; all of it where there is none. */
  readonly local: string;
  /** What comes after its last `@`; undefined where there is none. */
  readonly domain: string | undefined;
}

/** Reads the mail address in a value. Undefined for other address types, and where there is nothing to read. */
export function readAddress(attribute: string, value: string): Address | undefined {
  const address = addressIn(attribute, trimUnseen(value));
  if (address === undefined || isBlank(address)) return undefined;
  const text = trimUnseen(address);
  const domain = domainOf(text);
  const local = domain === undefined ? text : text.slice(0, -domain.length - 1);
  return { value, text, local, domain };
}

/** The mail addresses in the values of an attribute. */
export function addressesOf(entry: Entry, attribute: string): readonly Address[] {
  return texts(entry, attribute).flatMap((value) => readAddress(attribute, value) ?? []);
}

/** The value with another address in it; its prefix, and blanks around the address, are kept. */
export function withText({ value, text }: Address, newText: string): string {
  const at = value.lastIndexOf(text);
  return value.slice(0, at) + newText + value.slice(at + text.length);
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
  const at = isAscii(key) ? -1 : key.lastIndexOf('@');
  return at < 0 ? key : key.slice(0, at + 1) + asciiDomain(key.slice(at + 1));
}
