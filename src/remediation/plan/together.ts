import { withValues } from '../../ldap/entry/entry.js';
import { exactKey } from '../../ldap/format/values.js';
import { isPrimary } from '../../mail/address.js';
import type { Entry, Value } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge } from '../../model/rule.js';
import { groupBy } from '../../tables/group.js';
import { compare } from '../../text/order.js';
import type { Draft } from './draft.js';

/** So many drafts are given up one by one; of more, halves are tried. */
const FEW = 8;

/**
 * The drafts of an entry that can be carried out together, the safe ones also without the others. An entry is repaired
 * as a whole: all are judged at once, for some repairs are only good with others, and only what stands in the way is
 * given up, the least important first.
 */
export function together(
  entry: Entry,
  drafts: readonly Draft[],
  findings: readonly Finding[],
  judge: Judge,
): readonly Draft[] {
  const known = countFaults(findings);
  const isWorse = (now: Entry, edited: readonly Draft[]) => {
    if (hasTwin(now, edited)) return true;
    const found = judge.check(now);
    const faults = byValue(found);
    const isMore = ([fault, count]: readonly [string, number]) => count > (known.get(fault) ?? 0);
    return [...countFaults(found)].some(isMore) || edited.some((one) => !isSettled(one, faults));
  };
  const ordered = drafts.toSorted(byImportance);
  const isSafe = ({ proposal }: Draft) => proposal.safety === 'safe';
  const safe = largest(entry, [], distinct([], ordered.filter(isSafe)), isWorse);
  // A safe one that is only good with one for review is for review too.
  const others = without(ordered, safe).map(forReview);
  const repaired = largest(entry, safe, distinct(safe, others), isWorse);
  const kept = largest(entry, repaired, givenWay(repaired, without(others, repaired)), isWorse);
  const faults = byValue(kept.length === 0 ? [] : judge.check(after(entry, kept)));
  return kept.map((one) => withoutLeft(one, faults));
}

function without(drafts: readonly Draft[], others: readonly Draft[]): readonly Draft[] {
  const ids = new Set(others.map(({ proposal }) => proposal.id));
  return drafts.filter(({ proposal }) => !ids.has(proposal.id));
}

/** Sign-in name and primary address first; the rest by ids, so that the order in which a server gives values is nothing. */
function byImportance(a: Draft, b: Draft): number {
  return importance(a) - importance(b) || compare(a.proposal.id, b.proposal.id);
}

function importance({ proposal: { edit } }: Draft): number {
  const { attribute, before, after } = edit;
  if (attribute === 'userPrincipalName') return 0;
  if (attribute === 'mail') return 2;
  if (attribute !== 'proxyAddresses') return 3;
  return [...before, ...after].some((value) => typeof value === 'string' && isPrimary(value))
    ? 1
    : 4;
}

function forReview(one: Draft): Draft {
  return { ...one, proposal: { ...one.proposal, safety: 'review' } };
}

/** What is found wrong with each value of an entry. */
type Faults = ReadonlyMap<string, readonly Finding[]>;

function byValue(findings: readonly Finding[]): Faults {
  return groupBy(findings, ({ attribute, value }) => `${attribute}\0${exactKey(value ?? '')}`);
}

function faultsOf({ proposal: { edit } }: Draft, faults: Faults): readonly Finding[] {
  const [value] = edit.after;
  return value === undefined ? [] : (faults.get(`${edit.attribute}\0${exactKey(value)}`) ?? []);
}

/** Whether a repaired value breaks no rule any more; advice that was there before may stay. */
function isSettled(one: Draft, faults: Faults): boolean {
  const isKnown = (rule: string) => one.own.some((finding) => finding.rule === rule);
  return faultsOf(one, faults).every(({ severity, rule }) => severity === 'info' && isKnown(rule));
}

/** The draft without the rules whose advice still holds for its value. */
function withoutLeft(one: Draft, faults: Faults): Draft {
  const left = new Set(faultsOf(one, faults).map(({ rule }) => rule));
  if (left.size === 0) return one;
  const findings = one.proposal.findings.filter((rule) => !left.has(rule));
  return { ...one, proposal: { ...one.proposal, findings } };
}

/** The drafts without those that would give an attribute what a more important one gives it. */
function distinct(accepted: readonly Draft[], more: readonly Draft[]): readonly Draft[] {
  const given = new Set(accepted.map(givenBy));
  return more.filter((one) => {
    const what = givenBy(one);
    const isNew = what === undefined || !given.has(what);
    given.add(what);
    return isNew;
  });
}

/**
 * Of addresses that become the same all but one go. For review: an address would be lost if its removal were carried
 * out and the repair of the other one were not.
 */
function givenWay(accepted: readonly Draft[], more: readonly Draft[]): readonly Draft[] {
  const given = new Set(accepted.map(givenBy));
  return more.flatMap((one) => {
    const { edit, trail } = one.proposal;
    const [value] = edit.after;
    const isAlias = edit.attribute === 'proxyAddresses' && edit.before.length > 0;
    if (!isAlias || typeof value !== 'string' || isPrimary(value) || !given.has(givenBy(one)))
      return [];
    const gone = { rule: 'repeated-value', before: value, after: undefined };
    const proposal = { ...one.proposal, edit: { ...edit, after: [] }, trail: [...trail, gone] };
    return [forReview({ ...one, proposal, claims: [] })];
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
 * As many drafts as bring no new fault, beside those that are accepted: all of them, or all but one, or as many of the
 * first half, and then of the second.
 */
function largest(
  entry: Entry,
  accepted: readonly Draft[],
  more: readonly Draft[],
  isWorse: (now: Entry, edited: readonly Draft[]) => boolean,
): readonly Draft[] {
  const isGood = (all: readonly Draft[]) => !isWorse(after(entry, all), all);
  const all = [...accepted, ...more];
  if (more.length === 0 || isGood(all)) return all;
  if (more.length === 1) return accepted;
  if (more.length <= FEW) {
    for (let at = all.length - 1; at >= accepted.length; at -= 1) {
      const rest = all.toSpliced(at, 1);
      if (isGood(rest)) return rest;
    }
  }
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

function countFaults(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, attribute } of findings) {
    const fault = `${rule}\0${attribute}`;
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  return counts;
}
