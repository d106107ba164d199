import { identityOf } from '../ldap/format/dn.js';
import { escapeFilterValue } from '../ldap/format/filter-text.js';
import type { EntryRef } from '../model/entry.js';
import type { Judge, PooledKey } from '../model/rule.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import type { Taken } from './answer.js';

/** The attributes that hold values of one pool, and the prefix that these have there. */
const POOL_ATTRIBUTES: Readonly<
  Record<string, readonly (readonly [attribute: string, prefix: string])[]>
> = {
  'duplicate-address': [
    ['userPrincipalName', ''],
    ['mail', ''],
    ['proxyAddresses', 'smtp:'],
  ],
  'duplicate-sip-address': [
    ['proxyAddresses', 'sip:'],
    ['msRTCSIP-PrimaryUserAddress', 'sip:'],
  ],
  'duplicate-typed-address': [
    ['proxyAddresses', 'x500:'],
    ['proxyAddresses', 'eum:'],
  ],
  'duplicate-target-address': [
    ['targetAddress', ''],
    ['targetAddress', 'smtp:'],
  ],
  'duplicate-mail-nickname': [['mailNickname', '']],
  'duplicate-account-name': [['sAMAccountName', '']],
};

/**
 * Asks a directory who else holds a value. The search is for its usual spellings, not for parts of values, so that an
 * index answers it; what is found is judged by the rules themselves.
 */
export async function directoryHolders(
  target: Target,
  judge: Pick<Judge, 'keys'>,
  keys: readonly PooledKey[],
  value: string,
  self: Pick<EntryRef, 'dn' | 'guid'>,
): Promise<readonly Taken[]> {
  const found: Taken[] = [];
  for (const pool of new Set(keys.map((one) => one.pool))) {
    const forms = POOL_ATTRIBUTES[pool] ?? [];
    if (forms.length === 0) continue;
    const attributes = [...new Set(forms.map(([attribute]) => attribute))];
    const entries = await target.find(filterFor(forms, keys, pool, value), attributes);
    const wanted = new Set(keys.filter((one) => one.pool === pool).map(({ key }) => key));
    for (const entry of entries.filter((one) => identityOf(one) !== identityOf(self))) {
      for (const attribute of attributes) {
        const own = judge.keys(entry, attribute);
        if (!own.some((one) => one.pool === pool && wanted.has(one.key))) continue;
        const { dn } = entry;
        found.push({ dn, attribute, value, by: 'stored', givesUp: false });
      }
    }
  }
  return found;
}

function filterFor(
  forms: readonly (readonly [attribute: string, prefix: string])[],
  keys: readonly PooledKey[],
  pool: string,
  value: string,
): string {
  const bare = value.trim().replace(/^[a-z]+:/i, '');
  const spellings = new Set([bare, ...keys.filter((one) => one.pool === pool).map(barest)]);
  const terms = forms.flatMap(([attribute, prefix]) =>
    [...spellings].map((text) => `(${attribute}=${escapeFilterValue(prefix + text)})`),
  );
  return `(|${terms.join('')})`;
}

function barest({ key }: PooledKey): string {
  return key.replace(/^[a-z]+:/i, '');
}
