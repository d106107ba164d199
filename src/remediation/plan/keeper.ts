import { identityOf } from '../../ldap/format/dn.js';
import { isSecondary, withoutType } from '../../mail/proxy-addresses.js';
import type { Claim, Criterion } from '../../model/rule.js';
import { compare } from '../../text/order.js';

/** The order in which the claims to a shared value are weighed unless another is asked for. */
export const KEEP_ORDER: readonly Criterion[] = ['primary', 'mailbox', 'enabled', 'oldest'];

const SAYS: Readonly<Record<Criterion, string>> = {
  primary: 'it is its primary address or sign-in name',
  mailbox: 'it has a mailbox',
  enabled: 'its account is enabled',
  oldest: 'it was created first',
};

/** Who keeps a value that several entries hold, and the words why. */
export interface Keeper {
  /** Identity of the entry that keeps it. */
  readonly identity: string;
  readonly dn: string;
  readonly because: string;
}

/**
 * Chooses the entry that keeps a shared value: the criteria in turn leave the best of those that they can tell apart.
 * Where several are left, the first DN keeps it, so that the choice is the same in every scan.
 */
export function chooseKeeper(
  claims: readonly Claim[],
  order: readonly Criterion[],
): Keeper | undefined {
  const best = new Map<string, Claim>();
  for (const claim of claims) {
    const known = best.get(identityOf(claim.entry));
    if (!known || RANK.primary(claim) < RANK.primary(known))
      best.set(identityOf(claim.entry), claim);
  }
  let left: readonly Claim[] = [...best.values()];
  let by: Criterion | undefined;
  for (const criterion of order) {
    const better = bestBy(criterion, left);
    if (better.length < left.length) by = criterion;
    left = better;
  }
  const [first, second] = left.toSorted((a, b) => compare(a.entry.dn, b.entry.dn));
  if (!first) return undefined;
  const because = by && !second ? SAYS[by] : 'nothing tells them apart but their names';
  return { identity: identityOf(first.entry), dn: first.entry.dn, because };
}

/** Without those that are surely behind another one. */
function bestBy(criterion: Criterion, claims: readonly Claim[]): readonly Claim[] {
  const ranks = claims.map(RANK[criterion]);
  const [first] = ranks.filter((rank) => rank !== '').sort(compare);
  return claims.filter((_, at) => ranks[at] === '' || ranks[at] === first);
}

/** What sorts first is best; an empty rank says nothing for or against its claim. */
const RANK: Readonly<Record<Criterion, (claim: Claim) => string>> = {
  primary: (claim) => (isStray(claim) ? 'c' : isSecondary(claim) ? 'b' : 'a'),
  mailbox: ({ standing }) => (standing.mailbox ? 'a' : 'b'),
  enabled: ({ standing: { enabled } }) => (enabled === undefined ? '' : enabled ? 'a' : 'b'),
  oldest: ({ standing }) => standing.created,
};

/**
 * Whether the claim is a mail of a user who has another primary address: it has no effect that anyone can see (fact
 * MAIL-7).
 */
export function isStray({ entry, attribute, value, standing: { primary } }: Claim): boolean {
  if (attribute !== 'mail' || primary === undefined || typeof value !== 'string') return false;
  const isUser = entry.kind === 'user' || entry.kind === 'inetOrgPerson';
  return isUser && value.trim().toLowerCase() !== withoutType(primary).toLowerCase();
}
