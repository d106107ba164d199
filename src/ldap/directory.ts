import { ExpectedError } from '../errors.js';
import type { Entry, EntrySource, EntryWriter, Page } from '../model.js';
import { printable } from '../printable.js';
import { IDENTITY_ATTRIBUTES, MEMBER_OVERFLOW } from './attributes.js';
import type { Connection } from './connection.js';
import { ENTRY_UUID, isWithin, normaliseDn } from './dn.js';
import { parseFilter } from './filter.js';
import { addressOf, gatheredReads } from './gathered-reads.js';
import { holdsNoUsers, referenceDn } from './ldap-url.js';
import { countMembers, isAboutMembers, type MemberCount, withOverflow } from './members.js';
import type { RootDse } from './root-dse.js';
import { registeredSuffixes, undeliveredBySchema } from './schema.js';
import { elsewhere, modifyEntry } from './write.js';

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
}

const PHOTO = 'thumbnailPhoto';
const NO_PHOTOS = 'photos are not downloaded unless --photos is given';

/** On AD objectCategory is indexed and excludes computers, whose objectClass is user too. */
const AD_FILTER = '(|(objectCategory=person)(objectCategory=group))';
const AD_GROUPS = '(objectCategory=group)';
/** Without NOT: where a server does not know a class, NOT over it is undefined and hides entries. */
const PLAIN_FILTER =
  '(|(objectClass=user)(objectClass=inetOrgPerson)(objectClass=group)(objectClass=contact))';

/**
 * Where the entries of a server are: its domain on a domain controller, the whole forest on a global
 * catalog, all naming contexts elsewhere. Throws ExpectedError when the server does not say.
 */
export function defaultBases({ url, globalCatalog, rootDse }: Connection): readonly string[] {
  if (rootDse.isActiveDirectory && globalCatalog) return [''];
  const { defaultNamingContext, isActiveDirectory, namingContexts } = rootDse;
  if (isActiveDirectory && defaultNamingContext) return [defaultNamingContext];
  if (namingContexts.length > 0) return namingContexts;
  throw new ExpectedError(`${url} does not say what it holds`, 'Name the tree with --base.');
}

/** Streams users, groups and contacts from a server. Throws ExpectedError on a malformed filter. */
export function directorySource(connection: Connection, options: DirectoryOptions): EntrySource {
  const bases = options.bases.length > 0 ? options.bases : defaultBases(connection);
  const filter = narrowed(
    connection.rootDse.isActiveDirectory ? AD_FILTER : PLAIN_FILTER,
    options.filter,
  );
  const counted = memberCounter(connection, bases, options);
  return {
    name: connection.url,
    undelivered: async (attributes: readonly string[], signal?: AbortSignal) => {
      const reasons = await undelivered(connection, attributes, counted, signal);
      const unread = !options.photos && attributes.includes(PHOTO);
      return unread ? new Map([[PHOTO, NO_PHOTOS], ...reasons]) : reasons;
    },
    suffixes: (signal) => registeredSuffixes(connection, signal),
    async *pages(attributes, signal) {
      const members = asksToCount(attributes) ? await counted(signal) : NOT_COUNTED;
      const wanted = withIdentity(
        connection.rootDse,
        attributes.filter((name) => !isAboutMembers(name) && (options.photos || name !== PHOTO)),
      );
      const gapFor = referenceGaps(connection.rootDse, options.covered);
      let failure: ExpectedError | undefined;
      let read = false;
      // One base after another: OpenLDAP allows one paged search on a connection (ITS#7698).
      for (const base of bases) {
        const { pageSize } = options;
        const scope = 'sub';
        const search = { base, scope, filter, attributes: wanted, pageSize, signal } as const;
        let began = false;
        try {
          for await (const page of connection.searchPages(search)) {
            began = true;
            const entries = members.overflowing?.size
              ? page.entries.map((entry) => withOverflow(entry, members))
              : page.entries;
            const gaps = [...page.gaps, ...page.references.flatMap(gapFor)];
            yield { entries, gaps } satisfies Page;
          }
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof ExpectedError)) throw error;
          failure ??= error;
          yield { entries: [], gaps: [interruption(error, began)] };
        }
        read ||= began;
      }
      if (failure && !read) throw failure;
    },
  };
}

function interruption({ message, hint }: ExpectedError, began: boolean): string {
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

/** A user's filter holds beside the default one. It is read by itself: it cannot end the AND early. */
function narrowed(all: string, filter: string | undefined): string {
  if (filter === undefined || filter === '') return all;
  parseFilter(filter);
  return `(&${all}${filter.startsWith('(') ? filter : `(${filter})`})`;
}

/** The attributes asked for, and those that say what an entry is. */
function withIdentity(
  { isActiveDirectory }: RootDse,
  attributes: readonly string[],
): readonly string[] {
  const given = new Set(attributes.map((name) => name.toLowerCase()));
  const identity = [...IDENTITY_ATTRIBUTES, ...(isActiveDirectory ? [] : [ENTRY_UUID])];
  return [...attributes, ...identity.filter((name) => !given.has(name.toLowerCase()))];
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

/**
 * Writes to a server. Throws ExpectedError on a global catalog, which is read-only; a modify without
 * an answer throws UnknownOutcomeError.
 */
export function directoryWriter(connection: Connection): EntryWriter {
  if (connection.globalCatalog) {
    throw new ExpectedError(
      `${connection.url} is a global catalog, which is read-only`,
      'Use the same server without the port, or with 389 or 636.',
    );
  }
  const read = gatheredReads(connection);
  return {
    name: connection.url,
    host: connection.rootDse.dnsHostName,
    read: (ref, attributes) => read(ref, withIdentity(connection.rootDse, attributes)),
    // The identity finds the entry even when it was moved since it was read.
    modify: (dn, edits) =>
      modifyEntry(connection, addressOf(connection, { dn, guid: edits[0]?.entry.guid }), edits),
    elsewhere: (dn) => elsewhere(connection.rootDse, dn),
  };
}

/** How many users, groups and contacts a server holds. Throws ExpectedError when it does not show them all. */
export async function countEntries(connection: Connection): Promise<number> {
  const filter = connection.rootDse.isActiveDirectory ? AD_FILTER : PLAIN_FILTER;
  let count = 0;
  for (const base of defaultBases(connection)) {
    // No attribute at all (RFC 4511 4.5.1.8).
    const search = { base, scope: 'sub', filter, attributes: ['1.1'], pageSize: 1000 } as const;
    for await (const { entries } of connection.searchPages(search)) count += entries.length;
  }
  return count;
}

/** The users, groups and contacts of a server that match a filter. Throws ExpectedError when some may be missing. */
export async function findEntries(
  connection: Connection,
  filter: string,
  attributes: readonly string[],
): Promise<readonly Entry[]> {
  const all = connection.rootDse.isActiveDirectory ? AD_FILTER : PLAIN_FILTER;
  const found: Entry[] = [];
  for (const base of defaultBases(connection)) {
    const wanted = withIdentity(connection.rootDse, attributes);
    const what = { filter: narrowed(all, filter), attributes: wanted, pageSize: 500 };
    const search = { base, scope: 'sub', ...what } as const;
    for await (const { entries, gaps } of connection.searchPages(search)) {
      if (gaps[0] !== undefined) throw new ExpectedError(gaps[0], 'Try again.');
      found.push(...entries);
    }
  }
  return found;
}
