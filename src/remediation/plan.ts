import { compare } from '../compare.js';
import { identityOf } from '../ldap/dn.js';
import type {
  Claim,
  Criterion,
  Holder,
  Judge,
  PooledKey,
  Proposal,
  SharedValue,
} from '../model.js';
import { printable } from '../printable.js';
import { chooseKeeper, isSecondary, isStray, type Keeper } from './keep.js';
import { type Draft, keyText, valueId } from './propose.js';
import { variants } from './variants.js';

/** A plan that holds together, and what there is to say about values, by the id of the value. */
export interface Plan {
  readonly proposals: readonly Proposal[];
  readonly remarks: ReadonlyMap<string, string>;
}

/** What a plan is made of, and by which order the keeper of a shared value is chosen. */
export interface PlanInput {
  readonly drafts: readonly Draft[];
  readonly shared: readonly SharedValue[];
  readonly judge: Pick<Judge, 'holders'>;
  readonly order: readonly Criterion[];
}

/** Pools in which a holder can be given another name; elsewhere a shared value is left to a person. */
export const RENAMES: ReadonlySet<string> = new Set([
  'duplicate-address',
  'duplicate-mail-nickname',
]);

/**
 * Makes one plan of all drafts and all shared values: of several holders one keeps the value, no proposed value equals
 * another entry's, stored or proposed, and where it would the next free name is proposed for review.
 */
export function plan({ drafts, shared, judge, order }: PlanInput): Plan {
  const keepers = keepersOf(shared, order);
  const names = new Names(judge, keepers);
  const remarks = new Map<string, string>();
  const proposals = new Map<string, Proposal>();
  for (const proposal of settleDrafts(drafts, names, order, remarks))
    proposals.set(proposal.id, proposal);
  // A draft that only trims or demotes a shared value leaves it shared.
  const moved = new Set(drafts.filter(movesAway).map(({ proposal }) => proposal.id));
  for (const value of shared) {
    const keeper = keepers.get(keyText(value.key));
    if (!keeper) continue;
    for (const claim of value.holders) {
      const id = valueId(claim.entry, claim.attribute, claim.value);
      const keeps = identityOf(claim.entry) === keeper.identity;
      if (!remarks.has(id)) remarks.set(id, keepRemark(keeper, keeps));
      const settled =
        keeps || moved.has(id)
          ? undefined
          : settleShared(id, claim, value.key, proposals.get(id), names);
      if (settled) proposals.set(id, settled);
    }
  }
  return { proposals: [...proposals.values()], remarks };
}

/** Who keeps each shared value, by its key, in the pools in which the others can be given another name. */
function keepersOf(
  shared: readonly SharedValue[],
  order: readonly Criterion[],
): ReadonlyMap<string, Keeper> {
  const keepers = new Map<string, Keeper>();
  for (const { key, holders } of shared) {
    const keeper = RENAMES.has(key.pool) ? chooseKeeper(holders, order) : undefined;
    if (keeper) keepers.set(keyText(key), keeper);
  }
  return keepers;
}

function movesAway({ proposal, claims }: Draft): boolean {
  return claims.length > 0 || proposal.edit.after.length === 0;
}

function keepRemark({ dn, because }: Keeper, keeps: boolean): string {
  return `${keeps ? 'This entry' : printable(dn)} keeps it: ${because}.`;
}

/** Which names are free: not stored with another entry, and not given away by this plan. */
class Names {
  readonly #given = new Map<string, string>();
  /** The name that an entry got in place of one that was taken: all its attributes move to the same one. */
  readonly #replaced = new Map<string, number>();
  readonly #judge: Pick<Judge, 'holders'>;
  readonly #keepers: ReadonlyMap<string, Keeper>;

  constructor(judge: Pick<Judge, 'holders'>, keepers: ReadonlyMap<string, Keeper>) {
    this.#judge = judge;
    this.#keepers = keepers;
  }

  /** Another entry of the directory that holds the name and is not proposed to give it up to this one. */
  holder(key: PooledKey, identity: string): Holder | undefined {
    const keeps = this.keeps(key, identity);
    return this.#judge.holders(key, identity).find((holder) => !(keeps && canGiveUp(holder)));
  }

  /** Whether the entry holds the name already and is the one of its holders that keeps it. */
  keeps(key: PooledKey, identity: string): boolean {
    return this.#keepers.get(keyText(key))?.identity === identity;
  }

  take(key: PooledKey, identity: string): boolean {
    const given = this.#given.get(keyText(key));
    if (this.holder(key, identity) || (given !== undefined && given !== identity)) return false;
    this.#given.set(keyText(key), identity);
    return true;
  }

  /** The nearest free variant of a value; undefined when there is none. */
  free(value: string, key: PooledKey, identity: string): string | undefined {
    const memo = `${identity}\0${keyText(key)}`;
    const chosen = this.#replaced.get(memo);
    const keys = [...variants(key.key)].map((name) => ({ pool: key.pool, key: name }));
    const at = chosen ?? keys.findIndex((variant) => this.take(variant, identity));
    if (at < 0) return undefined;
    this.#replaced.set(memo, at);
    return [...variants(value)][at];
  }
}

function settleDrafts(
  drafts: readonly Draft[],
  names: Names,
  order: readonly Criterion[],
  remarks: Map<string, string>,
): Proposal[] {
  const rivals = rivalsOf(drafts);
  const proposals: Proposal[] = [];
  for (const draft of byMerit(drafts, rivals, order)) {
    const identity = identityOf(draft.proposal.edit.entry);
    const contested = draft.claims.filter(
      (key) => (rivals.get(keyText(key))?.size ?? 0) > 1 || names.keeps(key, identity),
    );
    const blocked = draft.claims.find((key) => !names.take(key, identity));
    const settled = blocked ? renamed(draft, blocked, names, remarks) : draft.proposal;
    if (!settled) continue;
    // Who of several gets a name is a choice between people: it is never safe.
    proposals.push(contested.length > 0 ? { ...settled, safety: 'review' } : settled);
  }
  return proposals;
}

/** For each name that drafts want, the best claim of each entry that wants it. */
function rivalsOf(drafts: readonly Draft[]): ReadonlyMap<string, ReadonlyMap<string, Claim>> {
  const rivals = new Map<string, Map<string, Claim>>();
  for (const { proposal, claims, standing } of drafts) {
    const { entry, attribute, after } = proposal.edit;
    for (const key of claims) {
      const wanting = rivals.get(keyText(key)) ?? new Map<string, Claim>();
      rivals.set(keyText(key), wanting);
      const claim = { entry, attribute, value: after[0] ?? '', standing };
      const known = wanting.get(identityOf(entry));
      if (!known || isSecondary(known)) wanting.set(identityOf(entry), claim);
    }
  }
  return rivals;
}

/** Drafts in an order that does not depend on the source; of rivals the keeper of the name comes first. */
function byMerit(
  drafts: readonly Draft[],
  rivals: ReadonlyMap<string, ReadonlyMap<string, Claim>>,
  order: readonly Criterion[],
): readonly Draft[] {
  const keepers = new Map<string, string | undefined>();
  for (const [key, wanting] of rivals)
    if (wanting.size > 1) keepers.set(key, chooseKeeper([...wanting.values()], order)?.identity);
  const rank = ({ proposal, claims }: Draft) => {
    const contested = claims.filter((key) => keepers.has(keyText(key)));
    const identity = identityOf(proposal.edit.entry);
    return contested.every((key) => keepers.get(keyText(key)) === identity) ? 0 : 1;
  };
  return [...drafts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.proposal.edit.entry.dn, b.proposal.edit.entry.dn) ||
      compare(a.proposal.edit.attribute, b.proposal.edit.attribute) ||
      compare(a.proposal.id, b.proposal.id),
  );
}

function renamed(
  { proposal }: Draft,
  key: PooledKey,
  names: Names,
  remarks: Map<string, string>,
): Proposal | undefined {
  const { edit, id, trail } = proposal;
  const wanted = edit.after[0];
  const identity = identityOf(edit.entry);
  const holder = names.holder(key, identity);
  const who = holder ? `${printable(holder.entry.dn)} (${holder.attribute})` : 'another proposal';
  const free = typeof wanted === 'string' ? names.free(wanted, key, identity) : undefined;
  if (typeof wanted !== 'string' || free === undefined || !RENAMES.has(key.pool)) {
    remarks.set(id, `No proposal: "${printable(String(wanted))}" is taken by ${who}.`);
    return undefined;
  }
  remarks.set(id, `"${printable(wanted)}" is taken by ${who}: the next free name is proposed.`);
  return {
    ...proposal,
    edit: { ...edit, after: [free] },
    safety: 'review',
    trail: [...trail, { rule: key.pool, before: wanted, after: free }],
  };
}

/** What a holder that gives a shared value up does: a secondary address goes, any other becomes the next free name. */
function settleShared(
  id: string,
  claim: Claim,
  key: PooledKey,
  draft: Proposal | undefined,
  names: Names,
): Proposal | undefined {
  const { entry, attribute, value } = claim;
  const now = draft?.edit.after[0] ?? value;
  if (typeof now !== 'string' || !canGiveUp(claim)) return draft;
  const removed = isSecondary({ attribute, value: now });
  const after = removed
    ? undefined
    : (ownPrimary(claim, key, names) ?? names.free(now, key, identityOf(entry)));
  if (after === undefined && !removed) return draft;
  return {
    id,
    edit: { entry, attribute, before: [value], after: after === undefined ? [] : [after] },
    safety: 'review',
    findings: [...(draft?.findings ?? []), key.pool],
    trail: [...(draft?.trail ?? []), { rule: key.pool, before: now, after }],
  };
}

/** What a mail that is nobody's primary address should be: the one that its entry has, if no other entry holds it. */
function ownPrimary(claim: Claim, { pool }: PooledKey, names: Names): string | undefined {
  const { primary = '' } = claim.standing;
  const isSound = isStray(claim) && /^[!-?A-~]+@[!-?A-~]+$/.test(primary);
  const isFree =
    isSound && names.take({ pool, key: primary.toLowerCase() }, identityOf(claim.entry));
  return isFree ? primary : undefined;
}

/** An account name is how people log on to Windows: no sync fault is worth changing it. */
export function canGiveUp({ attribute, value }: Pick<Holder, 'attribute' | 'value'>): boolean {
  return attribute !== 'sAMAccountName' && typeof value === 'string';
}
