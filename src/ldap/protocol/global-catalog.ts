import { parseFilter } from './filter.js';
import type { SearchContext } from './search.js';

const DOMAINS = parseFilter('(objectCategory=domainDNS)');

const SUCCESS = 0;
/** There is no such entry, or another server has it. */
const NOT_BELOW: ReadonlySet<number | undefined> = new Set([10, 32]);

/**
 * Whether this connection reaches the global catalog of a controller, which holds a part of every domain of the forest
 * and takes no changes. Its ports may be forwarded, and the root DSE says the same on all of them (isGlobalCatalogReady
 * too): but only a catalog finds domains below the root of the tree, where a directory has nothing. The port is
 * believed where the account may not ask.
 */
export async function isGlobalCatalog(
  { rootDse, wire }: SearchContext,
  isCatalogPort: boolean,
): Promise<boolean> {
  if (!rootDse.isActiveDirectory) return isCatalogPort;
  const search = { base: '', scope: 'sub', filter: DOMAINS, attributes: ['1.1'] } as const;
  const { ending, entries } = await wire.search(search);
  const status = ending.answer?.status;
  if (NOT_BELOW.has(status)) return false;
  return status === SUCCESS && entries.length > 0 ? true : isCatalogPort;
}
