import type { SuffixMapping } from '../model/rule.js';

/** The replacement that was chosen for a domain in ASCII; an exact mapping wins over a subtree, a longer one over it. */
export function mappedSuffix(
  domain: string,
  mappings: readonly SuffixMapping[],
): string | undefined {
  const exact = mappings.find(({ from }) => from === domain);
  if (exact) return exact.to;
  const subtrees = mappings.filter(
    ({ from }) => from.startsWith('*.') && `.${domain}`.endsWith(from.slice(1)),
  );
  return subtrees.sort((a, b) => b.from.length - a.from.length)[0]?.to;
}
