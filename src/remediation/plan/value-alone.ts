import { createEntry, withValues } from '../../ldap/entry/entry.js';
import type { Entry } from '../../model/entry.js';
import { lastRemembered } from '../../tables/memo.js';

/** The entry without the values of an attribute, made once: an entry with thousands of them is not copied for each. */
const basesOf = lastRemembered((_: Entry) => new Map<string, Entry>());

/** The entry as if it held one value of an attribute and no other. */
export function valueAlone(entry: Entry, attribute: string, value: string): Entry {
  const bases = basesOf(entry);
  const base = bases.get(attribute) ?? withoutValues(entry, attribute);
  bases.set(attribute, base);
  return withValues(base, attribute, [value]);
}

function withoutValues(entry: Entry, attribute: string): Entry {
  const others = entry.attributes.filter((name) => name.toLowerCase() !== attribute.toLowerCase());
  return createEntry(
    entry.dn,
    others.map((name) => [name, entry.values(name)]),
  );
}
