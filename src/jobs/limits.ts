import { ExpectedError } from '../errors.js';
import type { RefusedRow } from '../model/change.js';
import type { Setting } from '../model/setting.js';
import type { PlannedRequest } from '../remediation/run/requests.js';

/** How much a run may change, and when it stops. */
export interface LimitFlags {
  readonly concurrency: number;
  readonly maxChanges: string;
  readonly maxFailures: number;
}

/** Entries to read at the same time while a plan is made: it is light for the server, and nothing is under way yet. */
export const READS = 64;

/** Rows of a sheet or a journal that another server is to be asked for: this one leaves them as they are. */
export interface Elsewhere {
  /** How many there are, by the part of the tree that their entries lie in. */
  readonly rows: ReadonlyMap<string, number>;
  /** Whether there is nothing else to do. */
  readonly isAll: boolean;
}

/** What a command means to write, and what it found that it will not. */
export interface WritePlan {
  readonly requests: readonly PlannedRequest[];
  /** Requests to put on record without sending them. */
  readonly found?: readonly PlannedRequest[];
  readonly refused: readonly RefusedRow[];
  /** What else there is to say in the totals, such as the rows left alone. */
  readonly remarks: readonly string[];
  readonly elsewhere: Elsewhere;
}

/** Refuses what is no whole number from 1 on. */
export function checkCount(setting: Setting, value: number, usual?: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  const hint = usual === undefined ? 'Leave it out for all.' : `Leave it out for ${usual}.`;
  throw new ExpectedError((nameOf) => `${nameOf(setting)} must be a whole number from 1 on.`, hint);
}
