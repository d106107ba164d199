import { sameValues } from '../../ldap/format/values.js';
import { lookalikesOf, puttingBack, unlike } from '../../ldap/format/whole-attribute.js';
import type { Edit, EntryWriter, Guard, Outcome } from '../../model/change.js';
import type { Entry } from '../../model/entry.js';
import { groupBy } from '../../tables/group.js';
import { phaseOf } from './compare-entry.js';
import {
  type Attempt,
  attributeKey,
  messageOf,
  type PlannedRequest,
  readEditedEntry,
} from './requests.js';
import { showValues } from './show-values.js';

/**
 * Looks what a server made of a request in which it could have taken one value for another. An entry that does not
 * hold what was meant is put back as it was, and the run ends. Does not throw.
 */
export async function readBack(
  { edits: approved }: PlannedRequest,
  outcome: Outcome,
  writer: EntryWriter,
): Promise<Attempt> {
  const edits = approved.map(({ edit }) => edit);
  if (outcome.state !== 'applied' || !edits.some(({ whole }) => whole)) return { outcome };
  try {
    const entry = await readEditedEntry(edits, writer);
    // Somebody deleted it since: the request was answered.
    if (typeof entry === 'string') return { outcome };
    const odd = misreadIn(edits, entry);
    if (!odd) return { outcome };
    const now = `${odd.attribute} holds ${showValues(entry.values(odd.attribute), odd.before[0])} now`;
    return odd.isOurs
      ? await putBack(edits, entry, now, writer)
      : { outcome: { state: 'unknown', reason: `${now}: someone changed it at the same moment` } };
  } catch (cause) {
    const reason = `written, and the entry could not be read back: ${messageOf(cause)}`;
    return { outcome: { state: 'unknown', reason }, stop: { reason: messageOf(cause), cause } };
  }
}

/** An attribute that does not hold what was meant, and whether nobody else can have changed it. */
interface Misread extends Edit {
  readonly isOurs: boolean;
}

function misreadIn(edits: readonly Edit[], entry: Entry): Misread | undefined {
  for (const own of groupBy(edits, attributeKey).values()) {
    const odd = own.find(({ whole }) => whole);
    if (!odd?.whole) continue;
    const held = entry.values(odd.attribute);
    const { after } = odd.whole;
    if (sameValues(lookalikesOf(own, held), lookalikesOf(own, after))) continue;
    return { ...odd, isOurs: sameValues(unlike(own, held), unlike(own, after)) };
  }
  return undefined;
}

const TAKEN = 'the server took one value for another';

async function putBack(
  edits: readonly Edit[],
  entry: Entry,
  now: string,
  writer: EntryWriter,
): Promise<Attempt> {
  const back = [...groupBy(edits, attributeKey).values()].flatMap((own) => inverse(own, entry));
  const said = back.length > 0 && (await writer.modify(entry.dn, back, guardOfBack(back, entry)));
  const again = await readEditedEntry(edits, writer);
  const isBack = typeof again !== 'string' && isAsBefore(edits, again);
  const stop = { reason: TAKEN, cause: undefined };
  const outcome: Outcome = isBack
    ? { state: 'failed', reason: `${TAKEN} (${now}): the entry was put back as it was` }
    : {
        state: 'unknown',
        reason: `${TAKEN}: ${now}, and it could not be put back${said && said.reason !== '' ? ` (${said.reason})` : ''}; presync undo puts it back`,
      };
  return { outcome, stop };
}

/** The edits that put an attribute back. */
function inverse(own: readonly Edit[], entry: Entry): readonly Edit[] {
  const [first] = own;
  if (!first) return [];
  if (first.whole)
    return [{ ...first, ...puttingBack(own, entry.values(first.attribute)) }].filter(
      ({ before, after }) => before.length + after.length > 0,
    );
  return own.map((edit) => ({ ...edit, before: edit.after, after: edit.before }));
}

function guardOfBack(back: readonly Edit[], entry: Entry): Guard {
  const filled = back.filter(({ attribute }) => entry.values(attribute).length === 0);
  const emptied = back.filter(({ whole }) => whole?.after.length === 0);
  return {
    filled: new Set(filled.map(attributeKey)),
    emptied: new Set(emptied.map(attributeKey)),
  };
}

function isAsBefore(edits: readonly Edit[], entry: Entry): boolean {
  return edits.every((edit) => {
    const held = entry.values(edit.attribute);
    if (!edit.whole) return phaseOf(edit, held, false) === 'before';
    return sameValues(lookalikesOf([edit], held), lookalikesOf([edit], edit.whole.before));
  });
}
