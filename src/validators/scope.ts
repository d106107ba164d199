import { texts } from '../ldap/attributes.js';
import type { Entry } from '../model.js';

/** Attributes that decide whether an entry takes part in synchronisation. */
export const SCOPE_ATTRIBUTES: readonly string[] = ['isCriticalSystemObject'];

/** The marker that replication puts into the name of the loser of a naming conflict, as LDAP spells it. */
const CONFLICT = /\\0ACNF:/i;

/**
 * Why an entry will not be synchronised at all, or undefined when it will be. Such an entry is counted, not judged,
 * and does not compete for addresses.
 */
export function skipReason(entry: Entry): string | undefined {
  if (entry.kind === 'other' || entry.kind === 'computer') return 'not a user, group or contact';
  if (CONFLICT.test(entry.dn)) return 'replication conflict';
  if (texts(entry, 'isCriticalSystemObject').some((value) => value.toUpperCase() === 'TRUE'))
    return 'critical system object';
  return undefined;
}
