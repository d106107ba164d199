import { ExpectedError } from '../../errors.js';
import type { Entry } from '../../model/entry.js';
import type { Connection, SearchOptions } from '../protocol/connection.js';

/**
 * Asks a server about itself. A global catalog shows of any entry, of the schema too, only what it holds, and the mark
 * of what it holds is not among that: the same server is asked as a directory.
 */
export async function unlessRefused<T>(
  connection: Connection,
  signal: AbortSignal | undefined,
  ask: (directory: Connection) => Promise<T | undefined>,
): Promise<T | undefined> {
  let opened: Connection | undefined;
  try {
    opened = await connection.openDirectory?.(signal);
    return await ask(opened ?? connection);
  } catch (error) {
    if (error instanceof ExpectedError || signal?.aborted) return undefined;
    throw error;
  } finally {
    await opened?.close();
  }
}

/** All entries of a search; undefined when some are missing. */
export async function findAll(
  connection: Connection,
  search: Pick<SearchOptions, 'base' | 'filter' | 'attributes' | 'signal'>,
): Promise<readonly Entry[] | undefined> {
  const all: Entry[] = [];
  for await (const page of connection.searchPages({ ...search, scope: 'sub', pageSize: 500 })) {
    if (page.gaps.length > 0) return undefined;
    all.push(...page.entries);
  }
  return all;
}
