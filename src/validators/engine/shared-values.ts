import { identityOf } from '../../ldap/format/dn.js';
import type { Entry, EntryKind, EntryRef } from '../../model/entry.js';
import type { Finding, Holder } from '../../model/finding.js';
import type { Settings, SharedValue, UniqueKey } from '../../model/rule.js';
import { compare } from '../../text/order.js';
import { printable } from '../../text/printable.js';
import { standsDespiteGaps, undecided } from './delivery.js';
import type { Persons } from './persons.js';
import {
  appliesTo,
  type DirectoryLine,
  isDirectoryLine,
  makeFinding,
  type ProfileLine,
  refOf,
} from './profile-line.js';
import { STANDING_ATTRIBUTES, standingOf } from './standing.js';
import { isShared, type Keying, type SourcedHolder, type ValueIndex } from './value-index.js';
import { type Reference, referencesIn } from './which-rules.js';

/** A duplicate names at most this many of the other holders; their number is always given. */
const RELATED_LIMIT = 20;

/** The unique values of an entry by one line; none where its rule breaks, which the engine tells of. */
function keysOf(line: DirectoryLine, entry: Entry, settings: Settings): readonly UniqueKey[] {
  try {
    return line.keys(entry, settings);
  } catch {
    return [];
  }
}

/** How the unique values of an entry, and those by which it names others, are read by the lines of a profile. */
export function keyingOf(profile: readonly ProfileLine[], settings: Settings): Keying {
  const lines = profile.filter(isDirectoryLine);
  const references = referencesIn(profile);
  const names = lines.flatMap(({ attribute, meta }) => [attribute, ...meta.reads]);
  return {
    attributes: [...STANDING_ATTRIBUTES, ...names],
    read: (entry, judged) => {
      const ref = refOf(entry);
      const standing = standingOf(entry, settings);
      const held = (pool: string, attribute: string, keys: readonly UniqueKey[]) =>
        keys.map(({ key, value }) => ({
          ...{ pool, key },
          holder: { entry: ref, attribute, value, standing },
        }));
      const own = lines.flatMap((line) => {
        const { attribute, meta } = line;
        if (!appliesTo(line, entry) || attribute !== (judged ?? attribute)) return [];
        if (!standsDespiteGaps(entry, line)) return [];
        return held(meta.id, attribute, keysOf(line, entry, settings));
      });
      if (judged !== undefined) return own;
      const named = references.flatMap(({ line, attribute }) =>
        held(line.meta.id, attribute, namedBy({ line, attribute }, entry, settings)),
      );
      return [...own, ...named];
    },
  };
}

/** The values by which an entry names others in one attribute. */
export function namedBy(
  { line, attribute }: Reference,
  entry: Entry,
  settings: Settings,
): readonly UniqueKey[] {
  return appliesTo(line, entry) ? (line.references?.read(entry, attribute, settings) ?? []) : [];
}

/** Every value that more than one entry holds, judging by what the sources delivered. */
export function* sharedValues(
  profile: readonly ProfileLine[],
  index: ValueIndex,
  persons: Persons,
  isLeftOut: (entry: EntryRef) => boolean = () => false,
): Generator<SharedValue> {
  const pools = new Set(profile.filter(isDirectoryLine).map(({ meta }) => meta.id));
  for (const pool of pools) {
    for (const [key, held] of index.repeated(pool)) {
      const holders = held
        .filter((holder) => isDecided(profile, pool, holder) && !isLeftOut(holder.entry))
        .sort(byHolder);
      if (isShared(holders, holderOfPool(profile, pool, persons)))
        yield { key: { pool, key }, holders };
    }
  }
}

/** The line of a profile by which a rule judges an attribute of an entry of some kind. */
export function lineFor(
  profile: readonly ProfileLine[],
  rule: string,
  attribute: string,
  kind: EntryKind,
): ProfileLine | undefined {
  return profile.find(
    (line) => line.meta.id === rule && line.attribute === attribute && line.kinds.includes(kind),
  );
}

/**
 * What makes two entries one holder is the rule's to say: the same for all lines of its pool. What is joined is one
 * person, and no rule finds it twice.
 */
function holderOfPool(
  profile: readonly ProfileLine[],
  pool: string,
  { mainOf }: Persons,
): DirectoryLine['holderOf'] {
  const line = profile.filter(isDirectoryLine).find(({ meta }) => meta.id === pool);
  const holderOf = line?.holderOf ?? identityOf;
  return (entry) => holderOf(mainOf(entry));
}

function isDecided(profile: readonly ProfileLine[], pool: string, holder: SourcedHolder): boolean {
  const line = lineFor(profile, pool, holder.attribute, holder.entry.kind);
  return line !== undefined && undecided(line, holder.delivery) === undefined;
}

/** One finding for each holder. Reading the others stops early: ten thousand holders cost no square. */
export function duplicateFindings(
  profile: readonly ProfileLine[],
  { key, holders }: SharedValue,
  persons: Persons,
): readonly Finding[] {
  const holderOf = holderOfPool(profile, key.pool, persons);
  const own = new Map<string, number>();
  for (const { entry } of holders) own.set(holderOf(entry), (own.get(holderOf(entry)) ?? 0) + 1);
  return holders.flatMap(({ entry, attribute, value }) => {
    const line = lineFor(profile, key.pool, attribute, entry.kind);
    if (line?.judges !== 'directory') return [];
    const related = othersOf(holderOf(entry), holders, holderOf);
    const relatedCount = holders.length - (own.get(holderOf(entry)) ?? 0);
    const message = printable(line.message({ entry, attribute, value }, related, relatedCount));
    const found = makeFinding(line, entry, { error: 'Duplicate', value, message });
    return [{ ...found, related, relatedCount }];
  });
}

function othersOf(
  own: string,
  holders: readonly Holder[],
  holderOf: DirectoryLine['holderOf'],
): readonly Holder[] {
  const others: Holder[] = [];
  for (const { entry, attribute, value } of holders) {
    if (holderOf(entry) !== own) others.push({ entry, attribute, value });
    if (others.length === RELATED_LIMIT) break;
  }
  return others;
}

/** Holders in the order of reports, so that no finding depends on the order in which entries arrived. */
function byHolder(a: Holder, b: Holder): number {
  return (
    compare(a.entry.dn, b.entry.dn) ||
    compare(a.attribute, b.attribute) ||
    compare(String(a.value), String(b.value))
  );
}
