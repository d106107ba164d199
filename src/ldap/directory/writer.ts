import { ExpectedError } from '../../errors.js';
import type { EntryWriter } from '../../model/change.js';
import type { Entry } from '../../model/entry.js';
import type { Connection } from '../protocol/connection.js';
import { addressOf, batchedReads } from './batched-reads.js';
import { elsewhere } from './elsewhere.js';
import { modifyEntry } from './modify-entry.js';
import { AD_FILTER, defaultBases, narrowed, PLAIN_FILTER, withIdentity } from './scope.js';

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
  const read = batchedReads(connection);
  return {
    name: connection.url,
    host: connection.rootDse.dnsHostName,
    read: (ref, attributes) => read(ref, withIdentity(connection.rootDse, attributes)),
    // The identity finds the entry even when it was moved since it was read.
    modify: (dn, edits) =>
      modifyEntry(connection, addressOf(connection, { dn, guid: edits[0]?.entry.guid }), edits),
    elsewhere: elsewhere(connection),
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
