import { sameValues } from '../ldap/format/values.js';
import { isRoutable } from '../mail/domain-name.js';
import { mappedSuffix } from '../mail/suffix-map.js';
import type { RegisteredSuffixes } from '../model/entry.js';
import type { Settings, SuffixMapping } from '../model/rule.js';
import type { Draft } from '../remediation/plan/draft.js';
import { propose } from '../remediation/plan/propose.js';
import { signInPolicy } from '../remediation/plan/sign-in-name.js';
import type { SuffixCensus } from '../remediation/plan/suffix-census.js';
import type { Engine } from '../validators/engine/engine.js';
import type { Found } from './found.js';

/** The suffix mappings that the directory itself suggests, where nobody named one. */
export function inferredSuffixes(
  census: SuffixCensus,
  forests: readonly RegisteredSuffixes[],
  { suffixMap, verifiedDomains }: Settings,
): readonly SuffixMapping[] {
  const registered = forests.flatMap(({ suffixes }) => suffixes).filter(isRoutable);
  const allowed = (domain: string) => verifiedDomains?.has(domain) ?? true;
  return census
    .infer(registered, allowed)
    .filter(({ from }) => mappedSuffix(from, suffixMap) === undefined);
}

/**
 * The drafts, those of entries with an unmapped suffix made anew where one was inferred: what stands on it is for a
 * person to review, and only what was made together holds together.
 */
export function draftsWith(
  inferred: readonly SuffixMapping[],
  { drafts, unmapped, waiting }: Found,
  engine: Engine,
  settings: Settings,
): readonly Draft[] {
  if (inferred.length === 0) return drafts;
  const signIn = signInPolicy(settings);
  const judge = engine.withSuffixes([...settings.suffixMap, ...inferred]);
  const earlier = new Map(drafts.map((draft) => [draft.proposal.id, draft]));
  const all = new Map(earlier);
  for (const { number, findings, drafted } of unmapped) {
    for (const id of drafted) all.delete(id);
    for (const draft of propose(waiting.get(number), findings, judge, signIn)) {
      const { proposal } = draft;
      const before = earlier.get(proposal.id);
      // It was dropped since, for it rested on an absence.
      if (!before && drafted.has(proposal.id)) continue;
      const isSame = before && sameValues(before.proposal.edit.after, proposal.edit.after);
      const again = { ...draft, proposal: { ...proposal, safety: 'review' as const } };
      all.set(proposal.id, isSame ? before : again);
    }
  }
  return [...all.values()];
}
