import { normaliseDn } from '../ldap/format/dn.js';
import { formatAttribute } from '../ldap/format/ldif.js';
import { sameValue } from '../ldap/format/values.js';
import type { Edit } from '../model/change.js';
import type { Value } from '../model/entry.js';

/** What one change record does to one attribute. */
interface Change {
  readonly attribute: string;
  readonly before: Value[];
  readonly after: Value[];
}

interface EntryChanges {
  readonly dn: string;
  readonly changes: Map<string, Change>;
}

/**
 * Edits as LDIF change records (RFC 2849) for ldapmodify or ldifde: one record per entry, which
 * deletes the exact old values and adds the new ones, so that a value that moved on is refused. Give it no edit of a
 * value that a directory may take for another one of its attribute: only apply can write that.
 * Each piece is one whole record with the blank line that ends it; ldifde wants it after the
 * last one too.
 */
export function* changeRecords(edits: readonly Edit[]): Generator<string> {
  for (const { dn, changes } of byEntry(edits).values()) {
    const modifications = [...changes.values()].flatMap(modificationLines);
    if (modifications.length === 0) continue;
    const head = [formatAttribute('dn', dn), formatAttribute('changetype', 'modify')];
    yield `${[...head, ...modifications].join('\n')}\n\n`;
  }
}

/** Edits gathered by entry (its GUID, else its DN) and attribute, in order of first appearance. */
function byEntry(edits: readonly Edit[]): Map<string, EntryChanges> {
  const entries = new Map<string, EntryChanges>();
  for (const { entry, attribute, before, after } of edits) {
    const key = entry.guid?.toLowerCase() ?? `dn:${normaliseDn(entry.dn)}`;
    const known = entries.get(key) ?? { dn: entry.dn, changes: new Map<string, Change>() };
    entries.set(key, known);
    const name = attribute.toLowerCase();
    const change = known.changes.get(name) ?? { attribute, before: [], after: [] };
    known.changes.set(name, change);
    addNew(change.before, before);
    addNew(change.after, after);
  }
  return entries;
}

/** A server refuses a request that names one value twice. */
function addNew(known: Value[], values: readonly Value[]): void {
  for (const value of values) {
    if (!known.some((each) => sameValue(each, value))) known.push(value);
  }
}

function modificationLines({ attribute, before, after }: Change): string[] {
  return [...half('delete', attribute, before), ...half('add', attribute, after)];
}

function half(operation: 'delete' | 'add', attribute: string, values: readonly Value[]): string[] {
  if (values.length === 0) return [];
  const lines = values.map((value) => formatAttribute(attribute, value));
  return [formatAttribute(operation, attribute), ...lines, '-'];
}
