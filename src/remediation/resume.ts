import pLimit from 'p-limit';
import { includesValue } from '../ldap/attributes.js';
import { normaliseDn } from '../ldap/dn.js';
import type { ApprovedEdit, EntryRef, EntryWriter, Outcome, RefusedRow, Value } from '../model.js';
import { printable } from '../printable.js';
import { NO_ROW } from './journal.js';
import { lookUp } from './look.js';
import { attributeKey, entryKey, groupBy, guardOf, type PlannedRequest } from './prepare.js';
import type { JournalRequest } from './read-journal.js';

/** What is left to do of an interrupted run. */
export interface ResumePlan {
  /** Rows of the sheet to prepare as if for the first time. */
  readonly rest: readonly ApprovedEdit[];
  /** Requests that the directory shows to be carried out though no answer is on record. */
  readonly found: readonly PlannedRequest[];
  /** Rows that the journals have as applied. */
  readonly done: readonly ApprovedEdit[];
  readonly refused: readonly RefusedRow[];
}

/** The rows of one entry, and what the journal has of it last. */
interface Part {
  readonly rows: readonly ApprovedEdit[];
  readonly request: JournalRequest | undefined;
}

/**
 * Compares a sheet with the journals of the interrupted run (the oldest first). An entry that was
 * applied is done, unless it was put back since; one that was never answered is looked up; all others are the rest.
 * Writes nothing; throws when the directory cannot be read.
 */
export async function planResume(
  journals: readonly (readonly JournalRequest[])[],
  approved: readonly ApprovedEdit[],
  writer: EntryWriter,
  concurrency: number,
): Promise<ResumePlan> {
  const looked = await pLimit(concurrency).map(
    partsOf(journals.flat(), approved),
    async (part) => ({
      part,
      outcome: await outcomeOf(part, writer),
    }),
  );
  const plan = { rest: [] as ApprovedEdit[], found: [] as PlannedRequest[] };
  const done: ApprovedEdit[] = [];
  const refused: RefusedRow[] = [];
  for (const { part, outcome } of looked) {
    if (outcome === 'before') plan.rest.push(...part.rows);
    else if (outcome.state === 'applied') {
      const { known, other } = match(part);
      const found = foundIn(part, outcome);
      plan.found.push(...found);
      if (found.length === 0) done.push(...known);
      refused.push(...other.map(({ row }) => ({ row, reason: LEFT_OUT })));
    } else refused.push(...refusedIn(part, outcome.reason));
  }
  return { ...plan, rest: plan.rest.toSorted((a, b) => a.row - b.row), done, refused };
}

const PUT_BACK =
  'the interrupted run applied this, and it was put back since: apply the sheet without --resume if it is wanted';
const LEFT_OUT = 'the interrupted run changed this entry without this row: apply the sheet again';

/** Puts the rows of the sheet beside the last request for their entry; requests without rows stay. */
function partsOf(requests: readonly JournalRequest[], approved: readonly ApprovedEdit[]): Part[] {
  const last = new Map<string, JournalRequest>();
  const alias = new Map<string, string>();
  for (const request of requests) {
    const ref = request.edits[0]?.edit.entry;
    if (!ref) continue;
    last.set(entryKey(ref), request);
    alias.set(normaliseDn(ref.dn), entryKey(ref));
  }
  const keyOf = (ref: EntryRef) =>
    (ref.guid === undefined ? alias.get(normaliseDn(ref.dn)) : undefined) ?? entryKey(ref);
  const rows = groupBy(approved, ({ edit }) => keyOf(edit.entry));
  const keys = new Set([...last.keys(), ...rows.keys()]);
  return [...keys].map((key) => ({ rows: rows.get(key) ?? [], request: last.get(key) }));
}

async function outcomeOf({ request }: Part, writer: EntryWriter): Promise<Outcome | 'before'> {
  if (!request || request.state === 'failed' || request.state === 'stale') return 'before';
  const edits = request.edits.map(({ edit }) => edit);
  // An edit of a sheet that has no old value found none.
  const fills = new Set(edits.map(attributeKey));
  const found = await lookUp(edits, guardOf({ edits: request.edits, fills }), writer);
  if (request.state !== 'applied') return found;
  return found === 'before'
    ? { state: 'stale', reason: PUT_BACK }
    : { state: 'applied', reason: request.reason };
}

/** The rows that the request has, and those that it has not. */
function match({ rows, request }: Part) {
  const isKnown = (row: ApprovedEdit) =>
    request?.edits.some((recorded) => sameChange(recorded, row)) ?? false;
  return { known: rows.filter(isKnown), other: rows.filter((row) => !isKnown(row)) };
}

/** Of the same entry, that is; an edit on record may have bytes where the sheet has text. */
function sameChange({ edit: a }: ApprovedEdit, { edit: b }: ApprovedEdit): boolean {
  const sameAttribute = attributeKey(a) === attributeKey(b);
  return sameAttribute && sameList(a.before, b.before) && sameList(a.after, b.after);
}

function sameList(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value) => includesValue(b, value));
}

/** The request for the record of this run, unless the journal had its outcome already. */
function foundIn({ rows, request }: Part, known: Outcome): PlannedRequest[] {
  const ref = request?.edits[0]?.edit.entry;
  if (!request || !ref || request.state === 'applied') return [];
  const edits = request.edits.map((recorded) => {
    // The numbers on record are those of the sheet as it was then.
    const { row, id } = rows.find((one) => sameChange(recorded, one)) ?? {
      ...recorded,
      row: NO_ROW,
    };
    return { ...recorded, row, id };
  });
  return [{ ref, edits, known }];
}

/** Refuses the rows of an entry; where the sheet has none, what is on record of it. */
function refusedIn({ rows, request }: Part, reason: string): readonly RefusedRow[] {
  if (rows.length > 0) return rows.map(({ row }) => ({ row, reason }));
  const entries = new Set(request?.edits.map(({ edit }) => edit.entry.dn));
  return [...entries].map((dn) => ({ row: NO_ROW, reason: `${printable(dn)}: ${reason}` }));
}
