import { withValue } from '../../ldap/entry/entry.js';
import type { TrailStep } from '../../model/change.js';
import type { Entry } from '../../model/entry.js';
import type { Finding, Safety } from '../../model/finding.js';
import type { Judge } from '../../model/rule.js';
import { valueAlone } from './value-alone.js';

/** A value after all repairs that its findings call for. */
export interface Repaired {
  /** Undefined when the repair is to remove it. */
  readonly value: string | undefined;
  readonly safety: Safety;
  readonly trail: readonly TrailStep[];
}

/** A repair that needs more rounds than this swings between two rules. */
const MAX_STEPS = 10;

/**
 * Folds the repairs of one value: repair follows repair in profile order, and the result is judged again. Undefined
 * where the value still breaks a rule that it broke before, or never comes to rest: it is left to a person.
 */
export function foldRepairs(
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
    const now = value === stored ? entry : repairedEntry(entry, attribute, stored, value);
    const step = firstFix(open, value, now, judge);
    if (!step && !open.every((finding) => mayStay(finding, findings))) return undefined;
    if (!step) break;
    trail.push({ rule: step.rule, before: value, after: step.value });
    if (step.safety === 'review') safety = 'review';
    value = step.value;
    open = value === undefined ? [] : faultsOf(entry, attribute, stored, value, judge);
  }
  return value === stored ? undefined : { value, safety, trail };
}

/** Beyond so many values of an attribute a repaired one is looked at by itself: the work would grow with their square. */
const MANY = 50;

/** The entry with the repaired value; all values are held against each other once all repairs are known. */
function repairedEntry(
  entry: Entry,
  attribute: string,
  stored: string | undefined,
  value: string | undefined,
): Entry {
  if (value === undefined || entry.values(attribute).length <= MANY)
    return withValue(entry, attribute, stored, value);
  return valueAlone(entry, attribute, value);
}

function faultsOf(
  entry: Entry,
  attribute: string,
  stored: string | undefined,
  value: string,
  judge: Judge,
): readonly Finding[] {
  const now = repairedEntry(entry, attribute, stored, value);
  return judge
    .check(now, attribute)
    .filter((finding) => finding.attribute === attribute && finding.value === value);
}

/**
 * Advice that was there before and that no repair answers does not stand in the way of one. What a repair brings is
 * judged with the other repairs of the entry: some are only good together.
 */
function mayStay({ severity, rule }: Finding, before: readonly Finding[]): boolean {
  return severity === 'info' || before.every((finding) => finding.rule !== rule);
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
