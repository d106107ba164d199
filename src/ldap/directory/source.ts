import { asOption, ExpectedError, type NameOf, type Worded } from '../../errors.js';
import type { EntrySource, Page } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { isWithin, normaliseDn } from '../format/dn.js';
import { holdsNoUsers, referenceDn } from '../format/ldap-url.js';
import { MEMBER_OVERFLOW } from '../format/values.js';
import type { Connection } from '../protocol/connection.js';
import type { RootDse } from '../protocol/root-dse.js';
import type { SearchOptions, SearchPage } from '../protocol/search.js';
import { forestTraits } from './forest.js';
import { countMembers, isAboutMembers, type MemberCount, withOverflow } from './member-count.js';
import { registeredSuffixes, undeliveredBySchema } from './schema.js';
import { AD_FILTER, defaultBases, narrowed, PLAIN_FILTER, withIdentity } from './scope.js';

/** What to read of a directory. */
export interface DirectoryOptions {
  /** Empty for the default bases of the server. */
  readonly bases: readonly string[];
  /** Narrows the default filter (RFC 4515). */
  readonly filter?: string | undefined;
  /** Entries a page. */
  readonly pageSize: number;
  /** Bases of the other sources of the same scan: a reference to one of them is no gap. */
  readonly covered: readonly string[];
  /** Groups with more members than this carry MEMBER_OVERFLOW, to whoever asks for it; without it none is counted. */
  readonly memberLimit?: number | undefined;
  /** Whether to download photos: up to 100 KB an entry, more than all other attributes together. */
  readonly photos?: boolean | undefined;
  /** How whoever reads the gaps calls settings; by the names of these options, without it. */
  readonly nameOf?: NameOf | undefined;
}

const PHOTO = 'thumbnailPhoto';

const AD_GROUPS = '(objectCategory=group)';

/** Streams users, groups and contacts from a server. Throws ExpectedError on a malformed filter. */
export function directorySource(connection: Connection, options: DirectoryOptions): EntrySource {
  const bases = options.bases.length > 0 ? options.bases : defaultBases(connection);
  const filter = narrowed(
    connection.rootDse.isActiveDirectory ? AD_FILTER : PLAIN_FILTER,
    options.filter,
  );
  const { nameOf = asOption } = options;
  const noPhotos = `photos are not downloaded unless ${nameOf('photos')} is given`;
  const counted = memberCounter(connection, bases, options);
  return {
    name: connection.url,
    undelivered: async (attributes: readonly string[], signal?: AbortSignal) => {
      const reasons = await undelivered(connection, attributes, counted, signal);
      const unread = !options.photos && attributes.includes(PHOTO);
      return unread ? new Map([[PHOTO, noPhotos], ...reasons]) : reasons;
    },
    ifNobody: nobodyHint(options.filter, nameOf),
    suffixes: (signal) => registeredSuffixes(connection, signal),
    forest: (signal) => forestTraits(connection, signal),
    async *pages(attributes, signal) {
      const members = asksToCount(attributes) ? await counted(signal) : NOT_COUNTED;
      const wanted = withIdentity(
        connection.rootDse,
        attributes.filter((name) => !isAboutMembers(name) && (options.photos || name !== PHOTO)),
      );
      const gapFor = referenceGaps(connection.rootDse, options.covered);
      const { pageSize } = options;
      const search = { scope: 'sub', filter, attributes: wanted, pageSize, signal } as const;
      for await (const page of everyPage(connection, bases, search, nameOf)) {
        const entries = members.overflowing?.size
          ? page.entries.map((entry) => withOverflow(entry, members))
          : page.entries;
        yield { entries, gaps: [...page.gaps, ...page.references.flatMap(gapFor)] } satisfies Page;
      }
    },
  };
}

/**
 * The pages below each base; where one cannot be read to its end, the others are read all the same. Throws what the
 * first failure says when nothing can be read at all.
 */
async function* everyPage(
  connection: Connection,
  bases: readonly string[],
  search: Omit<SearchOptions, 'base'>,
  nameOf: NameOf,
): AsyncGenerator<Pick<SearchPage, 'entries' | 'gaps' | 'references'>, void, undefined> {
  let failure: ExpectedError | undefined;
  let read = false;
  // One base after another: OpenLDAP allows one paged search on a connection (ITS#7698).
  for (const base of bases) {
    let began = false;
    try {
      for await (const page of connection.searchPages({ ...search, base })) {
        began = true;
        yield page;
      }
    } catch (error) {
      search.signal?.throwIfAborted();
      if (!(error instanceof ExpectedError)) throw error;
      failure ??= error;
      yield { entries: [], references: [], gaps: [interruption(error.worded(nameOf), began)] };
    }
    read ||= began;
  }
  if (failure && !read) throw failure;
}

/** A directory answers with success, too, where an account may see nobody. */
function nobodyHint(filter: string | undefined, nameOf: NameOf): string {
  const given = filter ? `that ${nameOf('filter')} ${printable(filter)} fits somebody, ` : '';
  return `Check ${given}that ${nameOf('bases')} names the part of the tree where people are, and that the account may list and read them`;
}

function interruption({ message, hint }: Worded, began: boolean): string {
  return [`${message}.`, ...(began ? ['What comes after is missing.'] : []), hint].join(' ');
}

type Counted = (signal: AbortSignal | undefined) => Promise<MemberCount>;

const NOT_COUNTED: MemberCount = { refusal: 'the members of groups are not downloaded' };

function asksToCount(attributes: readonly string[]): boolean {
  return attributes.some((name) => name.toLowerCase() === MEMBER_OVERFLOW.toLowerCase());
}

/** Counts the members once: what cannot be delivered and the reading ask for the same. */
function memberCounter(
  connection: Connection,
  bases: readonly string[],
  { filter, memberLimit: limit, pageSize }: DirectoryOptions,
): Counted {
  const groups = narrowed(AD_GROUPS, filter);
  let counting: Promise<MemberCount> | undefined;
  return async (signal) => {
    counting ??= countMembers(connection, { bases, filter: groups, limit, pageSize, signal });
    try {
      return await counting;
    } catch (error) {
      counting = undefined;
      throw error;
    }
  };
}

/** What the server cannot deliver, by its schema, and whether it can count members. Never throws on what it says. */
async function undelivered(
  connection: Connection,
  attributes: readonly string[],
  counted: Counted,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  try {
    const reasons = new Map(await undeliveredBySchema(connection, attributes, signal));
    if (!attributes.some(isAboutMembers)) return reasons;
    const { refusal } = asksToCount(attributes) ? await counted(signal) : NOT_COUNTED;
    if (refusal !== undefined) {
      for (const name of [MEMBER_OVERFLOW, 'member']) reasons.set(name, refusal);
    }
    return reasons;
  } catch (error) {
    // Whoever is aborted here is told so by the reading that follows.
    if (signal?.aborted) return new Map();
    throw error;
  }
}

/** Tells of each part of the tree that another server holds, once, unless it is read or holds no users. */
function referenceGaps(
  { configurationNamingContext, schemaNamingContext }: RootDse,
  covered: readonly string[],
): (reference: string) => readonly string[] {
  const without = [configurationNamingContext, schemaNamingContext].filter(
    (dn) => dn !== undefined,
  );
  // Not what lies below a covered base: a domain below a domain is a partition of its own.
  const known = new Set(covered.map(normaliseDn));
  return (reference) => {
    const dn = referenceDn(reference);
    const shown = printable(dn ?? reference);
    const key = normaliseDn(dn ?? reference);
    if (known.has(key) || known.has('') || holdsNoUsers(key)) return [];
    known.add(key);
    if (dn !== undefined && without.some((context) => isWithin(dn, context))) return [];
    return [
      `${shown} is held by another server and was not read: ` +
        'name a controller of that domain as a further source, or use the global catalog',
    ];
  };
}
