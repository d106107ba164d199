import { identityOf } from '../ldap/format/dn.js';
import type { EntrySource, RegisteredSuffixes } from '../model/entry.js';

/** The UPN suffixes of each forest among the sources, each forest once. */
export async function forestSuffixes(
  sources: readonly EntrySource[],
  signal: AbortSignal | undefined,
): Promise<readonly RegisteredSuffixes[]> {
  const forests = new Map<string, RegisteredSuffixes>();
  for (const source of sources) {
    const registered = await source.suffixes?.(signal);
    if (registered) forests.set(identityOf(registered.partitions), registered);
  }
  return [...forests.values()];
}
