import type { Edit, Outcome } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import { includesValue, sameValues } from '../format/values.js';
import { isReplaced } from '../format/whole-attribute.js';
import type { Connection, WholeValues } from '../protocol/connection.js';

/** The server has no rule to compare single values of the attribute by (RFC 4512 4.1.2). */
const INAPPROPRIATE_MATCHING = 18;

/** Recorded beside a change that was not guarded value by value. */
export const REPLACED =
  'replaced as a whole: the server cannot delete a value of this attribute by itself';

/** Recorded where a delete by value could have hit another one. */
export const LOOKALIKE =
  'replaced as a whole: the server could have taken another value of this attribute for the old one';

/**
 * Changes an entry value by value. Attributes for which the server cannot do that, or could take one value for
 * another, are read again, compared exactly and replaced as a whole. Throws UnknownOutcomeError when no answer came.
 */
export async function modifyEntry(
  connection: Connection,
  address: string,
  edits: readonly Edit[],
): Promise<Outcome> {
  const lookalikes = namesOf(edits).filter((name) => isReplaced(ofAttribute(edits, name)));
  const replaced = new Set(lookalikes);
  let whole = await asPrepared(connection, address, lookalikes, edits);
  if (!whole)
    return { state: 'stale', reason: 'the attribute does not hold the same values any more' };
  for (;;) {
    const outcome = await connection.modify(address, edits, whole);
    const left = namesOf(edits).filter((name) => !replaced.has(name));
    if (outcome.code !== INAPPROPRIATE_MATCHING || left.length === 0) {
      if (whole.size === 0 || outcome.state !== 'applied') return outcome;
      return { ...outcome, reason: lookalikes.length > 0 ? LOOKALIKE : REPLACED };
    }
    for (const name of namedIn(outcome.reason, left)) replaced.add(name);
    const entry = await connection.read(address, [...replaced]);
    const values = entry && wholeValues(entry, [...replaced], edits);
    if (!values) return { state: 'stale', reason: 'the old value is not there any more' };
    whole = values;
  }
}

function namesOf(edits: readonly Edit[]): readonly string[] {
  return [...new Set(edits.map(({ attribute }) => attribute.toLowerCase()))];
}

function ofAttribute(edits: readonly Edit[], name: string): readonly Edit[] {
  return edits.filter(({ attribute }) => attribute.toLowerCase() === name);
}

/** What attributes will hold after the edits; undefined when one does not hold to the last value what it held before. */
async function asPrepared(
  connection: Connection,
  address: string,
  names: readonly string[],
  edits: readonly Edit[],
): Promise<WholeValues | undefined> {
  const values = new Map<string, readonly Value[]>();
  if (names.length === 0) return values;
  const entry = await connection.read(address, names);
  for (const name of names) {
    const whole = ofAttribute(edits, name).find((edit) => edit.whole)?.whole;
    if (!whole || !entry || !sameValues(entry.values(name), whole.before)) return undefined;
    values.set(name, whole.after);
  }
  return values;
}

/** The attributes that the server's words name; all of them when it names none. */
function namedIn(words: string, names: readonly string[]): readonly string[] {
  const said = new Set(words.toLowerCase().split(/[^a-z0-9;.-]+/));
  const named = names.filter((name) => said.has(name));
  return named.length > 0 ? named : names;
}

/** What attributes will hold after the edits; undefined when one does not fit what they hold now. */
function wholeValues(
  entry: Entry,
  names: readonly string[],
  edits: readonly Edit[],
): WholeValues | undefined {
  const whole = new Map<string, readonly Value[]>();
  for (const name of names) {
    const own = ofAttribute(edits, name);
    const [before, after] = [own.flatMap((one) => one.before), own.flatMap((one) => one.after)];
    const held = entry.values(name);
    const kept = held.filter((value) => !includesValue(before, value));
    if (!before.every((value) => includesValue(held, value))) return undefined;
    if (after.some((value) => includesValue(kept, value))) return undefined;
    whole.set(name, [...kept, ...after]);
  }
  return whole;
}
