import { LogonError, UnavailableError } from '../../ldap/protocol/result-codes.js';
import type { Edit, EntryWriter, Outcome } from '../../model/change.js';
import { groupBy } from '../../tables/group.js';
import type { End, Journal } from './journal.js';
import {
  checksAhead,
  type EntryChecks,
  type Intentions,
  intentions,
  type Step,
} from './read-ahead.js';
import { readBack } from './read-back.js';
import {
  type Attempt,
  entryKey,
  guardOf,
  messageOf,
  type PlannedRequest,
  type Stop,
} from './requests.js';

/** What became of a row. */
export interface RowOutcome extends End {
  readonly row: number;
  readonly id: string;
  readonly edit: Edit;
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
  options: RunOptions,
): Promise<Results> {
  const chains = chainsOf(requests);
  const course = courseOf(journal, options);
  const steps = chains.flat();
  const ordered = steps.map(({ request }) => request);
  const record = intentions(ordered, journal, course.countApplied);
  const checks = checksAhead(steps, writer, options.concurrency);
  const queue = chains.values();
  const workers = Math.min(options.concurrency, chains.length);
  await Promise.all(
    Array.from({ length: workers }, () => work(stepsOf(queue), { writer, record, checks, course })),
  );
  await checks.over();
  const { outcomes, stopped } = await course.ended();
  const left = { state: 'not attempted', reason: stopped?.reason ?? '' } as const;
  // What cannot be taken back stays on record as intended, and is looked up.
  await record.withdraw((request) => outcomes.has(request), left.reason).catch(() => {});
  const rows = requests.flatMap((request) => rowsOf(request, outcomes.get(request) ?? left));
  return { rows, counts: count(rows), stopped };
}

/** The requests of each entry, in their order. */
function chainsOf(requests: readonly PlannedRequest[]): Step[][] {
  let at = 0;
  const chains = groupBy(requests, ({ ref }) => entryKey(ref));
  return [...chains.values()].map((chain) =>
    chain.map((request, index) => ({ at: at++, request, isFirst: index === 0 })),
  );
}

/** The steps of one worker: of the next chain that nobody took, and so on. */
function* stepsOf(queue: Iterator<Step[]>): Generator<Step> {
  for (let next = queue.next(); !next.done; next = queue.next()) yield* next.value;
}

/** How a run goes. */
interface Course {
  /** Whether no further request is to be begun: also at the signal. */
  isOver(): boolean;
  /** Whether something failed, so that not even a request that is ready may leave. */
  isBroken(): boolean;
  take(step: Step, attempt: Attempt): void;
  countApplied(): number;
  /** Fulfilled once every outcome is on disk, or cannot be. */
  ended(): Promise<{
    readonly outcomes: ReadonlyMap<PlannedRequest, Outcome>;
    readonly stopped: Stop | undefined;
  }>;
}

function courseOf(
  journal: Journal,
  { maxFailures = Number.POSITIVE_INFINITY, signal, onOutcome }: RunOptions,
): Course {
  let stopped: Stop | undefined;
  let failures = 0;
  let applied = 0;
  let told = Promise.resolve();
  const outcomes = new Map<PlannedRequest, Outcome>();
  /** The next request need not wait: after a crash the directory tells what became of this one. */
  const tell = async ({ at, request }: Step, outcome: Outcome) => {
    try {
      await journal.outcome(at + 1, outcome);
      if (onOutcome) rowsOf(request, outcome).forEach(onOutcome);
    } catch (cause) {
      stopped ??= { reason: messageOf(cause), cause };
    }
  };
  return {
    isOver: () => {
      if (signal?.aborted) stopped ??= { reason: 'interrupted', cause: undefined };
      return stopped !== undefined;
    },
    isBroken: () => stopped !== undefined,
    take: (step, { outcome, stop }) => {
      stopped ??= stop;
      if (!outcome) return;
      outcomes.set(step.request, outcome);
      const telling = tell(step, outcome);
      told = told.then(() => telling);
      failures = inARow(failures, outcome);
      if (outcome.state === 'applied') applied += 1;
      if (failures >= maxFailures) stopped ??= { reason: tooMany(failures), cause: undefined };
    },
    countApplied: () => applied,
    ended: async () => {
      journal.hurry();
      await told;
      return { outcomes, stopped };
    },
  };
}

/** What the workers of a run share. */
interface Run {
  readonly writer: EntryWriter;
  readonly record: Intentions;
  readonly checks: EntryChecks;
  readonly course: Course;
}

/** Carries out steps one by one. */
async function work(steps: Iterable<Step>, run: Run): Promise<void> {
  for (const step of steps) {
    if (run.course.isOver()) return;
    let attempt = await clear(step, run);
    if (!attempt) {
      const sending = send(step.request, run.writer);
      // Behind the request: what is seen now is fresh when the answer to it is there.
      run.checks.beyond(step);
      attempt = await sending;
    }
    run.course.take(step, attempt);
  }
}

/** Someone else's change is no failure, and no success either. */
function inARow(failures: number, { state }: Outcome): number {
  if (state === 'stale') return failures;
  return state === 'applied' ? 0 : failures + 1;
}

function tooMany(failures: number): string {
  return `${failures} ${failures === 1 ? 'entry' : 'entries in a row'} could not be changed`;
}

/** Puts a request on record and checks its entry; gives what came of it if it must not be sent. */
async function clear(step: Step, { record, checks, course }: Run): Promise<Attempt | undefined> {
  const { at, request } = step;
  const check = request.carriedOut ? undefined : checks.at(step);
  try {
    await record.recorded(at);
  } catch (cause) {
    return { outcome: undefined, stop: { reason: messageOf(cause), cause } };
  }
  if (!check) return { outcome: request.carriedOut };
  try {
    const reason = await check.hindrance();
    if (reason !== undefined) return { outcome: { state: 'stale', reason } };
    return course.isBroken() ? { outcome: undefined } : undefined;
  } catch (cause) {
    const reason = `not sent, for the entry could not be read again: ${messageOf(cause)}`;
    return { outcome: { state: 'failed', reason }, stop: { reason: messageOf(cause), cause } };
  }
}

async function send(request: PlannedRequest, writer: EntryWriter): Promise<Attempt> {
  try {
    const edits = request.edits.map(({ edit }) => edit);
    const outcome = await writer.modify(request.ref.dn, edits, guardOf(request));
    return await readBack(request, outcome, writer);
  } catch (cause) {
    const message = messageOf(cause);
    const outcome: Outcome = neverLeft(cause)
      ? { state: 'failed', reason: `not sent: ${message}` }
      : {
          state: 'unknown',
          reason: `never answered: ${message}; an undo, and a run that goes on from this journal, look what became of it`,
        };
    return { outcome, stop: { reason: message, cause } };
  }
}

/** Whether a failure says for certain that nothing was sent; of any other the directory must be asked. */
function neverLeft(cause: unknown): boolean {
  return cause instanceof UnavailableError || cause instanceof LogonError;
}

function rowsOf({ edits }: PlannedRequest, { state, reason }: End) {
  return edits.map(({ row, id, edit }): RowOutcome => ({ row, id, edit, state, reason }));
}

function count(rows: readonly RowOutcome[]): Results['counts'] {
  const counts = { applied: 0, stale: 0, failed: 0, unknown: 0, 'not attempted': 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
