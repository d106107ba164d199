import { ExpectedError } from '../../errors.js';
import { LogonError, UnavailableError, UnknownOutcomeError } from './result-codes.js';

/** How long to bear with a server that is busy or gone. */
export interface Patience {
  /** Milliseconds to wait before each further attempt. */
  readonly pauses: readonly number[];
  /** Told why; resolves to false when the time was cut short: nothing more is to be tried. */
  readonly sleep: (milliseconds: number, reason: string) => Promise<boolean>;
}

interface Closable {
  close(): Promise<void>;
}

/** The session in use by everybody; the first to find it lost lets the next one open another. */
export interface Sessions<Session extends Closable> {
  current(): Promise<Session>;
  /** Gives a session up if the failure says that it is lost. Throws ExpectedError once all of them are closed. */
  dropIfLost(session: Promise<Session>, failure: unknown): Promise<void>;
  use<T>(action: (session: Session) => Promise<T>): Promise<T>;
  /** For good: nothing opens another one, and what is under way fails. */
  close(): Promise<void>;
}

export function sessions<Session extends Closable>(
  first: Session,
  open: () => Promise<Session>,
): Sessions<Session> {
  let held: Promise<Session> | undefined = Promise.resolve(first);
  let isClosed = false;
  const current = () => {
    if (isClosed) return Promise.reject(closedFailure());
    held ??= open().catch(unopened);
    return held;
  };
  const dropIfLost = async (session: Promise<Session>, failure: unknown) => {
    if (isClosed && failure instanceof UnavailableError) throw closedFailure();
    if (!isLost(failure) || held !== session) return;
    held = undefined;
    await session.then((opened) => opened.close()).catch(() => {});
  };
  return {
    current,
    dropIfLost,
    use: async (action) => {
      const mine = current();
      try {
        return await action(await mine);
      } catch (error) {
        await dropIfLost(mine, error);
        throw error;
      }
    },
    close: async () => {
      isClosed = true;
      await (await held?.catch(() => undefined))?.close();
    },
  };
}

function closedFailure(): ExpectedError {
  return new ExpectedError('The connection was closed.', 'Open another one.');
}

/** A refused logon stays: each further one could lock the account. Anything else may pass. */
function unopened(error: unknown): never {
  if (!(error instanceof ExpectedError) || error instanceof LogonError) throw error;
  throw new UnavailableError(error.message, (nameOf) => error.worded(nameOf).hint, true);
}

function isLost(error: unknown): boolean {
  return error instanceof UnknownOutcomeError || (error instanceof UnavailableError && error.lost);
}

/**
 * Repeats what changes nothing, and may therefore be asked again and again. All that is asked through one of these
 * shares a connection: patience begins anew whenever any of it was answered, for a line that is cut often gets on.
 */
export function persistence({
  pauses,
  sleep,
}: Patience): <T>(attempt: () => Promise<T>) => Promise<T> {
  let answered = 0;
  return async (attempt) => {
    let seen = answered;
    for (let turn = 0; ; turn += 1) {
      try {
        const answer = await attempt();
        answered += 1;
        return answer;
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        if (seen !== answered) [turn, seen] = [0, answered];
        const pause = pauses[turn];
        if (pause === undefined || !(await sleep(pause, error.message))) throw error;
      }
    }
  };
}
