import { createEntry, identifiedAs } from '../ldap/entry/entry.js';
import type { SheetRow } from '../model/change.js';
import type { Entry, Value } from '../model/entry.js';
import type { Settings } from '../model/rule.js';
import { createEngine, type Engine } from '../validators/engine/engine.js';
import { profileFor } from '../validators/profiles/index.js';

/**
 * Only rules that conclude nothing from what is absent: of an entry the sheet has a few values, and unknown is not
 * absent.
 */
export function offlineEngine(settings: Settings): Engine {
  const lines = profileFor(settings).filter(({ meta }) => meta.absence.length === 0);
  return createEngine(lines, settings);
}

/** What the sheet knows of an entry: its kind, and values of the attribute in question. */
export function entryOf(
  { dn, guid, objectClass, attribute }: SheetRow,
  values: readonly Value[],
): Entry {
  const entry = createEntry(dn, [
    ['objectClass', [objectClass]],
    [attribute, values],
  ]);
  return identifiedAs(entry, { guid });
}
