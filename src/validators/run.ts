import { compare } from '../compare.js';
import { identityOf } from '../ldap/dn.js';
import type { Entry, Finding, Holder, Judge, Settings } from '../model.js';
import type { Check } from './check.js';
import { type ValueIndex, valueIndex } from './duplicates.js';
import { SCOPE_ATTRIBUTES, skipReason } from './scope.js';

/** A duplicate names at most this many of the other holders; their number is always given. */
const RELATED_LIMIT = 20;

/** What the engine says about one entry: that it will not sync, or what is wrong with it. */
export type Verdict =
  | { readonly skipped: string }
  | { readonly skipped?: undefined; readonly findings: readonly Finding[] };

/** Judges a stream of entries against a profile. */
export interface Engine extends Judge {
  /** Every attribute that the profile reads: what a source is asked for. */
  readonly attributes: readonly string[];
  /** Judges one entry by itself and remembers its values that must be unique. */
  judge(entry: Entry): Verdict;
  /** The findings between entries; call it once all entries were shown. */
  duplicates(): Iterable<Finding>;
}

/** An engine for one scan. */
export function createEngine(profile: readonly Check[], settings: Settings): Engine {
  const index = valueIndex();
  const check = (entry: Entry) => profile.flatMap((line) => findings(line, entry, settings));
  return {
    attributes: attributesOf(profile),
    judge(entry) {
      const skipped = skipReason(entry);
      if (skipped !== undefined) return { skipped };
      remember(profile, entry, settings, index);
      return { findings: check(entry) };
    },
    check,
    fix: (finding, value, entry) =>
      profile
        .find(({ meta, attribute }) => meta.id === finding.rule && attribute === finding.attribute)
        ?.fix(value, entry, settings),
    keys: (entry, attribute) =>
      profile
        .filter((line) => line.attribute === attribute && appliesTo(line, entry))
        .flatMap((line) =>
          line.keys(entry, settings).map(({ key }) => ({ pool: line.meta.id, key })),
        ),
    holders: ({ pool, key }) => index.holders(pool, key),
    *duplicates() {
      for (const line of onePerRule(profile)) {
        for (const holders of index.shared(line.meta.id)) yield* duplicateFindings(line, holders);
      }
    },
  };
}

/** Every attribute that a profile reads, each once, spelled as in the profile. */
export function attributesOf(profile: readonly Check[]): readonly string[] {
  const names = [
    ...SCOPE_ATTRIBUTES,
    ...profile.flatMap((line) => [line.attribute, ...line.meta.reads]),
  ];
  return [...new Set(names)];
}

function appliesTo(line: Check, entry: Entry): boolean {
  return line.meta.kinds.includes(entry.kind);
}

function findings(line: Check, entry: Entry, settings: Settings): readonly Finding[] {
  if (!appliesTo(line, entry)) return [];
  const ref = { dn: entry.dn, guid: entry.guid, kind: entry.kind };
  return line.faults(entry, settings).map((fault) => ({
    rule: line.meta.id,
    error: fault.error,
    severity: fault.severity ?? line.meta.severity,
    entry: ref,
    attribute: line.attribute,
    value: fault.value,
    message: fault.message,
    related: [],
    relatedCount: 0,
  }));
}

function remember(
  profile: readonly Check[],
  entry: Entry,
  settings: Settings,
  index: ValueIndex,
): void {
  const ref = { dn: entry.dn, guid: entry.guid, kind: entry.kind };
  for (const line of profile) {
    if (!appliesTo(line, entry)) continue;
    for (const { key, value } of line.keys(entry, settings))
      index.add(line.meta.id, key, { entry: ref, attribute: line.attribute, value });
  }
}

/** A uniqueness rule stands in the profile once per attribute; its pool is to be read once. */
function onePerRule(profile: readonly Check[]): readonly Check[] {
  const rules = new Map(
    profile.filter(({ message }) => message).map((line) => [line.meta.id, line]),
  );
  return [...rules.values()];
}

/** One finding for each value that takes part. Reading the others stops early: ten thousand holders cost no square. */
function* duplicateFindings(line: Check, unsorted: readonly Holder[]): Generator<Finding> {
  const holders = [...unsorted].sort(byHolder);
  const own = new Map<string, number>();
  for (const { entry } of holders)
    own.set(identityOf(entry), (own.get(identityOf(entry)) ?? 0) + 1);
  for (const { entry, attribute, value } of holders) {
    const related = othersOf(identityOf(entry), holders);
    const relatedCount = holders.length - (own.get(identityOf(entry)) ?? 0);
    yield {
      rule: line.meta.id,
      error: 'Duplicate',
      severity: line.meta.severity,
      entry,
      attribute,
      value,
      message: line.message?.(value, related, relatedCount) ?? '',
      related,
      relatedCount,
    };
  }
}

function othersOf(identity: string, holders: readonly Holder[]): readonly Holder[] {
  const others: Holder[] = [];
  for (const holder of holders) {
    if (identityOf(holder.entry) !== identity) others.push(holder);
    if (others.length === RELATED_LIMIT) break;
  }
  return others;
}

/** Holders in the order of reports, so that no finding depends on the order in which entries arrived. */
function byHolder(a: Holder, b: Holder): number {
  return compare(a.entry.dn, b.entry.dn) || compare(a.attribute, b.attribute);
}
