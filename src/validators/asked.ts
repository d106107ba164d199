import type { Entry, EntryKind, Settings } from '../model.js';
import type { Check } from './check.js';
import { ADDRESS_ATTRIBUTES, hasOrdinaryAddresses } from './shared/ordinary.js';
import { arePlain } from './shared/plain.js';

/** The lines of a profile on one attribute of entries of one kind, by when they have to be asked. */
interface AttributeLines {
  readonly attribute: string;
  readonly always: readonly Check[];
  readonly present: readonly Check[];
  readonly unusual: readonly Check[];
  /** Those on values that must be unique: even ordinary addresses may have two holders. */
  readonly unique: readonly Check[];
}

/** The lines of a profile to ask about an entry, attribute by attribute: those that are sure to find nothing are left out. */
export type Asked = (entry: Entry, attribute?: string) => readonly (readonly Check[])[];

/** Sorts a profile once, for it is asked about millions of attributes. */
export function askedOf(profile: readonly Check[], settings: Settings): Asked {
  const byKind = new Map<EntryKind, readonly AttributeLines[]>();
  const linesOf = (kind: EntryKind) => {
    const known = byKind.get(kind) ?? sorted(profile.filter(({ kinds }) => kinds.includes(kind)));
    byKind.set(kind, known);
    return known;
  };
  return (entry, attribute) => {
    const asked: (readonly Check[])[] = [];
    const isOrdinary = hasOrdinaryAddresses(entry, settings);
    for (const lines of linesOf(entry.kind)) {
      if (attribute !== undefined && attribute !== lines.attribute) continue;
      const needed =
        isOrdinary && ADDRESS_ATTRIBUTES.has(lines.attribute)
          ? lines.unique
          : neededOf(lines, entry);
      if (needed.length > 0) asked.push(needed);
    }
    return asked;
  };
}

function neededOf(lines: AttributeLines, entry: Entry): readonly Check[] {
  const values = entry.values(lines.attribute);
  if (values.length === 0) return lines.always;
  return arePlain(lines.attribute, values) ? lines.present : lines.unusual;
}

function sorted(lines: readonly Check[]): readonly AttributeLines[] {
  const attributes = [...new Set(lines.map(({ attribute }) => attribute))];
  return attributes.map((attribute) => {
    const unusual = lines.filter((line) => line.attribute === attribute);
    const present = unusual.filter(({ meta }) => meta.when !== 'unusual');
    const unique = present.filter(({ message }) => message);
    return {
      attribute,
      unusual,
      present,
      unique,
      always: present.filter(({ meta }) => !meta.when),
    };
  });
}
