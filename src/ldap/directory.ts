import { ExpectedError } from '../errors.js';
import type { EntryRef, EntrySource, EntryWriter, Page } from '../model.js';
import { printable } from '../printable.js';
import type { Connection } from './connection.js';
import { isWithin, normaliseDn } from './dn.js';
import { parseFilter } from './filter.js';
import { holdsNoUsers, referenceDn } from './ldap-url.js';
import type { RootDse } from './root-dse.js';

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
}

/** On AD objectCategory is indexed and excludes computers, whose objectClass is user too. */
const AD_FILTER = '(|(objectCategory=person)(objectCategory=group))';
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
  return {
    name: connection.url,
    async *pages(attributes, signal) {
      const wanted = withIdentity(attributes);
      const gapFor = referenceGaps(connection.rootDse, options.covered);
      let failure: ExpectedError | undefined;
      let read = false;
      // One base after another: OpenLDAP allows one paged search on a connection (ITS#7698).
      for (const base of bases) {
        const { pageSize } = options;
        const scope = 'sub';
        const search = { base, scope, filter, attributes: wanted, pageSize, signal } as const;
        try {
          for await (const { entries, references, gaps } of connection.searchPages(search)) {
            read = true;
            yield { entries, gaps: [...gaps, ...references.flatMap(gapFor)] } satisfies Page;
          }
        } catch (error) {
          if (!(error instanceof ExpectedError)) throw error;
          failure ??= error;
          if (bases.length > 1) yield { entries: [], gaps: [`${error.message}. ${error.hint}`] };
        }
      }
      if (failure && !read) throw failure;
    },
  };
}

/** A user's filter holds beside the default one. It is read by itself: it cannot end the AND early. */
function narrowed(all: string, filter: string | undefined): string {
  if (filter === undefined || filter === '') return all;
  parseFilter(filter);
  return `(&${all}${filter.startsWith('(') ? filter : `(${filter})`})`;
}

/** The attributes asked for, and the two that say what an entry is. */
function withIdentity(attributes: readonly string[]): readonly string[] {
  const given = new Set(attributes.map((name) => name.toLowerCase()));
  const identity = ['objectClass', 'objectGUID'].filter((name) => !given.has(name.toLowerCase()));
  return [...attributes, ...identity];
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
  return {
    name: connection.url,
    read: (ref, attributes) =>
      connection.read(addressOf(connection, ref), withIdentity(attributes)),
    // The identity finds the entry even when it was moved since it was read.
    modify: (dn, edits) =>
      connection.modify(addressOf(connection, { dn, guid: edits[0]?.entry.guid }), edits),
  };
}

/** By its identity where the server can: the name in a sheet may be out of date. */
function addressOf({ rootDse }: Connection, { dn, guid }: Pick<EntryRef, 'dn' | 'guid'>): string {
  return rootDse.isActiveDirectory && guid !== undefined ? `<GUID=${guid}>` : dn;
}
