import { ExpectedError } from '../errors.js';
import { type Patience, persistence, type Sessions, sessions } from '../ldap/patience.js';
import { isBusy, UnavailableError, UnknownOutcomeError } from '../ldap/result-codes.js';
import type { Edit, Entry, EntryWriter, Outcome } from '../model.js';
import { lookUp } from './look.js';

/** A writer on one connection. */
export interface Session extends EntryWriter {
  /** How many users, groups and contacts there are to write to. */
  count(): Promise<number>;
  /** Users, groups and contacts that match a filter (RFC 4515). */
  find(filter: string, attributes: readonly string[]): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

type Use = Sessions<Session>['use'];

/**
 * A writer that waits for a busy server and opens a new session for a lost one. A change that was
 * never answered is looked up in the directory before it is sent again. Throws what the last
 * attempt threw; a failure of the very first `open` at once.
 */
export async function resilientWriter(
  open: () => Promise<Session>,
  patience: Patience,
): Promise<Session> {
  const first = await open();
  const { name, elsewhere } = first;
  const { use, close } = sessions(first, open);
  const persistent = persistence(patience);
  const persist = <T>(action: (session: Session) => Promise<T>) => persistent(() => use(action));
  return {
    name,
    ...(elsewhere ? { elsewhere } : {}),
    read: (ref, attributes) => persist((session) => session.read(ref, attributes)),
    count: () => persist((session) => session.count()),
    find: (filter, attributes) => persist((session) => session.find(filter, attributes)),
    modify: (dn, edits) => modifyOnce(dn, edits, { name, use }, patience),
    close,
  };
}

/** Carries a change out once, however often it must be sent for that. */
async function modifyOnce(
  dn: string,
  edits: readonly Edit[],
  { name, use }: { readonly name: string; readonly use: Use },
  { pauses, sleep }: Patience,
): Promise<Outcome> {
  let unanswered: UnknownOutcomeError | undefined;
  const attempt = async (): Promise<Outcome> => {
    const before = unanswered ? await use((session) => lookUp(edits, session)) : 'before';
    if (before !== 'before') return before;
    const outcome = await use((session) => session.modify(dn, edits));
    if (!unanswered || outcome.state === 'applied') return outcome;
    // The request that was never answered may have been carried out late: then this one is refused.
    const late = await use((session) => lookUp(edits, session));
    return late === 'before' ? outcome : late;
  };
  for (let turn = 0; ; turn += 1) {
    const end = await attempt().catch((error: unknown) => {
      if (error instanceof UnknownOutcomeError) unanswered = error;
      else if (!(error instanceof UnavailableError)) throw error;
      return unanswered ?? (error as UnavailableError);
    });
    const failed = end instanceof ExpectedError;
    const pause = failed || isBusy(end.code) ? pauses[turn] : undefined;
    const reason = failed ? end.message : `${name} is busy`;
    if (pause !== undefined && (await sleep(pause, reason))) continue;
    if (failed) throw end;
    return end;
  }
}
