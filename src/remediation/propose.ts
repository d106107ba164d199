import { createHash } from 'node:crypto';
import { createEntry, encodeValue, sameValue } from '../ldap/attributes.js';
import { identityOf } from '../ldap/dn.js';
import type {
  Entry,
  EntryRef,
  Finding,
  Judge,
  PooledKey,
  Proposal,
  Safety,
  TrailStep,
  Value,
} from '../model.js';

/** A proposal before it was held against the rest of the plan. */
export interface Draft {
  readonly proposal: Proposal;
  /** Unique values that the entry would hold after it, in the attribute that it edits. */
  readonly claims: readonly PooledKey[];
}

/** A repair that needs more rounds than this swings between two rules. */
const MAX_STEPS = 10;

/** Id of a faulty value: the same in every scan while the entry keeps its identity and the value stands. */
export function valueId(entry: EntryRef, attribute: string, value: Value | undefined): string {
  const hash = createHash('sha256');
  hash.update(`${identityOf(entry)}\0${attribute.toLowerCase()}\0`);
  if (value !== undefined) hash.update('=').update(encodeValue(value));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Folds the findings on each value of an entry into one proposal: repair follows repair in profile order, and the
 * result is judged again. A value that still breaks a rule, or never comes to rest, gets none: it is left to a person.
 */
export function propose(
  entry: Entry,
  findings: readonly Finding[],
  judge: Judge,
): readonly Draft[] {
  const faulty = new Map<string, Finding>();
  for (const finding of findings)
    faulty.set(valueId(entry, finding.attribute, finding.value), finding);
  return [...faulty].flatMap(([id, finding]) => draft(id, entry, finding, findings, judge) ?? []);
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
  const repaired = fold(entry, attribute, value, own, judge);
  if (!repaired) return undefined;
  const before = value === undefined ? [] : [value];
  const after = repaired.value === undefined ? [] : [repaired.value];
  return {
    proposal: {
      id,
      edit: { entry: ref, attribute, before, after },
      safety: repaired.safety,
      findings: [...new Set(own.map(({ rule }) => rule))],
      trail: repaired.trail,
    },
    claims: judge
      .keys(withValue(entry, attribute, value, repaired.value), attribute)
      .filter((key) => !judge.keys(entry, attribute).some((old) => old.key === key.key)),
  };
}

interface Repaired {
  readonly value: string | undefined;
  readonly safety: Safety;
  readonly trail: readonly TrailStep[];
}

function fold(
  entry: Entry,
  attribute: string,
  stored: string | undefined,
  findings: readonly Finding[],
  judge: Judge,
): Repaired | undefined {
  let value = stored;
  let open = findings;
  let safety: Safety = 'safe';
  const trail: TrailStep[] = [];
  while (open.length > 0) {
    if (trail.length === MAX_STEPS) return undefined;
    const now = withValue(entry, attribute, stored, value);
    const step = firstFix(open, value, now, judge);
    if (!step) return undefined;
    trail.push({ rule: step.rule, before: value, after: step.value });
    if (step.safety === 'review') safety = 'review';
    value = step.value;
    if (value === undefined) break;
    const repaired = value;
    open = judge
      .check(withValue(entry, attribute, stored, value))
      .filter((f) => f.attribute === attribute && f.value === repaired);
  }
  return value === stored ? undefined : { value, safety, trail };
}

function firstFix(
  findings: readonly Finding[],
  value: string | undefined,
  entry: Entry,
  judge: Judge,
): { rule: string; value: string | undefined; safety: Safety | undefined } | undefined {
  for (const finding of findings) {
    const fix = judge.fix(finding, value, entry);
    if (fix && fix.value !== value)
      return { rule: finding.rule, value: fix.value, safety: fix.safety };
  }
  return undefined;
}

/** The entry as it would be with one value of an attribute replaced, added or removed. */
export function withValue(
  entry: Entry,
  attribute: string,
  before: Value | undefined,
  after: Value | undefined,
): Entry {
  const replacement = after === undefined ? [] : [after];
  const values =
    before === undefined
      ? [...entry.values(attribute), ...replacement]
      : entry.values(attribute).flatMap((v) => (sameValue(v, before) ? replacement : [v]));
  const others = entry.attributes.filter((name) => name.toLowerCase() !== attribute.toLowerCase());
  return createEntry(entry.dn, [
    ...others.map((name) => [name, entry.values(name)] as const),
    [attribute, values],
  ]);
}
