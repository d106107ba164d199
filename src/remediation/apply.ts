import pLimit from 'p-limit';
import { includesValue } from '../ldap/attributes.js';
import type { Edit, EntryWriter, Outcome, OutcomeState } from '../model.js';
import type { Journal } from './journal.js';
import { entryKey, groupBy, type PlannedRequest, readEntry, show } from './prepare.js';

/** What became of a row. */
export interface RowOutcome {
  readonly row: number;
  readonly id: string;
  readonly edit: Edit;
  readonly state: OutcomeState | 'not attempted';
  /** Why it was not applied, or is not known to be; when applied only what was out of the ordinary. */
  readonly reason: string;
}

/** Why a run ended before its time: the words, and the error behind them if there is one. */
export interface Stop {
  readonly reason: string;
  readonly cause: unknown;
}

/** How a run ended: every row in the order of the requests, and how many there are by state. */
export interface Results {
  readonly rows: readonly RowOutcome[];
  readonly counts: Readonly<Record<RowOutcome['state'], number>>;
  readonly stopped: Stop | undefined;
}

export interface RunOptions {
  /** How many requests may be under way at once. */
  readonly concurrency: number;
  /** Ends the run when so many requests in a row failed or were never answered. */
  readonly maxFailures?: number;
  /** Lets the requests under way finish and starts no other. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each row that was attempted, once its outcome is in the journal. */
  readonly onOutcome?: ((outcome: RowOutcome) => void) | undefined;
}

/**
 * Sends the requests, those of one entry one after the other in their order. Each is in the
 * journal before it leaves. When the connection or the journal fails, or at the signal, requests
 * under way are finished and the rest is reported as not attempted. Does not throw for that.
 */
export async function carryOut(
  requests: readonly PlannedRequest[],
  writer: EntryWriter,
  journal: Journal,
  { concurrency, maxFailures = Number.POSITIVE_INFINITY, signal, onOutcome }: RunOptions,
): Promise<Results> {
  let stopped: Stop | undefined;
  let failures = 0;
  let recorded = Promise.resolve();
  const outcomes = new Map<PlannedRequest, Outcome>();
  const steps = requests.map((request, index) => ({ number: index + 1, request }));
  const chains = groupBy(steps, ({ request }) => entryKey(request.ref));
  /** The next request need not wait: its intention reaches the disk after this outcome, or not at all. */
  const record = async (number: number, request: PlannedRequest, outcome: Outcome) => {
    try {
      await journal.outcome(number, outcome);
      if (onOutcome) rowsOf(request, outcome).forEach(onOutcome);
    } catch (cause) {
      stopped ??= { reason: messageOf(cause), cause };
    }
  };
  await pLimit(concurrency).map(chains.values(), async (chain) => {
    for (const { number, request } of chain) {
      if (signal?.aborted) stopped ??= { reason: 'interrupted', cause: undefined };
      if (stopped) return;
      const { outcome, stop } = await attempt(number, request, writer, journal);
      stopped ??= stop;
      if (!outcome) return;
      outcomes.set(request, outcome);
      const recording = record(number, request, outcome);
      recorded = recorded.then(() => recording);
      failures = inARow(failures, outcome);
      if (failures >= maxFailures) stopped ??= { reason: tooMany(failures), cause: undefined };
    }
  });
  await recorded;
  const left = { state: 'not attempted', reason: stopped?.reason ?? '' } as const;
  const rows = requests.flatMap((request) => rowsOf(request, outcomes.get(request) ?? left));
  return { rows, counts: count(rows), stopped };
}

/** Someone else's change is no failure, and no success either. */
function inARow(failures: number, { state }: Outcome): number {
  if (state === 'stale') return failures;
  return state === 'applied' ? 0 : failures + 1;
}

function tooMany(failures: number): string {
  return `${failures} ${failures === 1 ? 'entry' : 'entries in a row'} could not be changed`;
}

/** What came of one request: no outcome when it could not be written down and was not sent. */
interface Attempt {
  readonly outcome: Outcome | undefined;
  readonly stop?: Stop;
}

async function attempt(
  number: number,
  request: PlannedRequest,
  writer: EntryWriter,
  journal: Journal,
): Promise<Attempt> {
  try {
    await journal.intended(number, request.edits);
  } catch (cause) {
    return { outcome: undefined, stop: { reason: messageOf(cause), cause } };
  }
  return request.known ? { outcome: request.known } : send(request, writer);
}

/** Sends a request; looks again first, for the guard of the server takes another spelling for the old value. */
async function send(request: PlannedRequest, writer: EntryWriter): Promise<Attempt> {
  const { ref, edits } = request;
  try {
    const changed = await overtaken(request, writer);
    if (changed !== undefined) return { outcome: { state: 'stale', reason: changed } };
  } catch (cause) {
    const reason = `not sent, for the entry could not be read again: ${messageOf(cause)}`;
    return { outcome: { state: 'failed', reason }, stop: { reason: messageOf(cause), cause } };
  }
  try {
    const edit = edits.map((approved) => approved.edit);
    return { outcome: await writer.modify(ref.dn, edit) };
  } catch (cause) {
    const reason = `never answered: ${messageOf(cause)}; undo and --resume look what became of it`;
    return { outcome: { state: 'unknown', reason }, stop: { reason: messageOf(cause), cause } };
  }
}

async function overtaken(
  { edits, fills }: PlannedRequest,
  writer: EntryWriter,
): Promise<string | undefined> {
  const entry = await readEntry(
    edits.map(({ edit }) => edit),
    writer,
  );
  if (typeof entry === 'string') return entry;
  for (const { edit } of edits) {
    const held = entry.values(edit.attribute);
    const lost = edit.before.find((value) => !includesValue(held, value));
    const isTaken = fills && edit.before.length === 0 && held.length > 0;
    if (lost !== undefined || isTaken) return `${edit.attribute} holds ${show(held, lost)} now`;
  }
  return undefined;
}

function rowsOf(
  { edits }: PlannedRequest,
  { state, reason }: Omit<RowOutcome, 'row' | 'id' | 'edit'>,
) {
  return edits.map(({ row, id, edit }): RowOutcome => ({ row, id, edit, state, reason }));
}

function count(rows: readonly RowOutcome[]): Results['counts'] {
  const counts = { applied: 0, stale: 0, failed: 0, unknown: 0, 'not attempted': 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
