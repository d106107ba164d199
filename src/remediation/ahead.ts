import type { Journal } from './journal.js';
import type { PlannedRequest } from './prepare.js';

/**
 * Requests that may be on record ahead of their turn: after a crash each of them must be looked up, and each flush
 * brings to disk what all others on this machine have written.
 */
const MOST_AHEAD = 256;

/** The record of what is to be sent, some of it ahead of its turn. */
export interface Intentions {
  /** Fulfilled once the request at this place is on disk. */
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
