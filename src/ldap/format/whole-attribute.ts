import type { Edit, WholeAttribute } from '../../model/change.js';
import type { Value } from '../../model/entry.js';
import { type Lookalikes, lookalikesIn, matchKey } from './may-match.js';
import { withoutValues } from './values.js';

type Change = Pick<Edit, 'before' | 'after'>;

/** The values of an attribute before and after edits of it. */
export function wholeAttribute(held: readonly Value[], edits: readonly Change[]): WholeAttribute {
  const kept = withoutValues(
    held,
    edits.flatMap(({ before }) => before),
  );
  return { before: held, after: [...kept, ...edits.flatMap(({ after }) => after)] };
}

/** The same where a server could take one of the values for another on the way; undefined where it cannot. */
export function misreadable(
  held: readonly Value[],
  edits: readonly Change[],
): WholeAttribute | undefined {
  const whole = wholeAttribute(held, edits);
  const added = withoutValues(whole.after, held);
  const groups = lookalikesIn([...held, ...added]);
  const touched = edits.flatMap(({ before, after }) => [...before, ...after]);
  const isAlone = (value: Value) => (groups.get(matchKey(value))?.length ?? 0) < 2;
  return touched.every(isAlone) ? undefined : whole;
}

/**
 * Whether an attribute must be written as a whole: a delete, or an add, of a value of these edits could hit another
 * one that is there before or after them.
 */
export function isReplaced(edits: readonly Edit[]): boolean {
  return edits.some((edit) => {
    const { whole } = edit;
    if (!whole) return false;
    const lists = [lookalikes(whole.before), lookalikes(whole.after)];
    return keysOf(edit).some((key) => lists.some((list) => (list.get(key)?.length ?? 0) > 1));
  });
}

/** Those of some values that a server could take for a value of the edits. */
export function lookalikesOf(edits: readonly Change[], values: readonly Value[]): Value[] {
  const groups = lookalikes(values);
  return [...new Set(edits.flatMap(keysOf))].flatMap((key) => groups.get(key) ?? []);
}

/** All others of them. */
export function unlike(edits: readonly Change[], values: readonly Value[]): Value[] {
  const keys = new Set(edits.flatMap(keysOf));
  return [...lookalikes(values)].flatMap(([key, group]) => (keys.has(key) ? [] : group));
}

/** What makes of the values held those that were there before the edits of an attribute; others since then stay. */
export function puttingBack(
  edits: readonly Edit[],
  held: readonly Value[],
): Pick<Edit, 'before' | 'after' | 'whole'> {
  const was = edits.find(({ whole }) => whole)?.whole?.before ?? [];
  const target = [...unlike(edits, held), ...lookalikesOf(edits, was)];
  const change = { before: withoutValues(held, target), after: withoutValues(target, held) };
  return { ...change, whole: misreadable(held, [change]) };
}

function keysOf({ before, after }: Change): readonly string[] {
  return [...new Set([...before, ...after].map(matchKey))];
}

const known = new WeakMap<readonly Value[], Lookalikes>();

/** The same list is asked about for each of many edits. */
function lookalikes(values: readonly Value[]): Lookalikes {
  const groups = known.get(values) ?? lookalikesIn(values);
  known.set(values, groups);
  return groups;
}
