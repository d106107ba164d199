import { ExpectedError } from '../../errors.js';
import type { Entry } from '../../model/entry.js';
import { withValues } from '../entry/entry.js';
import { parseRange } from '../format/range-option.js';
import { MEMBER_OVERFLOW } from '../format/values.js';
import type { Connection } from '../protocol/connection.js';

/** Which groups of a directory to count the members of. */
export interface CountOptions {
  readonly bases: readonly string[];
  /** Narrows the groups to those that are scanned (RFC 4515). */
  readonly filter: string;
  /** Undefined when nobody gave a limit. */
  readonly limit: number | undefined;
  /** Groups a page. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** The groups with more members than the limit, by objectGUID; or why nothing can be said of any group. */
export type MemberCount =
  | { readonly overflowing: ReadonlySet<string>; readonly refusal?: undefined }
  | { readonly overflowing?: undefined; readonly refusal: string };

/** Whether an attribute is about the members of a group, which the search for entries leaves out. */
export function isAboutMembers(attribute: string): boolean {
  const [name] = attribute.toLowerCase().split(';', 1);
  return name === 'member' || name === MEMBER_OVERFLOW.toLowerCase();
}

/**
 * Finds the groups with more members than the limit without downloading members: Active Directory is asked for the one
 * value beyond the limit (MS-ADTS 3.1.1.3.1.3.3), which a smaller group does not have. Throws only when it is aborted.
 */
export async function countMembers(
  connection: Connection,
  options: CountOptions,
): Promise<MemberCount> {
  const { limit } = options;
  if (!connection.rootDse.isActiveDirectory) return { refusal: 'this server cannot count them' };
  // Other groups have no members there, or those of one domain only: the catalog would belittle them.
  if (connection.globalCatalog) {
    return { refusal: 'the global catalog holds the members of universal groups only' };
  }
  if (limit === undefined) return { refusal: 'nobody asked to count them' };
  try {
    return await askForValueAt(limit, connection, options);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { refusal: `they cannot be counted: ${error.message}` };
  }
}

async function askForValueAt(
  limit: number,
  connection: Connection,
  { bases, filter, pageSize, signal }: CountOptions,
): Promise<MemberCount> {
  const attributes = [`member;range=${limit}-${limit}`, 'objectGUID'];
  const overflowing = new Set<string>();
  for (const base of bases) {
    const search = { base, scope: 'sub', filter, attributes, pageSize, signal } as const;
    for await (const { entries } of connection.searchPages(search)) {
      for (const entry of entries) {
        if (entry.guid !== undefined && reaches(entry, limit)) overflowing.add(entry.guid);
      }
    }
  }
  return { overflowing };
}

/** An attribute without values is not in an entry: neither way of saying that there is no such value counts. */
function reaches(entry: Entry, limit: number): boolean {
  return entry.attributes.some((name) => {
    const range = parseRange(name);
    return range?.name.toLowerCase() === 'member' && range.start === limit;
  });
}

/** The entry as a rule sees it: with MEMBER_OVERFLOW when it is one of the groups with too many members. */
export function withOverflow(entry: Entry, { overflowing }: MemberCount): Entry {
  if (entry.guid === undefined || !overflowing?.has(entry.guid)) return entry;
  return withValues(entry, MEMBER_OVERFLOW, ['TRUE']);
}
