import { identityOf } from './ldap/dn.js';
import type { Edit, EntrySource, Proposal, RegisteredSuffixes } from './model.js';

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

/** The changes that register, in each forest, the UPN suffixes which proposals introduce (fact UPN-10). */
export function registrations(
  forests: readonly RegisteredSuffixes[],
  proposals: readonly Proposal[],
): readonly Edit[] {
  const introduced = introducedSuffixes(proposals);
  return forests.flatMap(({ partitions, suffixes }) => {
    const after = introduced.filter((suffix) => !suffixes.includes(suffix));
    if (after.length === 0) return [];
    return [{ entry: partitions, attribute: 'uPNSuffixes', before: [], after }];
  });
}

/** The suffixes of all proposed sign-in names, each once, in lower case. */
export function introducedSuffixes(proposals: readonly Proposal[]): readonly string[] {
  const names = proposals.flatMap(({ edit: { attribute, after } }) => {
    const value = after[0];
    if (attribute !== 'userPrincipalName' || typeof value !== 'string') return [];
    return [value.slice(value.lastIndexOf('@') + 1).toLowerCase()];
  });
  return [...new Set(names)].sort();
}
