import { identityOf } from '../../ldap/format/dn.js';
import { isSecondary, withoutType } from '../../mail/proxy-addresses.js';
import type { EntryRef } from '../../model/entry.js';
import type { Claim, Criterion } from '../../model/rule.js';
import { compare } from '../../text/order.js';

/** The order in which the claims to a shared value are weighed unless another is asked for. */
export const KEEP_ORDER: readonly Criterion[] = ['primary', 'mailbox', 'enabled', 'oldest'];

/** What decides beside the criteria that a person may order: who signs in comes before who is only listed. */
type Weight = Criterion | 'kind' | 'both';

const SAYS: Readonly<Record<Weight, string>> = {
  kind: 'it signs in and the others do not',
  both: 'it is both its sign-in name and its primary address',
  primary: 'it is its primary address or sign-in name',
  mailbox: 'it has a mailbox',
  enabled: 'its account is enabled',
  oldest: 'it was created first',
};

/** Who keeps a value that several entries hold, and the words why. */
export interface Keeper {
  /** The person that keeps it. */
  readonly person: string;
  readonly dn: string;
  readonly because: string;
}

/** The person that an entry is, or is a part of: equal for entries that Connect joins. */
export type PersonOf = (entry: EntryRef) => string;

/** What somebody claims a shared value by: its best claim, and whether it both signs in and receives with it. */
interface Candidate extends Claim {
  readonly both: boolean;
}

/**
 * Chooses who keeps a shared value: the kind first, then the criteria in turn, leave the best of those that
 * they can tell apart. Where several are left, the first DN keeps it, so that the choice is the same in every scan.
 */
export function chooseKeeper(
  claims: readonly Claim[],
  order: readonly Criterion[],
  personOf: PersonOf = identityOf,
): Keeper | undefined {
  let left = candidatesOf(claims, personOf);
  let by: Weight | undefined;
  const further = order.flatMap((one): Weight[] => (one === 'primary' ? [one, 'both'] : [one]));
  for (const weight of ['kind' as const, ...further]) {
    const better = bestBy(weight, left);
    if (better.length < left.length) by = weight;
    left = better;
  }
  const [first, second] = left.toSorted((a, b) => compare(a.entry.dn, b.entry.dn));
  if (!first) return undefined;
  const because =
    by && !second ? SAYS[by] : 'its name sorts first and nothing else tells them apart';
  return { person: personOf(first.entry), dn: first.entry.dn, because };
}

/** One candidate a person. */
function candidatesOf(claims: readonly Claim[], personOf: PersonOf): readonly Candidate[] {
  const best = new Map<string, Candidate>();
  for (const claim of claims) {
    const person = personOf(claim.entry);
    const known = best.get(person);
    const both = known !== undefined && (known.both || signsIn(known) !== signsIn(claim));
    const isBetter = !known || rankOfUse(claim) < rankOfUse(known);
    const isFull = both && rankOfUse(claim) === 'a' && (known.both || rankOfUse(known) === 'a');
    best.set(person, { ...(isBetter ? claim : known), both: isFull });
  }
  return [...best.values()];
}

function signsIn({ attribute }: Claim): boolean {
  return attribute === 'userPrincipalName';
}

/** Without those that are surely behind another one. */
function bestBy(weight: Weight, claims: readonly Candidate[]): readonly Candidate[] {
  const ranks = claims.map(RANK[weight]);
  const [first] = ranks.filter((rank) => rank !== '').sort(compare);
  return claims.filter((_, at) => ranks[at] === '' || ranks[at] === first);
}

function rankOfUse(claim: Claim): string {
  return isStray(claim) ? 'c' : isSecondary(claim) ? 'b' : 'a';
}

/** Who signs in before who receives before who is only listed. */
function rankOfKind({ entry: { kind } }: Claim): string {
  if (kind === 'user' || kind === 'inetOrgPerson') return 'a';
  return kind === 'contact' ? 'c' : 'b';
}

/** What sorts first is best; an empty rank says nothing for or against its claim. */
const RANK: Readonly<Record<Weight, (claim: Candidate) => string>> = {
  kind: rankOfKind,
  both: ({ both }) => (both ? 'a' : 'b'),
  primary: rankOfUse,
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
