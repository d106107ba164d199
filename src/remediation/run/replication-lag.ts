import type { EntryWriter } from '../../model/change.js';
import type { JournalHeader } from './journal.js';

/**
 * Why values that are as before say nothing of a run: what one controller carried out reaches the others minutes later.
 * Undefined where the controller is the one that carried it out, or nobody knows.
 */
export function replicationLag(
  { host: then }: Pick<JournalHeader, 'host'>,
  { host: now }: Pick<EntryWriter, 'host'>,
): string | undefined {
  if (then === undefined || now === undefined || then.toLowerCase() === now.toLowerCase())
    return undefined;
  return `${now} shows what was there before, and may not know yet what was written through ${then}: name ${then} in the URL`;
}
