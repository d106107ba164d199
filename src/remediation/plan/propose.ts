import { withValues } from '../../ldap/entry/entry.js';
import { exactKey, matchesValue } from '../../ldap/format/values.js';
import { isPrimary } from '../../mail/address.js';
import type { Proposal } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge, PooledKey, Standing } from '../../model/rule.js';
import { compare } from '../../text/order.js';
import { foldRepairs } from './fold-repairs.js';
import { keyText, valueId } from './value-id.js';

/** A proposal before it was held against the rest of the plan. */
export interface Draft {
  readonly proposal: Proposal;
  /** Unique values that the entry would hold after it and does not hold now, in the attribute that it edits. */
  readonly claims: readonly PooledKey[];
  readonly standing: Standing;
}

/**
 * Proposes one repair for each faulty value of an entry. They hold together: carried out all at once, or the safe ones
 * alone, they bring the entry no fault that it had not.
 */
export function propose(
  entry: Entry,
  findings: readonly Finding[],
  judge: Judge,
): readonly Draft[] {
  const faulty = new Map<string, Finding>();
  for (const finding of findings)
    faulty.set(valueId(entry, finding.attribute, finding.value), finding);
  const drafts = [...faulty].flatMap(
    ([id, finding]) => draft(id, entry, finding, findings, judge) ?? [],
  );
  // Which of two rivals goes first must not depend on the order in which a server gives values.
  const ordered = drafts.toSorted((a, b) => compare(a.proposal.id, b.proposal.id));
  return compatible(entry, ordered, findings, judge);
}

function draft(
  id: string,
  entry: Entry,
  { attribute, value, entry: ref }: Finding,
  findings: readonly Finding[],
  judge: Judge,
): Draft | undefined {
  if (typeof value === 'object') return undefined;
  const own = findings.filter((f) => f.attribute === attribute && f.value === value);
  const repaired = foldRepairs(entry, attribute, value, own, judge);
  if (!repaired) return undefined;
  const after = withoutTwin(entry, attribute, value, repaired.value);
  if (after === 'taken') return undefined;
  const rules = new Set(own.map(({ rule }) => rule));
  return {
    proposal: {
      id,
      edit: {
        entry: ref,
        attribute,
        before: value === undefined ? [] : [value],
        after: after === undefined ? [] : [after],
      },
      safety: repaired.safety,
      findings: [...rules].filter((rule) => !repaired.left.has(rule)),
      trail: repaired.trail,
    },
    claims: after === undefined ? [] : newKeys(entry, attribute, value, after, judge),
    standing: judge.standing(entry),
  };
}

/**
 * What becomes of a value whose repaired form the entry holds already: a directory refuses a second one, so it goes.
 * A primary address does not give way to its own secondary: that choice is left to a person.
 */
function withoutTwin(
  entry: Entry,
  attribute: string,
  value: string | undefined,
  repaired: string | undefined,
): string | undefined | 'taken' {
  if (repaired === undefined) return undefined;
  const hasTwin = entry
    .values(attribute)
    .some((other) => other !== value && matchesValue(other, repaired));
  if (!hasTwin) return repaired;
  return isPrimary(repaired) ? 'taken' : undefined;
}

/** The keys that only the repaired value brings, read from an entry that holds no other value of the attribute. */
function newKeys(
  entry: Entry,
  attribute: string,
  value: string | undefined,
  after: string,
  judge: Judge,
): readonly PooledKey[] {
  const alone = (one: string | undefined) =>
    one === undefined ? [] : judge.keys(withValues(entry, attribute, [one]), attribute);
  const old = new Set(alone(value).map(keyText));
  return alone(after).filter((key) => !old.has(keyText(key)));
}

/** The drafts that can be carried out together, the safe ones also without the others. */
function compatible(
  entry: Entry,
  drafts: readonly Draft[],
  findings: readonly Finding[],
  judge: Judge,
): readonly Draft[] {
  const known = countFaults(findings);
  const isWorse = (now: Entry, edited: readonly Draft[]) =>
    hasTwin(now, edited) ||
    [...countFaults(judge.check(now))].some(([fault, count]) => count > (known.get(fault) ?? 0));
  const isSafe = (one: Draft) => !isReview(one);
  const safe = largest(entry, [], distinct([], drafts.filter(isSafe)), isWorse);
  return largest(entry, safe, distinct(safe, drafts.filter(isReview)), isWorse);
}

/** The drafts without those that would give an attribute what another one gives it. */
function distinct(accepted: readonly Draft[], more: readonly Draft[]): readonly Draft[] {
  const given = new Set(accepted.map(givenBy));
  return more.filter((one) => {
    const what = givenBy(one);
    const isNew = what === undefined || !given.has(what);
    given.add(what);
    return isNew;
  });
}

function givenBy({ proposal: { edit } }: Draft): string | undefined {
  const [value] = edit.after;
  return value === undefined ? undefined : heldKey(edit.attribute, value);
}

/** Equal for values of which an attribute takes one only: text in whatever case. */
function heldKey(attribute: string, value: Value): string {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  return `${attribute}\0${exactKey(text)}`;
}

/**
 * As many drafts as bring no new fault, beside those that stand: all of them, for some repairs are only good together,
 * or else as many of the first half, and then of the second.
 */
function largest(
  entry: Entry,
  accepted: readonly Draft[],
  more: readonly Draft[],
  isWorse: (now: Entry, edited: readonly Draft[]) => boolean,
): readonly Draft[] {
  const all = [...accepted, ...more];
  if (more.length === 0 || !isWorse(after(entry, all), all)) return all;
  if (more.length === 1) return accepted;
  const half = more.length >> 1;
  const kept = largest(entry, accepted, more.slice(0, half), isWorse);
  return largest(entry, kept, more.slice(half), isWorse);
}

/** The entry as it would be with all drafts carried out, each attribute written once. */
function after(entry: Entry, drafts: readonly Draft[]): Entry {
  const edits = drafts.map(({ proposal: { edit } }) => edit);
  let now = entry;
  for (const name of new Set(edits.map(({ attribute }) => attribute))) {
    const own = edits.filter(({ attribute }) => attribute === name);
    const added = own.filter(({ before }) => before.length === 0).flatMap((edit) => edit.after);
    const changed = new Map(
      own.flatMap((edit) => edit.before.map((value) => [exactKey(value), edit.after] as const)),
    );
    const kept = entry.values(name).flatMap((value) => changed.get(exactKey(value)) ?? [value]);
    now = withValues(now, name, [...kept, ...added]);
  }
  return now;
}

/** A directory refuses a value that the attribute holds already, whatever its case. */
function hasTwin(entry: Entry, drafts: readonly Draft[]): boolean {
  const counts = new Map<string, number>();
  for (const name of new Set(drafts.map(({ proposal: { edit } }) => edit.attribute)))
    for (const value of entry.values(name)) {
      const key = heldKey(name, value);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return drafts.some((one) => (counts.get(givenBy(one) ?? '') ?? 0) > 1);
}

function isReview({ proposal }: Draft): boolean {
  return proposal.safety === 'review';
}

function countFaults(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, attribute } of findings) {
    const fault = `${rule}\0${attribute}`;
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  return counts;
}
