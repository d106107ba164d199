import { compare } from '../compare.js';
import { identityOf } from '../ldap/dn.js';
import type { Claim, Criterion } from '../model.js';

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
 * Chooses the entry that keeps a shared value: the best claim by the first criterion that tells the entries apart.
 * Where none does, the first DN keeps it, so that the choice is the same in every scan.
 */
export function chooseKeeper(
  claims: readonly Claim[],
  order: readonly Criterion[],
): Keeper | undefined {
  const best = new Map<string, Claim>();
  for (const claim of claims) {
    const known = best.get(identityOf(claim.entry));
    if (!known || weigh(claim, known, order).order < 0) best.set(identityOf(claim.entry), claim);
  }
  const ranked = [...best.values()].sort((a, b) => weigh(a, b, order).order);
  const [first, second] = ranked;
  if (!first) return undefined;
  const by = second && weigh(first, second, order).by;
  const because = by ? SAYS[by] : 'nothing tells them apart but their names';
  return { identity: identityOf(first.entry), dn: first.entry.dn, because };
}

function weigh(
  a: Claim,
  b: Claim,
  order: readonly Criterion[],
): { readonly order: number; readonly by: Criterion | undefined } {
  for (const by of order) {
    const difference = COMPARE[by](a, b);
    if (difference !== 0) return { order: difference, by };
  }
  return { order: compare(a.entry.dn, b.entry.dn), by: undefined };
}

const COMPARE: Readonly<Record<Criterion, (a: Claim, b: Claim) => number>> = {
  primary: (a, b) => Number(isSecondary(a)) - Number(isSecondary(b)),
  mailbox: (a, b) => Number(b.standing.mailbox) - Number(a.standing.mailbox),
  enabled: (a, b) => Number(b.standing.enabled) - Number(a.standing.enabled),
  // A creation time that is not known says nothing for either.
  oldest: (a, b) =>
    a.standing.created && b.standing.created ? compare(a.standing.created, b.standing.created) : 0,
};

/** Whether the claim is a secondary address only: such a value is what its entry can best do without. */
export function isSecondary({ attribute, value }: Pick<Claim, 'attribute' | 'value'>): boolean {
  return attribute === 'proxyAddresses' && typeof value === 'string' && !value.startsWith('SMTP:');
}
