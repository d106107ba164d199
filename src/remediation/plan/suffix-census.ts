import type { SuffixMapping } from '../../model/rule.js';
import { compare } from '../../text/order.js';

/** Which suffixes people use: what a mapping for an unroutable one is inferred from. */
export interface SuffixCensus {
  /** The domains that one person uses; of the routable ones the first weighs. */
  count(use: {
    readonly routable: readonly string[];
    readonly unroutable: readonly string[];
  }): void;
  /**
   * The mapping that the directory itself suggests for each unroutable suffix.
   * @param registered routable UPN suffixes of the forest.
   * @param allowed whether a domain may be proposed.
   */
  infer(
    registered: readonly string[],
    allowed: (domain: string) => boolean,
  ): readonly SuffixMapping[];
}

/** An empty census. */
export function suffixCensus(): SuffixCensus {
  const overall = new Map<string, number>();
  const beside = new Map<string, Map<string, number>>();
  return {
    count: ({ routable, unroutable }) => {
      const [main] = routable;
      if (main !== undefined) increase(overall, main);
      for (const suffix of unroutable) {
        const counts = beside.get(suffix) ?? new Map<string, number>();
        beside.set(suffix, counts);
        if (main !== undefined) increase(counts, main);
      }
    },
    // What the very people with the suffix use elsewhere says most; then what most use; then what is registered.
    infer: (registered, allowed) =>
      [...beside].flatMap(([from, counts]) => {
        const named = registered.filter(allowed);
        const to = most(counts, allowed) ?? most(overall, allowed) ?? only(named);
        return to === undefined ? [] : [{ from, to }];
      }),
  };
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The most frequent name; of equally frequent ones the first by name, so that every scan says the same. */
function most(
  counts: ReadonlyMap<string, number>,
  allowed: (name: string) => boolean,
): string | undefined {
  const ranked = [...counts]
    .filter(([name]) => allowed(name))
    .sort(([a, m], [b, n]) => n - m || compare(a, b));
  return ranked[0]?.[0];
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}
