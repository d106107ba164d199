import { includesValue } from '../../ldap/format/values.js';
import type { Edit, EntryWriter, Guard, Outcome } from '../../model/change.js';
import type { Value } from '../../model/entry.js';
import { attributeKey, guardOf, type PlannedRequest, readEditedEntry } from './requests.js';
import { show } from './show-values.js';

/** How the values held compare with an edit: as it found them, as it left them, or neither. */
export type Stand = 'before' | 'after' | 'neither';

/** `filled`: an edit without old value is known to have found the attribute empty. */
export function standOf({ before, after }: Edit, held: readonly Value[], filled: boolean): Stand {
  const holds = (value: Value) => includesValue(held, value);
  const removed = before.filter((value) => !includesValue(after, value));
  const added = after.filter((value) => !includesValue(before, value));
  if (added.every(holds) && !removed.some(holds)) return 'after';
  if (!removed.every(holds) || added.some(holds)) return 'neither';
  return filled && before.length === 0 && held.length > 0 ? 'neither' : 'before';
}

/** The reason of an outcome that nobody was told of and that the directory shows. */
export const FOUND = 'found so in the directory: the answer of the server had been lost';

/** How the edits of a request stand in the directory, and what there is to say where they are neither before nor after. */
export interface Found {
  readonly stand: Stand;
  /** Of each edit by itself; none where the entry cannot be looked at. */
  readonly stands: readonly Stand[];
  readonly held: string;
}

/** Compares the edits of a request with what its entry holds. Throws when the directory cannot be read. */
export async function compareWithEntry(
  edits: readonly Edit[],
  guard: Guard,
  writer: EntryWriter,
): Promise<Found> {
  const entry = await readEditedEntry(edits, writer);
  if (typeof entry === 'string') return { stand: 'neither', stands: [], held: entry };
  const stands = edits.map((edit) => guardedStand(edit, entry.values(edit.attribute), guard));
  const odd = edits[Math.max(stands.indexOf('neither'), 0)];
  const held = odd ? `${odd.attribute} holds ${show(entry.values(odd.attribute))} now` : '';
  const [first = 'before', ...rest] = stands;
  if (rest.every((stand) => stand === first) && first !== 'neither')
    return { stand: first, stands, held };
  return { stand: 'neither', stands, held: `${held}: someone changed it since` };
}

/** What became of a request whose answer is missing: applied, not carried out (`before`), or unknown. */
export async function lookUp(
  edits: readonly Edit[],
  guard: Guard,
  writer: EntryWriter,
): Promise<Outcome | 'before'> {
  const found = await compareWithEntry(edits, guard, writer);
  return found.stand === 'before' ? 'before' : outcomeShown(found);
}

/** What the values of an entry say of a request that was sent. */
export function outcomeShown({ stand, held }: Found): Outcome {
  return stand === 'after'
    ? { state: 'applied', reason: FOUND }
    : { state: 'unknown', reason: `never answered, and ${held}` };
}

/** Where nothing was to be left, a value that is there was not left by the edit. */
function guardedStand(edit: Edit, held: readonly Value[], { filled, emptied }: Guard): Stand {
  const key = attributeKey(edit);
  const stand = standOf(edit, held, filled.has(key));
  const isRefilled = stand === 'after' && emptied.has(key) && held.length > 0;
  return isRefilled ? 'neither' : stand;
}

/** A look at what a request is about, shortly before it is sent. */
export interface Look {
  /** What someone changed, so that it must not be sent; undefined when nobody did. Throws when nothing can be read. */
  hindrance(): Promise<string | undefined>;
  /** Fulfilled once nothing of it is under way. */
  readonly over: Promise<void>;
}

/** The guard of the server takes another spelling for the old value: what was seen longer ago is looked at again. */
export const FRESH_MS = 50;

/** Begins to look at an entry, also before its turn. */
export function lookAt(request: PlannedRequest, writer: EntryWriter): Look {
  const edits = request.edits.map(({ edit }) => edit);
  const guard = guardOf(request);
  let seen = 0;
  const look = async () => {
    const changed = await overtaken(edits, guard, writer);
    seen = performance.now();
    return changed;
  };
  const first = look();
  const ignore = () => {};
  return {
    hindrance: async () => {
      const changed = await first;
      return performance.now() - seen > FRESH_MS ? look() : changed;
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
    if (lost !== undefined || isTaken) return `${attribute} holds ${show(held, lost)} now`;
  }
  return undefined;
}
