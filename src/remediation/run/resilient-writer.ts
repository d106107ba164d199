import { ExpectedError } from '../../errors.js';
import {
  type Patience,
  persistence,
  type Sessions,
  sessions,
} from '../../ldap/protocol/patience.js';
import { isBusy, UnavailableError, UnknownOutcomeError } from '../../ldap/protocol/result-codes.js';
import type { Edit, EntryWriter, Guard, Outcome } from '../../model/change.js';
import type { Entry } from '../../model/entry.js';
import { compareWithEntry, FRESH_MS, lookUp, outcomeShown } from './compare-entry.js';

/** A writer on one connection. */
export interface Target extends EntryWriter {
  /** How many users, groups and contacts there are to write to. */
  count(): Promise<number>;
  /** Users, groups and contacts that match a filter (RFC 4515). */
  find(filter: string, attributes: readonly string[]): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

type Use = Sessions<Target>['use'];

/**
 * A writer that waits for a busy server and opens a new session for a lost one. A change that was
 * never answered is looked up in the directory before it is sent again. Throws what the last
 * attempt threw; a failure of the very first `open` at once.
 */
export async function resilientWriter(
  open: () => Promise<Target>,
  patience: Patience,
): Promise<Target> {
  const first = await open();
  const { name, host } = first;
  const { use, close } = sessions(first, open);
  const persistent = persistence(patience);
  const persist = <T>(action: (session: Target) => Promise<T>) => persistent(() => use(action));
  return {
    name,
    host,
    elsewhere: (dn) => persist(async (session) => session.elsewhere?.(dn)),
    read: (ref, attributes) => persist((session) => session.read(ref, attributes)),
    count: () => persist((session) => session.count()),
    find: (filter, attributes) => persist((session) => session.find(filter, attributes)),
    modify: (dn, edits, guard = NO_GUARD) =>
      modifyOnce({ dn, edits, guard }, { name, use }, patience),
    close,
  };
}

const NO_GUARD: Guard = { filled: new Set(), emptied: new Set() };

/** A refusal says nothing about the request before it that was never answered: the server may still work it off. */
function stillOpen({ reason, ...refusal }: Outcome): Outcome {
  return { ...refusal, state: 'unknown', reason: `never answered, and when sent again ${reason}` };
}

interface Change {
  readonly dn: string;
  readonly edits: readonly Edit[];
  readonly guard: Guard;
}

/**
 * Carries a change out once, however often it must be sent for that. Before it is sent again, or late, its entry is
 * looked at: whoever sent it looked once, and others have not waited.
 */
async function modifyOnce(
  { dn, edits, guard }: Change,
  { name, use }: { readonly name: string; readonly use: Use },
  { pauses, sleep }: Patience,
): Promise<Outcome> {
  let unanswered: UnknownOutcomeError | undefined;
  let wasRefused = false;
  /** What there is instead of sending it; undefined when it may leave. */
  const settled = async (session: Target): Promise<Outcome | undefined> => {
    const found = await compareWithEntry(edits, guard, session);
    if (found.phase === 'before') return undefined;
    // A server that was busy has not carried it out, unless the values say so.
    const isOurs = unanswered || (wasRefused && found.phase === 'after');
    return isOurs ? outcomeShown(found) : { state: 'stale', reason: found.held };
  };
  const attempt = (turn: number): Promise<Outcome> => {
    const begun = performance.now();
    return use(async (session) => {
      const isLate = turn > 0 || performance.now() - begun > FRESH_MS;
      const end = isLate ? await settled(session) : undefined;
      if (end) return end;
      const outcome = await session.modify(dn, edits);
      if (!unanswered || outcome.state === 'applied') return outcome;
      // The request that was never answered may have been carried out late: then this one is refused.
      const late = await lookUp(edits, guard, session);
      return late === 'before' ? stillOpen(outcome) : late;
    });
  };
  for (let turn = 0; ; turn += 1) {
    const end = await attempt(turn).catch((error: unknown) => {
      if (error instanceof UnknownOutcomeError) unanswered = error;
      else if (!(error instanceof UnavailableError)) throw unanswered ?? error;
      return unanswered ?? (error as UnavailableError);
    });
    const failed = end instanceof ExpectedError;
    wasRefused ||= !failed && isBusy(end.code);
    const pause = failed || isBusy(end.code) ? pauses[turn] : undefined;
    const reason = failed ? end.message : `${name} is busy`;
    if (pause !== undefined && (await sleep(pause, reason))) continue;
    if (failed) throw end;
    return end;
  }
}
