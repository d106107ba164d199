import { identityOf } from '../ldap/dn.js';
import type { Judge, PooledKey, Proposal } from '../model.js';
import { printable } from '../printable.js';
import type { Draft } from './propose.js';

/** A plan that holds together, and for each proposal that had to go the reason, by proposal id. */
export interface Plan {
  readonly proposals: readonly Proposal[];
  readonly withdrawn: ReadonlyMap<string, string>;
}

/**
 * Checks all proposals as a set: one whose new value another entry holds, or another proposal would write, is
 * withdrawn and left to a person.
 */
export function plan(drafts: readonly Draft[], judge: Pick<Judge, 'holders'>): Plan {
  const claimants = new Map<string, Set<string>>();
  for (const { proposal, claims } of drafts) {
    for (const claim of claims) {
      const entries = claimants.get(text(claim)) ?? new Set();
      claimants.set(text(claim), entries.add(identityOf(proposal.edit.entry)));
    }
  }
  const withdrawn = new Map<string, string>();
  for (const { proposal, claims } of drafts) {
    const reason = claims.map((claim) => conflict(proposal, claim, judge, claimants)).find(Boolean);
    if (reason) withdrawn.set(proposal.id, reason);
  }
  const proposals = drafts.map((d) => d.proposal).filter(({ id }) => !withdrawn.has(id));
  return { proposals, withdrawn };
}

function conflict(
  proposal: Proposal,
  claim: PooledKey,
  judge: Pick<Judge, 'holders'>,
  claimants: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const own = identityOf(proposal.edit.entry);
  const holder = judge.holders(claim).find(({ entry }) => identityOf(entry) !== own);
  const value = printable(String(proposal.edit.after[0] ?? ''));
  if (holder)
    return `No proposal: "${value}" is already held by ${printable(holder.entry.dn)} (${holder.attribute}).`;
  if ((claimants.get(text(claim))?.size ?? 0) > 1)
    return `No proposal: "${value}" would be given to more than one entry.`;
  return undefined;
}

function text({ pool, key }: PooledKey): string {
  return `${pool}\0${key}`;
}
