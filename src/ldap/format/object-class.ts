import type { EntryKind } from '../../model/entry.js';

/** What one objectClass value says of the kind: the further behind, the more special. */
const CLASSES = [
  'other',
  'inetorgperson',
  'user',
  'contact',
  'group',
  'publicfolder',
  'computer',
] as const;

export type ObjectClass = (typeof CLASSES)[number];

/** Every kind that an entry can be. */
export const ENTRY_KINDS: readonly EntryKind[] = CLASSES.map(kindOfClass);

/** What an objectClass value, in any case, says of the kind. */
export function classOf(name: string): ObjectClass {
  const lower = name.toLowerCase();
  return CLASSES.find((one) => one === lower) ?? 'other';
}

/** Of two objectClass values the one that decides on the kind: the more special one, of two kinds of person the last. */
export function graver(before: ObjectClass, one: ObjectClass): ObjectClass {
  const areBothPersons = isPerson(before) && isPerson(one);
  return areBothPersons || CLASSES.indexOf(one) > CLASSES.indexOf(before) ? one : before;
}

function isPerson(one: ObjectClass): boolean {
  return one === 'user' || one === 'inetorgperson';
}

/** The kind of an entry from the class that decides. */
export function kindOfClass(one: ObjectClass): EntryKind {
  if (one === 'inetorgperson') return 'inetOrgPerson';
  return one === 'publicfolder' ? 'publicFolder' : one;
}
