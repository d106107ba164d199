import { ANY_ATTRIBUTE, UNKNOWN_ATTRIBUTES } from '../../ldap/format/values.js';
import type { Entry } from '../../model/entry.js';
import type { NotRun } from '../../model/scan.js';
import type { ProfileLine } from './profile-line.js';

/**
 * What is known of the attributes that a source delivers. An attribute that it cannot deliver is unknown, not absent:
 * no rule may take it for blank, and no entry is skipped for the lack of it.
 */
export interface Delivery {
  /** The name of the source. */
  readonly source: string;
  /** Takes note of the attributes that an entry carries. */
  note(entry: Entry): void;
  /** Why nothing is known of an attribute; undefined when it is delivered. */
  gap(attribute: string): string | undefined;
  /** Whether more entries can still change the answer: an export shows what it carries as it is read. */
  readonly settled: boolean;
  /** Whether the source was asked for its schema: what it then lacks no rule can judge. */
  readonly hasSchema: boolean;
}

const NOT_CARRIED = 'no entry of the export carries it';

/**
 * @param undelivered what a directory says that it cannot deliver; undefined for an export.
 * @param watched the attributes whose absence matters.
 */
export function createDelivery(
  undelivered: ReadonlyMap<string, string> | undefined,
  watched: readonly string[],
  source = '',
): Delivery {
  if (undelivered) {
    const reasons = new Map([...undelivered].map(([name, why]) => [name.toLowerCase(), why]));
    return {
      source,
      note: () => {},
      gap: (name) => reasons.get(name.toLowerCase()),
      settled: true,
      hasSchema: true,
    };
  }
  const unseen = new Set(watched.map((name) => name.toLowerCase()));
  return {
    source,
    note: (entry) => {
      for (const name of unseen) if (entry.values(name).length > 0) unseen.delete(name);
    },
    gap: (name) => (unseen.has(name.toLowerCase()) ? NOT_CARRIED : undefined),
    get settled() {
      return unseen.size === 0;
    },
    hasSchema: false,
  };
}

/** Why a line of a profile cannot be judged in a source; undefined when it can. */
export function undecided(line: ProfileLine, delivery: Delivery): string | undefined {
  // Of an export it only matters whether an absence can be believed: a value that is not there has no fault.
  const needed = delivery.hasSchema ? [line.attribute, ...line.meta.absence] : line.meta.absence;
  for (const attribute of needed) {
    const reason = delivery.gap(attribute);
    if (reason !== undefined) return `${attribute}: ${reason}`;
  }
  return undefined;
}

/** Whether an entry came without a value of an attribute that it may have. */
export function isUnknownOf(entry: Entry, attribute: string): boolean {
  const key = attribute.toLowerCase();
  return entry
    .values(UNKNOWN_ATTRIBUTES)
    .some((name) => name === ANY_ATTRIBUTE || String(name).toLowerCase() === key);
}

/**
 * Whether what a line finds stands, for all that is not known of the entry: not what it concludes from an absence, and
 * not what it says of an attribute of which only a part is known.
 */
export function standsDespiteGaps(entry: Entry, line: ProfileLine): boolean {
  const unknown = entry.values(UNKNOWN_ATTRIBUTES);
  if (unknown.length === 0) return true;
  const isNamed = unknown.some(
    (name) => String(name).toLowerCase() === line.attribute.toLowerCase(),
  );
  return !isNamed && !line.meta.absence.some((attribute) => isUnknownOf(entry, attribute));
}

/** Every line of a profile that a source leaves undecided. */
export function notRun(
  profile: readonly ProfileLine[],
  delivery: Delivery,
  source: string,
): NotRun[] {
  return profile.flatMap((line) => {
    const reason = undecided(line, delivery);
    if (reason === undefined) return [];
    return [{ rule: line.meta.id, attribute: line.attribute, reason: `${source}: ${reason}` }];
  });
}

/** Scope attributes that every Active Directory has: without them, entries that will not sync are judged. */
const SCOPE_NEEDS = ['isCriticalSystemObject', 'sAMAccountName'];
/** The same, but that many a domain has no entry with a value: the lack of them in an export says nothing. */
const SCOPE_RARE = ['adminDescription', 'groupType'];

/** What a source does not deliver of that which decides who will be synchronised. */
export function scopeNotRun(delivery: Delivery, source: string): NotRun[] {
  const needed = delivery.hasSchema ? [...SCOPE_NEEDS, ...SCOPE_RARE] : SCOPE_NEEDS;
  return needed.flatMap((attribute) => {
    const reason = delivery.gap(attribute);
    if (reason === undefined) return [];
    return [{ rule: 'scope', attribute, reason: `${source}: ${attribute}: ${reason}` }];
  });
}
