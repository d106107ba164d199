import { ExpectedError } from '../../errors.js';
import type { Entry } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import type { RawEntry } from '../entry/entry.js';
import { parseRange } from '../format/range-option.js';
import { type Filter, parseFilter } from './filter.js';
import { lostFailure } from './loss.js';
import { PAGED_RESULTS } from './messages.js';
import { completeRanges } from './ranges.js';
import { UnavailableError } from './result-codes.js';
import type { RootDse } from './root-dse.js';
import { forbidsPaging, searchFailure } from './search-failure.js';
import { type Ending, NO_COOKIE, type Search, type SearchAnswer, type Wire } from './wire.js';

/** What a search runs on: the wire, and what the server said about itself. */
export interface SearchContext {
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
  /** Goes on where a page of the same search on this connection ended. */
  readonly from?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What one answer of a search brought. */
export interface SearchPage {
  readonly entries: readonly Entry[];
  /** URLs of the parts of the tree that other servers hold. */
  readonly references: readonly string[];
  /** Why an entry is missing, one line each. */
  readonly gaps: readonly string[];
  /** Where the search goes on, empty at its end; undefined when it broke off within this page. */
  readonly next: Buffer | undefined;
}

interface FetchedPage extends SearchPage {
  /** Why the search ends here before its time. */
  readonly failure: unknown;
}

const ANYTHING = parseFilter('(objectClass=*)');

/** Pages without an entry in a row: a server gives some where its filter is slow, but not for ever. */
const MAX_EMPTY_PAGES = 1000;

/**
 * Streams the pages of a search until the server's cookie is empty (RFC 2696 3): a page without
 * entries is not the end. While one is judged the next is on its way, and the one after it is asked
 * for as soon as there is a cookie for it.
 * Throws ExpectedError when the search fails, after all that had come was given.
 */
export async function* searchPages(
  context: SearchContext,
  options: SearchOptions,
): AsyncGenerator<SearchPage, void, undefined> {
  const filter = parseFilter(options.filter);
  const isStuck = stuckSearch();
  const fetch = (cookie: Buffer) => fetchPage(context, options, filter, cookie);
  // An abandoned search leaves these promises alone: fetchPage never rejects.
  const after = async (page: Promise<FetchedPage | undefined>) => {
    const { next = NO_COOKIE } = (await page) ?? {};
    return next.length > 0 ? fetch(next) : undefined;
  };
  let coming: Promise<FetchedPage | undefined> = fetch(options.from ?? NO_COOKIE);
  let following = after(coming);
  for (;;) {
    const fetched = await untilAborted(coming, options.signal);
    if (!fetched) return untilAborted(mustBeOver(context), options.signal);
    const { failure, ...page } = fetched;
    const { entries, references, gaps } = page;
    if (failure !== undefined) {
      if (entries.length + references.length + gaps.length > 0) yield page;
      throw failure;
    }
    coming = following;
    if (page.next?.length && isStuck(entries)) {
      yield page;
      // OpenLDAP allows one paged search on a connection (ITS#7698): the next one must not meet it.
      await untilAborted(coming, options.signal);
      throw stuckFailure(context.url);
    }
    following = after(coming);
    yield page;
  }
}

/**
 * Throws ExpectedError where something comes after the end of a search, which then was not the end: answers come in
 * turn, so that one more question brings it to light.
 */
async function mustBeOver({ url, wire }: SearchContext): Promise<void> {
  await wire.search({ base: '', scope: 'base', filter: ANYTHING, attributes: ['1.1'] });
  if (wire.breach) throw lostFailure(url, wire.breach);
}

/** Tells whether a server only pretends to go on: it gives a page that it gave before, or has nothing to give. */
function stuckSearch(): (entries: readonly Entry[]) => boolean {
  const given = new Set<string>();
  let empty = 0;
  return ([entry]) => {
    empty = entry ? 0 : empty + 1;
    if (!entry) return empty >= MAX_EMPTY_PAGES;
    const again = given.has(entry.dn);
    given.add(entry.dn);
    return again;
  };
}

function stuckFailure(url: string): ExpectedError {
  return new ExpectedError(
    `${url} does not get on with the search: it gives the same page, or empty ones, again and again`,
    (nameOf) => `Try another server, or another ${nameOf('pageSize')}.`,
  );
}

/** RFC 2696 3: the answer to a request for a page carries the control, or it is no answer to that. */
function unpagedFailure(url: string): ExpectedError {
  return new ExpectedError(
    `${url} does not say whether there is more: it was asked for a page and passed over that`,
    'Use another server; something between may take away what it cannot read (controls of LDAP).',
  );
}

/** There is no such entry (32), another server has it (10), or its name is none (34). */
const NOT_HERE: readonly (number | undefined)[] = [10, 32, 34];

/** Reads one entry by DN or `<GUID=…>`; undefined when there is none to be seen. */
export async function readEntry(
  context: SearchContext,
  base: string,
  attributes: readonly string[],
  signal?: AbortSignal,
): Promise<Entry | undefined> {
  const search: Search = { base, scope: 'base', filter: ANYTHING, attributes };
  const { ending, entries } = await untilAborted(context.wire.search(search), signal);
  const failure = failureOf(context, base, ending);
  const isElsewhere = NOT_HERE.includes(ending.answer?.status) && !context.wire.breach;
  if (failure && !isElsewhere) throw failure;
  const [entry] = entries;
  if (failure || !entry) return undefined;
  const whole = entry.hasRanges ? await complete(context, entry) : entry;
  if (!whole) throw new ExpectedError(incomplete(entry), 'Try again.');
  return whole;
}

/** The few entries below a base that match a filter, in one answer. Throws ExpectedError when some may be missing. */
export async function findAtOnce(
  context: SearchContext,
  base: string,
  filter: Filter,
  attributes: readonly string[],
): Promise<readonly Entry[]> {
  const found = await context.wire.search({ base, scope: 'sub', filter, attributes });
  const failure = failureOf(context, base, found.ending);
  if (failure) throw failure;
  const entries = await Promise.all(
    found.entries.map((entry) => (entry.hasRanges ? complete(context, entry) : entry)),
  );
  return entries.filter((entry) => entry !== undefined);
}

async function fetchPage(
  context: SearchContext,
  { base, scope, attributes, pageSize }: SearchOptions,
  filter: Filter,
  cookie: Buffer,
): Promise<FetchedPage> {
  const entries: Entry[] = [];
  const gaps: string[] = [];
  try {
    const { found, isPaged } = await askForPage(
      context,
      { base, scope, filter, attributes },
      { size: pageSize, cookie },
    );
    // A range that was asked for by name is no part of something: it stays as it came.
    const asSent = attributes.some(parseRange);
    let failure: unknown = failureOf(context, base, found.ending);
    if (isPaged && !found.cookie) failure ??= unpagedFailure(context.url);
    for (const entry of found.entries) {
      try {
        const whole = asSent || !entry.hasRanges ? entry : await complete(context, entry);
        if (whole) entries.push(whole);
        else gaps.push(incomplete(entry));
      } catch (error) {
        // The others have come whole.
        failure ??= error;
      }
    }
    const next = failure ? undefined : (found.cookie ?? NO_COOKIE);
    return { entries, gaps, references: found.references, next, failure };
  } catch (failure) {
    return { entries, gaps, references: [], next: undefined, failure };
  }
}

/** Asks without the paging control where the server does not know it, or does not let the account page. */
async function askForPage(
  { rootDse, wire }: SearchContext,
  search: Search,
  page: { readonly size: number; readonly cookie: Buffer },
): Promise<{ readonly found: SearchAnswer; readonly isPaged: boolean }> {
  if (rootDse.supportedControl.includes(PAGED_RESULTS)) {
    const found = await wire.search({ ...search, page });
    const { answer } = found.ending;
    const isForbidden = page.cookie.length === 0 && answer !== undefined && forbidsPaging(answer);
    if (!isForbidden) return { found, isPaged: true };
  }
  return { found: await wire.search(search), isPaged: false };
}

/**
 * Half the values would be judged wrongly: the entry is given whole or not at all. Throws UnavailableError when the
 * server may give the rest at another time.
 */
function complete(context: SearchContext, entry: RawEntry): Promise<Entry | undefined> {
  const byGuid = context.rootDse.isActiveDirectory && entry.guid !== undefined;
  const base = byGuid ? `<GUID=${entry.guid}>` : entry.dn;
  return completeRanges(entry, async (attribute) => {
    const search: Search = { base, scope: 'base', filter: ANYTHING, attributes: [attribute] };
    const { ending, entries } = await context.wire.search(search);
    const failure = failureOf(context, base, ending);
    if (failure instanceof UnavailableError) throw failure;
    return entries[0];
  });
}

function incomplete({ dn }: Entry): string {
  return `${printable(dn)}: the server did not give all values, the entry is left out`;
}

function failureOf({ url, rootDse, wire }: SearchContext, base: string, { answer, lost }: Ending) {
  if (lost) return lostFailure(url, lost);
  if (wire.breach) return lostFailure(url, wire.breach);
  return answer.status === 0
    ? undefined
    : searchFailure(url, base, answer, { areFixed: rootDse.isOpenLdap });
}

/** Waits, but no longer than the signal allows. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
