import { ExpectedError } from '../../errors.js';
import type { Connection, SearchOptions, SearchPage } from './connection.js';
import { type Patience, persistence, type Sessions, sessions } from './patience.js';
import { UnavailableError } from './result-codes.js';

/**
 * A connection that is made again when it is lost, and that waits for a busy server. A search goes on where it can and
 * else starts again: then it gives entries that came before once more, and whoever reads it tells them by their
 * identity. A change is never sent twice. Throws what the last attempt threw; a failure of the very first `open` at once.
 */
export async function lastingConnection(
  open: () => Promise<Connection>,
  patience: Patience,
): Promise<Connection> {
  const first = await open();
  const { url, globalCatalog, rootDse, openDirectory } = first;
  const held = sessions(first, open);
  const persist = persistence(patience);
  return {
    url,
    globalCatalog,
    rootDse,
    openDirectory:
      openDirectory && ((signal) => lastingConnection(() => openDirectory(signal), patience)),
    searchPages: (options) => persistentSearch(held, options, patience),
    read: (base, attributes, signal) =>
      persist(() => held.use((session) => session.read(base, attributes, signal))),
    find: (base, filter, attributes) =>
      persist(() => held.use((session) => session.find(base, filter, attributes))),
    modify: (dn, edits, whole) => held.use((session) => session.modify(dn, edits, whole)),
    close: held.close,
  };
}

/** Patience begins anew with every entry that no attempt had reached before: a long search may be cut many times. */
async function* persistentSearch(
  { current, dropIfLost }: Sessions<Connection>,
  options: SearchOptions,
  { pauses, sleep }: Patience,
): AsyncGenerator<SearchPage, void, undefined> {
  let from: SearchOptions['from'];
  let before = 0;
  let furthest = 0;
  for (let turn = 0; ; turn += 1) {
    const session = current();
    let isRefused = from !== undefined;
    try {
      for await (const page of (await session).searchPages({ ...options, from })) {
        isRefused = false;
        const reached = before + page.entries.length;
        if (reached > furthest) turn = 0;
        furthest = Math.max(furthest, reached);
        if (page.next) [from, before] = [page.next, reached];
        yield page;
      }
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      await dropIfLost(session, error);
      const mayPass =
        error instanceof UnavailableError || (error instanceof ExpectedError && isRefused);
      const pause = mayPass ? pauses[turn] : undefined;
      if (!mayPass || pause === undefined || !(await sleep(pause, error.message))) throw error;
      // A cookie is good only on its own connection (RFC 2696 3), and only as long as the server takes it.
      const keepsCookie = error instanceof UnavailableError && !error.lost;
      if (!keepsCookie) [from, before] = [undefined, 0];
    }
  }
}
