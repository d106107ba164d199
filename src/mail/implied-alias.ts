import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import { addressIn, isPrimary } from './address.js';
import { keptPrimary, type Owner } from './proxy-addresses.js';

/** An alias that nobody set, and the value that the cloud makes it of. */
export interface ImpliedAlias {
  readonly alias: string;
  readonly attribute: string;
  readonly value: string;
}

/** By which attributes a user without an alias gets one, the first that has a value (facts NICK-10, UPN-12). */
export const ALIAS_SOURCES: readonly string[] = [
  'proxyAddresses',
  'mail',
  'userPrincipalName',
  'sAMAccountName',
];

/**
 * The alias that the cloud makes for a user without one; undefined where there is nothing to make it of, or several
 * primary addresses compete.
 */
export function impliedAliasOf(entry: Entry): ImpliedAlias | undefined {
  for (const attribute of ALIAS_SOURCES) {
    const own = texts(entry, attribute);
    const [value, ...others] = attribute === 'proxyAddresses' ? own.filter(isPrimary) : own;
    if (value === undefined) continue;
    const address = addressIn(attribute, value) ?? '';
    // An account name is all of a name.
    const alias = localPart(address) ?? (attribute === 'sAMAccountName' ? address.trim() : '');
    return alias === '' || others.length > 0 ? undefined : { alias, attribute, value };
  }
  return undefined;
}

/**
 * What may be proposed as alias: the part before the `@` of the primary address, or of the one that stays it, else of the
 * one mail address; undefined where there is none.
 */
export function proposedAlias(owner: Owner): string | undefined {
  const mail = texts(owner.entry, 'mail');
  const address = keptPrimary(owner)?.address ?? (mail.length === 1 ? mail[0] : undefined) ?? '';
  return localPart(address) || undefined;
}

/** What stands before the last `@`; undefined where there is none. */
function localPart(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  return at < 0 ? undefined : address.slice(0, at).trim();
}
