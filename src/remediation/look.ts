import { includesValue } from '../ldap/attributes.js';
import type { Edit, EntryWriter, Outcome, Value } from '../model.js';
import { readEntry, show } from './prepare.js';

/** How the values held compare with an edit: as it found them, as it left them, or neither. */
export type Stand = 'before' | 'after' | 'neither';

/** `filled`: an edit without old value is known to have found the attribute empty. */
export function standOf({ before, after }: Edit, held: readonly Value[], filled: boolean): Stand {
  const holds = (value: Value) => includesValue(held, value);
  const removed = before.filter((value) => !includesValue(after, value));
  const added = after.filter((value) => !includesValue(before, value));
  if (added.every(holds) && !removed.some(holds)) return 'after';
  if (!removed.every(holds) || added.some(holds)) return 'neither';
  return filled && before.length === 0 && held.length > 0 ? 'neither' : 'before';
}

/** The reason of an outcome that nobody was told of and that the directory shows. */
export const FOUND = 'found applied: the answer of the server had been lost';

/**
 * What became of a request whose answer is missing, by the values that its entry holds: applied,
 * not carried out (`before`), or unknown. Throws when the directory cannot be read.
 */
export async function lookUp(
  edits: readonly Edit[],
  writer: EntryWriter,
): Promise<Outcome | 'before'> {
  const entry = await readEntry(edits, writer);
  if (typeof entry === 'string')
    return { state: 'unknown', reason: `never answered, and ${entry}` };
  const stands = edits.map((edit) => standOf(edit, entry.values(edit.attribute), false));
  if (stands.every((stand) => stand === 'after')) return { state: 'applied', reason: FOUND };
  if (stands.every((stand) => stand === 'before')) return 'before';
  const odd = edits[Math.max(stands.indexOf('neither'), 0)];
  const held = odd ? `${odd.attribute} holds ${show(entry.values(odd.attribute))} now` : '';
  return { state: 'unknown', reason: `never answered, and ${held}: someone changed it since` };
}
