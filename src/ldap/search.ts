import { ExpectedError } from '../errors.js';
import type { Entry } from '../model.js';
import { printable } from '../printable.js';
import { type Filter, parseFilter } from './filter.js';
import { completeRanges, parseRange } from './ranges.js';
import { searchFailure, UnavailableError } from './result-codes.js';
import type { RootDse } from './root-dse.js';
import { type Ending, PAGED_RESULTS, type Search, type Wire } from './wire.js';

/** What a search runs on: the wire, and what the server said about itself. */
export interface Session {
  readonly url: string;
  readonly wire: Wire;
  readonly rootDse: RootDse;
}

export interface SearchOptions {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** RFC 4515. */
  readonly filter: string;
  readonly attributes: readonly string[];
  /** Entries a page, 1 to 2^31-1; the server may give fewer. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one answer of a search brought. */
export interface SearchPage {
  readonly entries: readonly Entry[];
  /** URLs of the parts of the tree that other servers hold. */
  readonly references: readonly string[];
  /** Why something is missing, one line each; an interrupted search ends with a page that says so. */
  readonly gaps: readonly string[];
}

interface FetchedPage extends SearchPage {
  readonly cookie: Buffer;
  /** Why the search ends here before its time. */
  readonly failure: unknown;
}

const ANYTHING = parseFilter('(objectClass=*)');
const START = Buffer.alloc(0);

/**
 * Streams the pages of a search until the server's cookie is empty (RFC 2696 3): a page without
 * entries is not the end. The next page is on its way while one is judged.
 * Throws ExpectedError when the search fails before anything came; later a gap says it.
 */
export async function* searchPages(
  session: Session,
  options: SearchOptions,
): AsyncGenerator<SearchPage, void, undefined> {
  const filter = parseFilter(options.filter);
  let fetching = fetchPage(session, options, filter, START);
  for (let first = true; ; first = false) {
    const page = await untilAborted(fetching, options.signal);
    const { entries, references, failure, cookie } = page;
    if (failure !== undefined) {
      const nothing = first && entries.length === 0;
      if (nothing || !(failure instanceof ExpectedError)) throw failure;
      yield { entries, references, gaps: [...page.gaps, interruption(failure)] };
      return;
    }
    // An abandoned search leaves this promise alone: fetchPage never rejects.
    if (cookie.length > 0) fetching = fetchPage(session, options, filter, cookie);
    yield { entries, references, gaps: page.gaps };
    if (cookie.length === 0) return;
  }
}

/** There is no such entry (32), another server has it (10), or its name is none (34). */
const NOT_HERE: readonly (number | undefined)[] = [10, 32, 34];

/** Reads one entry by DN or `<GUID=…>`; undefined when there is none to be seen. */
export async function readEntry(
  session: Session,
  base: string,
  attributes: readonly string[],
): Promise<Entry | undefined> {
  const search: Search = { base, scope: 'base', filter: ANYTHING, attributes };
  const { ending, entries } = await session.wire.search(search);
  const failure = failureOf(session, base, ending);
  if (failure && !NOT_HERE.includes(ending.answer?.status)) throw failure;
  const [entry] = entries;
  if (failure || !entry) return undefined;
  const whole = await complete(session, entry);
  if (!whole) throw new ExpectedError(incomplete(entry), 'Try again.');
  return whole;
}

/** What to say about a connection that is gone. */
export function lostFailure(url: string, reason: string): ExpectedError {
  return new UnavailableError(
    `The connection to ${url} is lost: ${reason}`,
    'Check the server and the network and start again; smaller pages are answered sooner.',
    true,
  );
}

async function fetchPage(
  session: Session,
  { base, scope, attributes, pageSize }: SearchOptions,
  filter: Filter,
  cookie: Buffer,
): Promise<FetchedPage> {
  try {
    const paged = session.rootDse.supportedControl.includes(PAGED_RESULTS);
    const page = paged ? { size: pageSize, cookie } : undefined;
    const found = await session.wire.search({ base, scope, filter, attributes, page });
    const entries: Entry[] = [];
    const gaps: string[] = [];
    // A range that was asked for by name is no part of something: it stays as it came.
    const asSent = attributes.some(parseRange);
    for (const entry of found.entries) {
      const whole = asSent ? entry : await complete(session, entry);
      if (whole) entries.push(whole);
      else gaps.push(incomplete(entry));
    }
    const failure = failureOf(session, base, found.ending);
    return { entries, gaps, references: found.references, cookie: found.cookie, failure };
  } catch (failure) {
    return { entries: [], gaps: [], references: [], cookie: START, failure };
  }
}

/** Half the values would be judged wrongly: the entry is given whole or not at all. */
function complete(session: Session, entry: Entry): Promise<Entry | undefined> {
  const byGuid = session.rootDse.isActiveDirectory && entry.guid !== undefined;
  const base = byGuid ? `<GUID=${entry.guid}>` : entry.dn;
  return completeRanges(entry, async (attribute) => {
    const search: Search = { base, scope: 'base', filter: ANYTHING, attributes: [attribute] };
    return (await session.wire.search(search)).entries[0];
  });
}

function incomplete({ dn }: Entry): string {
  return `${printable(dn)}: the server did not give all values, the entry is left out`;
}

function interruption({ message, hint }: ExpectedError): string {
  return `${message}. What comes after is missing. ${hint}`;
}

function failureOf({ url }: Session, base: string, { answer, lost }: Ending) {
  if (!answer) return lostFailure(url, lost ?? '');
  return answer.status === 0 ? undefined : searchFailure(url, base, answer);
}

/** Waits, but no longer than the signal allows. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const listening = { once: true, signal: over.signal };
    signal.addEventListener('abort', () => reject(signal.reason), listening);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}
