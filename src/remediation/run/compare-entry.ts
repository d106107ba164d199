import { includesValue, sameValues, withoutValues } from '../../ldap/format/values.js';
import { isReplaced, lookalikesOf } from '../../ldap/format/whole-attribute.js';
import type { Edit, EntryWriter, Guard, Outcome } from '../../model/change.js';
import type { Value } from '../../model/entry.js';
import { attributeKey, guardOf, type PlannedRequest, readEditedEntry } from './requests.js';
import { showValues } from './show-values.js';

/** How the values held compare with an edit: as it found them (`before`), as it left them (`after`), or neither. */
export type Phase = 'before' | 'after' | 'neither';

/** `filled`: an edit without old value is known to have found the attribute empty. */
export function phaseOf(edit: Edit, held: readonly Value[], filled: boolean): Phase {
  const { before, after } = edit;
  if (hasLost(edit, held)) return 'neither';
  const holds = (value: Value) => includesValue(held, value);
  const removed = before.filter((value) => !includesValue(after, value));
  const added = after.filter((value) => !includesValue(before, value));
  if (added.every(holds) && !removed.some(holds)) return 'after';
  if (!removed.every(holds) || added.some(holds)) return 'neither';
  return filled && before.length === 0 && held.length > 0 ? 'neither' : 'before';
}

/** Whether a value is gone that the edit left alone, and that the server could have taken for one of its values. */
function hasLost(edit: Edit, held: readonly Value[]): boolean {
  if (!edit.whole) return false;
  const { before, after } = edit.whole;
  const left = lookalikesOf([edit], before).filter((value) => includesValue(after, value));
  return withoutValues(left, held).length > 0;
}

/**
 * Whether a server may have taken one value for another when it carried out the edits of an attribute: what is left of
 * several alike is neither what was there nor what was meant, and none of it is new.
 */
export function isMisread(edits: readonly Edit[], held: readonly Value[]): boolean {
  const whole = edits.find((edit) => edit.whole)?.whole;
  if (!whole || !isReplaced(edits)) return false;
  const [now, was, meant] = [held, whole.before, whole.after].map((all) =>
    lookalikesOf(edits, all),
  );
  if (!now || !was || !meant || sameValues(now, was) || sameValues(now, meant)) return false;
  return withoutValues(now, [...was, ...meant]).length === 0;
}

/** The reason of an outcome that nobody was told of and that the directory shows. */
export const FOUND = 'found so in the directory: the answer of the server had been lost';

/** The phase that the directory shows a request in, and what there is to say where it is neither before nor after. */
export interface RequestPhase {
  readonly phase: Phase;
  /** Of each edit by itself; none where the entry cannot be looked at. */
  readonly phases: readonly Phase[];
  readonly held: string;
}

/** Compares the edits of a request with what its entry holds. Throws when the directory cannot be read. */
export async function compareWithEntry(
  edits: readonly Edit[],
  guard: Guard,
  writer: EntryWriter,
): Promise<RequestPhase> {
  const entry = await readEditedEntry(edits, writer);
  if (typeof entry === 'string') return { phase: 'neither', phases: [], held: entry };
  const phases = edits.map((edit) => guardedPhase(edit, entry.values(edit.attribute), guard));
  const odd = edits[Math.max(phases.indexOf('neither'), 0)];
  const held = odd ? `${odd.attribute} holds ${showValues(entry.values(odd.attribute))} now` : '';
  const [first = 'before', ...rest] = phases;
  if (rest.every((phase) => phase === first) && first !== 'neither')
    return { phase: first, phases, held };
  const doubt = odd?.whole ? ', or the server took one value for another' : '';
  return { phase: 'neither', phases, held: `${held}: someone changed it since${doubt}` };
}

/** What became of a request whose answer is missing: applied, not carried out (`before`), or unknown. */
export async function lookUp(
  edits: readonly Edit[],
  guard: Guard,
  writer: EntryWriter,
): Promise<Outcome | 'before'> {
  const found = await compareWithEntry(edits, guard, writer);
  return found.phase === 'before' ? 'before' : outcomeShown(found);
}

/** What the values of an entry say of a request that was sent. */
export function outcomeShown({ phase, held }: RequestPhase): Outcome {
  return phase === 'after'
    ? { state: 'applied', reason: FOUND }
    : { state: 'unknown', reason: `never answered, and ${held}` };
}

/** Where nothing was to be left, a value that is there was not left by the edit. */
function guardedPhase(edit: Edit, held: readonly Value[], { filled, emptied }: Guard): Phase {
  const key = attributeKey(edit);
  const phase = phaseOf(edit, held, filled.has(key));
  const isRefilled = phase === 'after' && emptied.has(key) && held.length > 0;
  return isRefilled ? 'neither' : phase;
}

/** A check of the entry that a request is about, shortly before it is sent. */
export interface EntryCheck {
  /** What someone changed, so that it must not be sent; undefined when nobody did. Throws when nothing can be read. */
  hindrance(): Promise<string | undefined>;
  /** Fulfilled once nothing of it is under way. */
  readonly over: Promise<void>;
}

/** The guard of the server takes another spelling for the old value: what was seen longer ago is checked again. */
export const FRESH_MS = 50;

/** Begins to check an entry, also before its turn. */
export function checkEntry(request: PlannedRequest, writer: EntryWriter): EntryCheck {
  const edits = request.edits.map(({ edit }) => edit);
  const guard = guardOf(request);
  let seen = 0;
  const check = async () => {
    const changed = await overtaken(edits, guard, writer);
    seen = performance.now();
    return changed;
  };
  const first = check();
  const ignore = () => {};
  return {
    hindrance: async () => {
      const changed = await first;
      return performance.now() - seen > FRESH_MS ? check() : changed;
    },
    over: first.then(ignore, ignore),
  };
}

/** What someone changed, so that edits must not be sent; undefined when nobody did. Throws when nothing can be read. */
async function overtaken(
  edits: readonly Edit[],
  { filled }: Guard,
  writer: EntryWriter,
): Promise<string | undefined> {
  const entry = await readEditedEntry(edits, writer);
  if (typeof entry === 'string') return entry;
  for (const edit of edits) {
    const { attribute, before } = edit;
    const held = entry.values(attribute);
    const lost = before.find((value) => !includesValue(held, value));
    const isTaken = before.length === 0 && held.length > 0 && filled.has(attributeKey(edit));
    const isOther = edit.whole && isReplaced([edit]) && !sameValues(held, edit.whole.before);
    if (lost !== undefined || isTaken || isOther)
      return `${attribute} holds ${showValues(held, lost ?? before[0])} now`;
  }
  return undefined;
}
