import type { Edit, Proposal } from '../../model/change.js';
import type { RegisteredSuffixes } from '../../model/entry.js';

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
