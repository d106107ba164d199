import type { Edit, EntryWriter, Outcome } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { createEntry, identifiedAs } from '../entry/entry.js';
import { normaliseDn } from '../format/dn.js';
import { mayMatch } from '../format/may-match.js';
import { matchesValue, sameValues } from '../format/values.js';
import { isReplaced } from '../format/whole-attribute.js';

type Change = Pick<Edit, 'attribute' | 'before' | 'after'>;

/** A directory in memory: what apply would leave behind can be looked at. */
export interface MemoryDirectory extends EntryWriter {
  /** All entries as they are now, in the order in which they were given. */
  entries(): readonly Entry[];
}

/**
 * A writer over entries in memory that refuses what Active Directory refuses: a modify is carried
 * out whole or not at all, a value to delete must be there and a value to add must not. As some directory
 * may, it deletes the first value that it can take for the one to delete.
 */
export function memoryDirectory(entries: readonly Entry[]): MemoryDirectory {
  const byDn = new Map(entries.map((entry) => [normaliseDn(entry.dn), entry]));
  const dnOfGuid = new Map<string, string>();
  for (const [dn, { guid }] of byDn) if (guid !== undefined) dnOfGuid.set(guid.toLowerCase(), dn);

  return {
    name: 'memory',
    entries: () => [...byDn.values()],
    async read(ref, attributes) {
      const key = dnOfGuid.get(ref.guid?.toLowerCase() ?? '') ?? normaliseDn(ref.dn);
      const entry = byDn.get(key);
      return entry && select(entry, attributes);
    },
    async modify(dn, edits) {
      const key = normaliseDn(dn);
      const entry = byDn.get(key);
      if (!entry) return stale(`noSuchObject (32): there is no entry ${printable(dn)}`);
      const changed = change(entry, edits);
      if (typeof changed === 'string') return stale(changed);
      byDn.set(key, changed);
      return { state: 'applied', reason: '' };
    },
  };
}

function stale(reason: string): Outcome {
  return { state: 'stale', reason };
}

/** An entry with no more than the attributes asked for, as a search returns it. */
function select(entry: Entry, attributes: readonly string[]): Entry {
  const wanted = new Set(attributes.map((name) => name.toLowerCase()));
  const names = entry.attributes.filter((name) => wanted.has(name.toLowerCase()));
  const part = createEntry(
    entry.dn,
    names.map((name) => [name, entry.values(name)]),
  );
  return identifiedAs(part, entry);
}

/** The entry after all edits, or the reason why one of them is impossible. */
function change(entry: Entry, edits: readonly Edit[]): Entry | string {
  const byName = new Map<string, readonly [name: string, values: readonly Value[]]>();
  for (const name of entry.attributes) byName.set(name.toLowerCase(), [name, entry.values(name)]);
  for (const key of new Set(edits.map(({ attribute }) => attribute.toLowerCase()))) {
    const own = edits.filter(({ attribute }) => attribute.toLowerCase() === key);
    const [name, held] = byName.get(key) ?? [own[0]?.attribute ?? key, []];
    const values = isReplaced(own) ? replaced(held, own) : swap(held, joined(own));
    if (typeof values === 'string') return values;
    byName.set(key, [name, values]);
  }
  return createEntry(entry.dn, byName.values());
}

function replaced(held: readonly Value[], edits: readonly Edit[]): readonly Value[] | string {
  const whole = edits.find((edit) => edit.whole)?.whole;
  if (whole && sameValues(held, whole.before)) return whole.after;
  return 'the attribute does not hold the same values any more';
}

/** The deletes of a request come before its adds. */
function joined(edits: readonly Edit[]): Change {
  return {
    attribute: edits[0]?.attribute ?? '',
    before: edits.flatMap(({ before }) => before),
    after: edits.flatMap(({ after }) => after),
  };
}

function swap(held: readonly Value[], edit: Change): readonly Value[] | string {
  const values = [...held];
  for (const value of edit.before) {
    const index = values.findIndex((other) => mayMatch(other, value));
    if (index < 0) return `noSuchAttribute (16): ${edit.attribute} does not hold the old value`;
    values.splice(index, 1);
  }
  for (const value of edit.after) {
    if (values.some((other) => matchesValue(other, value))) {
      return `attributeOrValueExists (20): ${edit.attribute} holds the new value already`;
    }
    values.push(value);
  }
  return values;
}
