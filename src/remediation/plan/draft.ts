import type { Edit, Proposal } from '../../model/change.js';
import type { Entry } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge, PooledKey, Standing } from '../../model/rule.js';
import type { Repaired } from './fold-repairs.js';
import { valueAlone } from './value-alone.js';
import { keyText, valueId } from './value-id.js';

/** A proposal before it was held against the rest of the plan. */
export interface Draft {
  readonly proposal: Proposal;
  /** What was found wrong with the value that it edits. */
  readonly own: readonly Finding[];
  /** Unique values that the entry would hold after it and does not hold now, in the attribute that it edits. */
  readonly claims: readonly PooledKey[];
  readonly standing: Standing;
}

/** A draft for one value of an entry, or for one that it lacks, with all that was found about it. */
export function draftOf(
  entry: Entry,
  own: readonly [Finding, ...Finding[]],
  { value: after, safety, trail }: Repaired,
  judge: Judge,
  standing: Standing,
): Draft {
  const [{ attribute, value, entry: ref }] = own;
  const before = typeof value === 'string' ? value : undefined;
  const edit: Edit = {
    ...{ entry: ref, attribute },
    before: before === undefined ? [] : [before],
    after: after === undefined ? [] : [after],
  };
  const id = valueId(entry, attribute, value);
  const findings = [...new Set(own.map(({ rule }) => rule))];
  return {
    proposal: { id, edit, safety, findings, trail },
    own,
    claims: after === undefined ? [] : newKeys(entry, attribute, before, after, judge),
    standing,
  };
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
    one === undefined ? [] : judge.keys(valueAlone(entry, attribute, one), attribute);
  const old = new Set(alone(value).map(keyText));
  return alone(after).filter((key) => !old.has(keyText(key)));
}
