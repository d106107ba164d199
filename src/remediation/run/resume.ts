import pLimit from 'p-limit';
import { normaliseDn } from '../../ldap/format/dn.js';
import { sameValues } from '../../ldap/format/values.js';
import type { ApprovedEdit, EntryWriter, Outcome, RefusedRow } from '../../model/change.js';
import type { EntryRef } from '../../model/entry.js';
import { groupBy } from '../../tables/group.js';
import { printable } from '../../text/printable.js';
import { compareWithEntry, outcomeShown } from './compare-entry.js';
import { NO_ROW } from './journal.js';
import type { JournalContent, JournalRequest } from './read-journal.js';
import { replicationLag } from './replication-lag.js';
import { attributeKey, entryKey, guardOf, type PlannedRequest } from './requests.js';

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

/** The rows of one entry, what the journals have of it last, and why a look at it may say nothing. */
interface Part {
  readonly rows: readonly ApprovedEdit[];
  readonly request: JournalRequest | undefined;
  readonly lag: string | undefined;
}

/**
 * Compares a sheet with the journals of the interrupted run (the oldest first). An entry that was
 * applied is done, unless it was put back since; one that was never answered is looked up; all others are the rest.
 * Writes nothing; throws when the directory cannot be read.
 */
export async function planResume(
  journals: readonly JournalContent[],
  approved: readonly ApprovedEdit[],
  writer: EntryWriter,
  concurrency: number,
): Promise<ResumePlan> {
  const parts = partsOf(journals, approved, writer);
  const plans = await pLimit(concurrency).map(parts, (part) => resumePart(part, writer));
  return {
    rest: plans.flatMap(({ rest = [] }) => rest).toSorted((a, b) => a.row - b.row),
    found: plans.flatMap(({ found = [] }) => found),
    done: plans.flatMap(({ done = [] }) => done),
    refused: plans.flatMap(({ refused = [] }) => refused),
  };
}

const PUT_BACK =
  'the interrupted run applied this, and it was put back since: apply the sheet anew, not this journal, if it is wanted';
const LEFT_OUT = 'the interrupted run changed this entry without this row: apply the sheet again';

/** Puts the rows of the sheet beside the last request for their entry; requests without rows stay. */
function partsOf(
  journals: readonly JournalContent[],
  approved: readonly ApprovedEdit[],
  writer: EntryWriter,
): Part[] {
  const last = new Map<string, Omit<Part, 'rows'>>();
  const alias = new Map<string, string>();
  for (const { header, requests } of journals) {
    const lag = replicationLag(header, writer);
    for (const request of requests) {
      const ref = request.edits[0]?.edit.entry;
      if (!ref) continue;
      last.set(entryKey(ref), { request, lag });
      alias.set(normaliseDn(ref.dn), entryKey(ref));
    }
  }
  const keyOf = (ref: EntryRef) =>
    (ref.guid === undefined ? alias.get(normaliseDn(ref.dn)) : undefined) ?? entryKey(ref);
  const rows = groupBy(approved, ({ edit }) => keyOf(edit.entry));
  const keys = new Set([...last.keys(), ...rows.keys()]);
  const unknown = { request: undefined, lag: undefined };
  return [...keys].map((key) => ({ rows: rows.get(key) ?? [], ...(last.get(key) ?? unknown) }));
}

async function resumePart(part: Part, writer: EntryWriter): Promise<Partial<ResumePlan>> {
  const { rows, request, lag } = part;
  if (!request || request.state === 'failed' || request.state === 'stale') return { rest: rows };
  const edits = request.edits.map(({ edit }) => edit);
  // An edit of a sheet that has no old value found none.
  const fills = new Set(edits.map(attributeKey));
  const found = await compareWithEntry(edits, guardOf({ edits: request.edits, fills }), writer);
  const { known, other } = match(part);
  const leftOut = other.map(({ row }) => ({ row, reason: LEFT_OUT }));
  if (request.state === 'applied') {
    const isBack = (row: ApprovedEdit) =>
      found.phases[request.edits.findIndex((one) => sameChange(one, row))] === 'before';
    const back = known.filter(isBack).map(({ row }) => ({ row, reason: lag ?? PUT_BACK }));
    return { done: known.filter((row) => !isBack(row)), refused: [...back, ...leftOut] };
  }
  if (found.phase === 'before') return lag ? { refused: refusedIn(part, lag) } : { rest: rows };
  const outcome = outcomeShown(found);
  if (outcome.state !== 'applied') return { refused: refusedIn(part, outcome.reason) };
  return { found: foundIn(request, rows, outcome), refused: leftOut };
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
  return sameAttribute && sameValues(a.before, b.before) && sameValues(a.after, b.after);
}

/** The request for the record of this run. */
function foundIn(
  request: JournalRequest,
  rows: readonly ApprovedEdit[],
  carriedOut: Outcome,
): PlannedRequest[] {
  const ref = request.edits[0]?.edit.entry;
  if (!ref) return [];
  const edits = request.edits.map((recorded) => {
    // The numbers on record are those of the sheet as it was then.
    const { row, id } = rows.find((one) => sameChange(recorded, one)) ?? {
      ...recorded,
      row: NO_ROW,
    };
    return { ...recorded, row, id };
  });
  return [{ ref, edits, carriedOut }];
}

/** Refuses the rows of an entry; where the sheet has none, what is on record of it. */
function refusedIn({ rows, request }: Part, reason: string): readonly RefusedRow[] {
  if (rows.length > 0) return rows.map(({ row }) => ({ row, reason }));
  const entries = new Set(request?.edits.map(({ edit }) => edit.entry.dn));
  return [...entries].map((dn) => ({ row: NO_ROW, reason: `${printable(dn)}: ${reason}` }));
}
