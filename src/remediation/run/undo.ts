import pLimit from 'p-limit';
import { mayWrite, RIGHTS } from '../../ldap/directory/rights.js';
import { includesValue, sameValues } from '../../ldap/format/values.js';
import { puttingBack } from '../../ldap/format/whole-attribute.js';
import type { ApprovedEdit, Edit, EntryWriter, RefusedRow } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import { groupBy } from '../../tables/group.js';
import { isMisread, type Phase, phaseOf } from './compare-entry.js';
import { checkEdits } from './prepare.js';
import type { JournalContent, JournalRequest } from './read-journal.js';
import { replicationLag } from './replication-lag.js';
import {
  attributeKey,
  entryKey,
  onEntry,
  type PlannedRequest,
  readEditedEntry,
} from './requests.js';
import { showValues } from './show-values.js';

/** What an undo would do: the rows are those of the sheet that was applied. */
export interface UndoPlan {
  /** The inverse requests, for `carryOut`: the last one of the journal first. */
  readonly requests: PlannedRequest[];
  /** Rows whose values are not what the journal wrote. */
  readonly refused: RefusedRow[];
  /** Rows with nothing to undo: undone already, or never carried out. */
  readonly settled: RefusedRow[];
}

/** The requests of one entry, last first, and the values that its attributes hold on the way. */
interface Rewind {
  readonly entry: Entry;
  readonly held: Map<string, readonly Value[]>;
  readonly filled: boolean;
  /** Why values as they were before do not mean that there is nothing to undo. */
  readonly lag: string | undefined;
  /** Whether a row is to be undone. */
  readonly wanted: (row: ApprovedEdit) => boolean;
}

/**
 * Compares a journal with the directory as it is now and plans the way back, of all rows or of
 * those with the ids in `only`. Writes nothing; throws when the directory cannot be read.
 */
export async function planUndo(
  journal: JournalContent,
  writer: EntryWriter,
  concurrency: number,
  only?: ReadonlySet<string>,
): Promise<UndoPlan> {
  const wanted = ({ id }: ApprovedEdit) => only?.has(id) ?? true;
  const open = journal.requests.filter(({ state }) => state !== 'stale' && state !== 'failed');
  const last = open.toReversed();
  const chains = groupBy(last, ({ edits }) => (edits[0] ? entryKey(edits[0].edit.entry) : ''));
  const plan: UndoPlan = { requests: [], refused: [], settled: [] };
  const order = new Map<PlannedRequest, number>();
  await pLimit(concurrency).map(chains.values(), async (chain) => {
    const edits = chain.flatMap((request) => request.edits);
    const mine = edits.filter(wanted);
    if (mine.length === 0) return;
    const entry = await readEditedEntry(
      edits.map(({ edit }) => edit),
      writer,
      RIGHTS,
    );
    if (typeof entry === 'string') {
      plan.refused.push(...mine.map(({ row }) => ({ row, reason: entry })));
      return;
    }
    const filled = journal.header.command === 'apply';
    const rewind = {
      entry,
      held: new Map(),
      filled,
      lag: replicationLag(journal.header, writer),
      wanted,
    };
    for (const [index, request] of chain.entries()) {
      for (const inverse of undoRequest(request, chain.slice(index + 1), rewind, plan)) {
        plan.requests.push(inverse);
        order.set(inverse, request.request);
      }
    }
  });
  plan.requests.sort((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0));
  plan.refused.sort((a, b) => a.row - b.row);
  plan.settled.sort((a, b) => a.row - b.row);
  return plan;
}

/** Sorts the rows of one request into the plan; gives the inverse request, if there is one. */
function undoRequest(
  { edits, state }: JournalRequest,
  earlier: readonly JournalRequest[],
  rewind: Rewind,
  plan: UndoPlan,
): readonly PlannedRequest[] {
  const certain = state === 'applied';
  const past = earlier.flatMap((request) => request.edits);
  const misread = certain ? new Set<string>() : misreadIn(edits, rewind);
  const rows = edits.map((approved) => {
    // What was answered was read back as well: whatever lookalikes hold now is somebody else's.
    const edit = certain ? { ...approved.edit, whole: undefined } : approved.edit;
    const phase = misread.has(attributeKey(edit)) ? 'after' : trace(edit, past, rewind);
    const strange = phase === 'after' && wasRefilled(approved, edits, rewind);
    return { approved, phase: strange ? 'neither' : phase };
  });
  // A request is carried out whole or not at all: one edit that was not speaks for the others.
  const untouched = !certain && rows.some(({ phase }) => phase === 'before');
  // Put back in part, it would look as if it had never been carried out.
  const isDivided = !certain && !edits.every(rewind.wanted);
  const inverses: ApprovedEdit[] = [];
  for (const { approved, phase } of rows.filter((one) => rewind.wanted(one.approved))) {
    const { row, edit } = approved;
    if (phase === 'after' && isDivided) plan.refused.push({ row, reason: together(edits) });
    else if (phase === 'after' && !untouched) inverses.push(inverse(approved, rewind.entry));
    else if (phase === 'before' && rewind.lag) plan.refused.push({ row, reason: rewind.lag });
    else if (phase === 'before') {
      plan.settled.push({
        row,
        reason: certain ? 'undone already' : 'undone or never carried out',
      });
    } else {
      const doubt =
        'nobody can tell whether it was carried out: other rows of its request were not';
      const reason = phase === 'after' ? doubt : strayed(edit, heldOf(edit, rewind));
      plan.refused.push({ row, reason });
    }
  }
  const candidates = inMisread(inverses, misread, edits, rewind).map((approved) => ({
    approved,
    held: heldOf(approved.edit, rewind),
    allowed: mayWrite(rewind.entry, approved.edit.attribute),
  }));
  const { requests, refused } = checkEdits(candidates, 'add');
  plan.refused.push(...refused);
  for (const request of requests) for (const { edit } of request.edits) advance(edit, rewind);
  return requests;
}

/** The attributes of a request of which a server may have taken one value for another. */
function misreadIn(edits: readonly ApprovedEdit[], rewind: Rewind): ReadonlySet<string> {
  const byAttribute = groupBy(
    edits.map(({ edit }) => edit),
    attributeKey,
  );
  const misread = [...byAttribute].filter(
    ([, [first, ...rest]]) => first && isMisread([first, ...rest], heldOf(first, rewind)),
  );
  return new Set(misread.map(([key]) => key));
}

/** The inverses; of those of a misread attribute the first puts all of it back. */
function inMisread(
  inverses: readonly ApprovedEdit[],
  misread: ReadonlySet<string>,
  edits: readonly ApprovedEdit[],
  rewind: Rewind,
): readonly ApprovedEdit[] {
  const done = new Set<string>();
  return inverses.flatMap((approved) => {
    const key = attributeKey(approved.edit);
    if (!misread.has(key)) return [approved];
    if (done.has(key)) return [];
    done.add(key);
    const own = edits.map(({ edit }) => edit).filter((edit) => attributeKey(edit) === key);
    const back = puttingBack(own, heldOf(approved.edit, rewind));
    return [{ ...approved, edit: { ...approved.edit, ...back } }];
  });
}

function together(edits: readonly ApprovedEdit[]): string {
  const ids = edits.map(({ id }) => id).join(',');
  return `nobody was told whether it was carried out: put all rows of its entry back at once: ${ids}`;
}

/** The phase of an edit, in the light of the earlier edits of the entry (`past`, last first). */
function trace(edit: Edit, past: readonly ApprovedEdit[], rewind: Rewind): Phase {
  const held = heldOf(edit, rewind);
  const phase = phaseOf(edit, held, rewind.filled);
  if (phase === 'before') return phase;
  const present = edit.after.filter((value) => includesValue(held, value));
  return wasRewound(edit, past, rewind, present) ? 'before' : phase;
}

/** Whether an attribute that was left empty holds what none of the edits took out of it. */
function wasRefilled(
  { edit, empties = false }: ApprovedEdit,
  edits: readonly ApprovedEdit[],
  rewind: Rewind,
): boolean {
  const own = edits.filter((other) => attributeKey(other.edit) === attributeKey(edit));
  const isOurs = (value: Value) => own.some((other) => includesValue(other.edit.before, value));
  return empties && !heldOf(edit, rewind).every(isOurs);
}

/**
 * Whether the edit that made what this one replaced is itself undone: then both are. What is
 * present of the values that the later one wrote must be what the earlier one had found.
 */
function wasRewound(
  edit: Edit,
  past: readonly ApprovedEdit[],
  rewind: Rewind,
  present: readonly Value[],
): boolean {
  return past.some(({ edit: cause }, index) => {
    if (attributeKey(cause) !== attributeKey(edit) || !sameValues(cause.after, edit.before))
      return false;
    const undone = phaseOf(cause, heldOf(cause, rewind), rewind.filled) === 'before';
    if (undone && present.every((value) => includesValue(cause.before, value))) return true;
    return wasRewound(cause, past.slice(index + 1), rewind, present);
  });
}

function inverse(approved: ApprovedEdit, entry: Entry): ApprovedEdit {
  const { row, id, edit } = onEntry(approved, entry);
  return { row, id, edit: { ...edit, before: edit.after, after: edit.before } };
}

/** Whoever decides about a row that someone else changed must see their value among the others. */
const SHOWN = 20;

function strayed({ attribute, after }: Edit, held: readonly Value[]): string {
  return `${attribute} was left with ${showValues(after)} and holds ${showValues(held, after[0], SHOWN)} now`;
}

/** The values held once the inverse requests planned so far are carried out. */
function heldOf(edit: Edit, { entry, held }: Rewind): readonly Value[] {
  return held.get(attributeKey(edit)) ?? entry.values(edit.attribute);
}

function advance(edit: Edit, rewind: Rewind): void {
  const kept = heldOf(edit, rewind).filter((value) => !includesValue(edit.before, value));
  rewind.held.set(attributeKey(edit), [...kept, ...edit.after]);
}
