import type { EntryWriter } from '../../model/change.js';
import { checkEntry, type EntryCheck, FRESH_MS } from './compare-entry.js';
import type { Journal } from './journal.js';
import type { PlannedRequest } from './requests.js';

/** A request and its index in the order in which requests go on record. */
export interface Step {
  readonly at: number;
  readonly request: PlannedRequest;
  /** Whether it is the first of its entry: it waits for no other. */
  readonly isFirst: boolean;
}

/**
 * Requests that may be on record ahead of their turn: after a crash each of them must be looked up, and each flush
 * brings to disk what all others on this machine have written.
 */
const MOST_AHEAD = 256;

/** The record of what is to be sent, some of it ahead of its turn. */
export interface Intentions {
  /** Fulfilled once the request with this index is on disk. */
  recorded(at: number): Promise<void>;
  /** Takes back what is on record of the requests that were not attempted. */
  withdraw(isAttempted: (request: PlannedRequest) => boolean, reason: string): Promise<void>;
}

/**
 * Puts requests on record in their order, so that one flush serves many and the next is done before it is needed.
 * No more go ahead than were applied before: a run that fails at once leaves nothing to look up.
 */
export function intentions(
  requests: readonly PlannedRequest[],
  journal: Journal,
  countApplied: () => number,
): Intentions {
  const records: Promise<void>[] = [];
  const recordNext = (request: PlannedRequest) => {
    const record = journal.intended(records.length + 1, request.edits);
    // Whoever waits for it hears of a failure; nobody may.
    record.catch(() => {});
    records.push(record);
  };
  return {
    recorded: async (at) => {
      const ahead = Math.min(MOST_AHEAD, countApplied());
      const isLow = records.length <= at + ahead / 2;
      if (isLow) requests.slice(records.length, at + ahead + 1).forEach(recordNext);
      await records[at];
    },
    withdraw: async (isAttempted, reason) => {
      const end = { state: 'not attempted', reason } as const;
      const left = [...requests.entries()].slice(0, records.length);
      const lines = left.filter(([, request]) => !isAttempted(request));
      const told = lines.map(([at]) => journal.outcome(at + 1, end));
      journal.hurry();
      await Promise.all(told);
    },
  };
}

/** Checks further ahead spare the server little. */
const FURTHEST = 32;

/**
 * Whether the check of an entry may be some time old. Where an attribute must still be empty it is all there is: no
 * request can be refused for a value that it does not know of.
 */
function isReady({ isFirst, request: { carriedOut, fills } }: Step): boolean {
  return isFirst && !carriedOut && !fills?.size;
}

/** The checks of entries, some begun ahead of their turn. */
export interface EntryChecks {
  /** The check of the entry of a step whose turn it is. */
  at(step: Step): EntryCheck;
  /** Begins those that follow a step whose request was just sent. */
  beyond(step: Step): void;
  /** Fulfilled once no check is under way: none must outlive the connection. */
  over(): Promise<unknown>;
}

/**
 * Begins checks some steps ahead, so that one search serves several and none is waited for: one step for each request
 * that may be under way, and as many more as are carried out in half the time for which a check holds.
 */
export function checksAhead(
  steps: readonly Step[],
  writer: EntryWriter,
  concurrency: number,
): EntryChecks {
  const begun = new Map<number, EntryCheck>();
  const started = performance.now();
  let next = 0;
  const spanAt = (at: number) => {
    const pace = at / (performance.now() - started + FRESH_MS);
    return Math.min(Math.max(concurrency, (pace * FRESH_MS) / 2), FURTHEST);
  };
  const beginUpTo = (last: number) => {
    for (; next <= last && next < steps.length; next += 1) {
      const step = steps[next];
      if (step && isReady(step)) begun.set(next, checkEntry(step.request, writer));
    }
  };
  return {
    at: ({ at, request }) => {
      beginUpTo(at);
      const check = begun.get(at) ?? checkEntry(request, writer);
      begun.delete(at);
      return check;
    },
    beyond: ({ at }) => {
      const span = spanAt(at);
      if (next <= at + Math.max(concurrency, span / 2)) beginUpTo(at + span);
    },
    over: () => Promise.all(Array.from(begun.values(), ({ over }) => over)),
  };
}
