import { hash } from 'node:crypto';
import { identityOf } from '../../ldap/format/dn.js';
import type { EntryRef, Value } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { PooledKey } from '../../model/rule.js';

/** Id of a faulty value: the same in every scan while the entry keeps its identity and the value stands. */
export function valueId(entry: EntryRef, attribute: string, value: Value | undefined): string {
  const prefix = `${identityOf(entry)}\0${attribute.toLowerCase()}\0`;
  const isBytes = typeof value === 'object';
  const text = isBytes ? Buffer.concat([Buffer.from(`${prefix}=`), value]) : textOf(prefix, value);
  return hash('sha256', text, 'hex').slice(0, 12);
}

function textOf(prefix: string, value: string | undefined): string {
  return value === undefined ? prefix : `${prefix}=${value}`;
}

/** A unique value as the key of a map. */
export function keyText({ pool, key }: PooledKey): string {
  return `${pool}\0${key}`;
}

/** The id under which a proposal for the value of a finding stands. */
export function findingId({ entry, attribute, value }: Finding): string {
  return valueId(entry, attribute, value);
}
