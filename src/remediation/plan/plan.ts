import { shownName } from '../../ldap/format/dn.js';
import { isPrimary } from '../../mail/address.js';
import { isSecondary, withoutType } from '../../mail/proxy-addresses.js';
import type { Proposal } from '../../model/change.js';
import type { Claim, Criterion, Judge, PooledKey, SharedValue } from '../../model/rule.js';
import { compare } from '../../text/order.js';
import { printable } from '../../text/printable.js';
import type { Draft } from './draft.js';
import { canGiveUp, Names } from './free-names.js';
import { chooseKeeper, isStray, type Keeper, type PersonOf } from './keeper.js';
import { keepRemark, type Remark, type Remarks, remarkKey, repairRemark } from './remarks.js';
import { keyText, valueId } from './value-id.js';

/** A plan that holds together, and what there is to say about values, by the id of the value. */
export interface Plan {
  readonly proposals: readonly Proposal[];
  readonly remarks: Remarks;
}

/** What a plan is made of, and by which order the keeper of a shared value is chosen. */
export interface PlanInput {
  readonly drafts: readonly Draft[];
  readonly shared: readonly SharedValue[];
  readonly judge: Pick<Judge, 'holders'>;
  /** Whether something was found wrong with the value of that id. */
  readonly isFaulty: (id: string) => boolean;
  readonly order: readonly Criterion[];
  readonly personOf: PersonOf;
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
export function plan(input: PlanInput): Plan {
  const { drafts, shared: values, judge, isFaulty, order, personOf } = input;
  // Whichever came first: who gets which number must not depend on the source.
  const shared = values.toSorted((a, b) => compare(keyText(a.key), keyText(b.key)));
  const keepers = keepersOf(shared, order, personOf);
  const names = new Names(judge, keepers, personOf);
  const remarks = new Map<string, Remark>();
  const proposals = new Map<string, Proposal>();
  const losing = losersOf(shared, keepers, personOf);
  settleDrafts(drafts, { names, order, remarks, proposals, isFaulty, losing });
  // A draft that only trims or demotes a shared value leaves it shared.
  const moved = new Set(drafts.filter(movesAway).map(({ proposal }) => proposal.id));
  const strays: Loser[] = [];
  for (const value of shared) {
    const keeper = keepers.get(keyText(value.key));
    if (!keeper) continue;
    for (const claim of value.holders) {
      const id = valueId(claim.entry, claim.attribute, claim.value);
      const keeps = personOf(claim.entry) === keeper.person;
      const remark = remarkKey(id, value.key.pool);
      if (!remarks.has(remark)) remarks.set(remark, keepRemark(keeper, keeps));
      if (keeps || moved.has(id) || !canGiveUp(claim, value.key)) continue;
      const loser = { id, claim, key: value.key };
      const settled = isStray(claim)
        ? void strays.push(loser)
        : settleShared(loser, proposals, names, isFaulty);
      if (settled) proposals.set(id, settled);
    }
  }
  // What becomes of the primary addresses is known by now.
  for (const stray of strays) {
    const after = ownAddress(stray.claim, stray.key.pool, proposals, names, isFaulty, ['primary']);
    if (after !== undefined) proposals.set(stray.id, giving(stray, proposals.get(stray.id), after));
  }
  return { proposals: [...proposals.values()], remarks };
}

/** Who keeps each shared value, by its key, in the pools in which the others can be given another name. */
function keepersOf(
  shared: readonly SharedValue[],
  order: readonly Criterion[],
  personOf: PersonOf,
): ReadonlyMap<string, Keeper> {
  const keepers = new Map<string, Keeper>();
  for (const { key, holders } of shared) {
    const keeper = RENAMES.has(key.pool) ? chooseKeeper(holders, order, personOf) : undefined;
    if (keeper) keepers.set(keyText(key), keeper);
  }
  return keepers;
}

/** The values, by id, that their entries must give up because somebody else keeps them. */
function losersOf(
  shared: readonly SharedValue[],
  keepers: ReadonlyMap<string, Keeper>,
  personOf: PersonOf,
): ReadonlySet<string> {
  const losing = new Set<string>();
  for (const { key, holders } of shared) {
    const keeper = keepers.get(keyText(key));
    for (const { entry, attribute, value } of keeper ? holders : [])
      if (personOf(entry) !== keeper?.person) losing.add(valueId(entry, attribute, value));
  }
  return losing;
}

function movesAway({ proposal, claims }: Draft): boolean {
  return claims.length > 0 || proposal.edit.after.length === 0;
}

/** What drafts are settled by, and what comes of them. */
interface Settling {
  readonly names: Names;
  readonly order: readonly Criterion[];
  readonly isFaulty: (id: string) => boolean;
  readonly losing: ReadonlySet<string>;
  readonly remarks: Map<string, Remark>;
  readonly proposals: Map<string, Proposal>;
}

function settleDrafts(drafts: readonly Draft[], settling: Settling): void {
  const { names, losing, proposals } = settling;
  const rivals = rivalsOf(drafts, names);
  for (const draft of byMerit(drafts, rivals, settling)) {
    const person = names.personOf(draft.proposal.edit.entry);
    const contested = draft.claims.filter(
      (key) => (rivals.get(keyText(key))?.persons.size ?? 0) > 1 || names.keeps(key, person),
    );
    const blocked = draft.claims.find((key) => !names.take(key, person));
    const settled = blocked ? renamed(draft, blocked, settling) : draft.proposal;
    if (!settled) continue;
    // Who of several gets or keeps a name is a choice between people: it is never safe.
    const isChoice = contested.length > 0 || losing.has(settled.id);
    proposals.set(settled.id, isChoice ? { ...settled, safety: 'review' } : settled);
  }
}

/** Who wants a name that drafts would give. */
interface Rivals {
  readonly claims: Claim[];
  readonly persons: Set<string>;
}

function rivalsOf(drafts: readonly Draft[], { personOf }: Names): ReadonlyMap<string, Rivals> {
  const rivals = new Map<string, Rivals>();
  for (const { proposal, claims, standing } of drafts) {
    const { entry, attribute, after } = proposal.edit;
    for (const key of claims) {
      const wanting = rivals.get(keyText(key)) ?? { claims: [], persons: new Set() };
      rivals.set(keyText(key), wanting);
      wanting.claims.push({ entry, attribute, value: after[0] ?? '', standing });
      wanting.persons.add(personOf(entry));
    }
  }
  return rivals;
}

/** Drafts in an order that does not depend on the source; of rivals the keeper of the name comes first. */
function byMerit(
  drafts: readonly Draft[],
  rivals: ReadonlyMap<string, Rivals>,
  { order, losing, names: { personOf } }: Settling,
): readonly Draft[] {
  const keepers = new Map<string, string | undefined>();
  for (const [key, wanting] of rivals)
    if (wanting.persons.size > 1)
      keepers.set(key, chooseKeeper(wanting.claims, order, personOf)?.person);
  const rank = ({ proposal, claims }: Draft) => {
    // Whoever keeps a shared value keeps it where it moves to.
    if (losing.has(proposal.id)) return 2;
    const contested = claims.filter((key) => keepers.has(keyText(key)));
    const person = personOf(proposal.edit.entry);
    return contested.every((key) => keepers.get(keyText(key)) === person) ? 0 : 1;
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
  { proposal, standing }: Draft,
  key: PooledKey,
  { names, remarks, proposals, isFaulty }: Settling,
): Proposal | undefined {
  const { edit, id, trail } = proposal;
  const wanted = edit.after[0];
  const holder = names.holder(key, names.personOf(edit.entry));
  const who = holder ? `${shownName(holder.entry.dn)} (${holder.attribute})` : 'another proposal';
  const claim = { entry: edit.entry, attribute: edit.attribute, value: edit.before[0] ?? '' };
  const own = ownName({ ...claim, standing }, key.pool, proposals, names, isFaulty);
  const free =
    own ??
    (typeof wanted === 'string' ? names.free(wanted, key, edit.entry, edit.attribute) : undefined);
  if (typeof wanted !== 'string' || free === undefined || !RENAMES.has(key.pool)) {
    remarks.set(
      remarkKey(id),
      repairRemark(`no proposal, for "${printable(String(wanted))}" is taken by ${who}`),
    );
    return undefined;
  }
  const instead = own === undefined ? 'the next free name' : 'its own address';
  remarks.set(
    remarkKey(id),
    repairRemark(`"${printable(wanted)}" is taken by ${who}, so ${instead} is proposed`),
  );
  return {
    ...proposal,
    edit: { ...edit, after: [free] },
    safety: 'review',
    trail: [...trail, { rule: key.pool, before: wanted, after: free }],
  };
}

/** An entry that must give a shared value up, and the id of the value. */
interface Loser {
  readonly id: string;
  readonly claim: Claim;
  readonly key: PooledKey;
}

/** What a holder that gives a shared value up does: a secondary address goes, any other becomes the next free name. */
function settleShared(
  loser: Loser,
  proposals: ReadonlyMap<string, Proposal>,
  names: Names,
  isFaulty: (id: string) => boolean,
): Proposal | undefined {
  const { claim, key } = loser;
  const draft = proposals.get(loser.id);
  const { entry, attribute, value } = claim;
  const now = draft?.edit.after[0] ?? value;
  if (typeof now !== 'string') return draft;
  const removed = isSecondary({ attribute, value: now });
  // A number makes no address of what is none.
  const isNone = key.pool === 'duplicate-address' && !now.includes('@');
  if (isNone && !removed) return draft;
  const after = removed
    ? undefined
    : (ownName(claim, key.pool, proposals, names, isFaulty) ??
      names.free(now, key, entry, attribute));
  return after === undefined && !removed ? draft : giving(loser, draft, after);
}

function giving(
  { id, claim: { entry, attribute, value }, key }: Loser,
  draft: Proposal | undefined,
  after: string | undefined,
): Proposal {
  const now = draft?.edit.after[0] ?? value;
  const before = typeof now === 'string' ? now : undefined;
  return {
    id,
    edit: { entry, attribute, before: [value], after: after === undefined ? [] : [after] },
    safety: 'review',
    findings: [...(draft?.findings ?? []), key.pool],
    trail: [...(draft?.trail ?? []), { rule: key.pool, before, after }],
  };
}

/** The name that a user has already: of one that signs in with somebody else's, before any number. */
function ownName(
  claim: Claim,
  pool: string,
  proposals: ReadonlyMap<string, Proposal>,
  names: Names,
  isFaulty: (id: string) => boolean,
): string | undefined {
  if (claim.attribute !== 'userPrincipalName') return undefined;
  return ownAddress(claim, pool, proposals, names, isFaulty, ['primary', 'mail']);
}

/** Where the mail address of an entry stands, by what its standing says of it. */
const PLACES = { primary: 'proxyAddresses', mail: 'mail' } as const;

/** The mail address that an entry has, or gets, if it is sound and free; the first of several that it may be. */
function ownAddress(
  { entry, standing }: Claim,
  pool: string,
  proposals: ReadonlyMap<string, Proposal>,
  names: Names,
  isFaulty: (id: string) => boolean,
  of: readonly (keyof typeof PLACES)[],
): string | undefined {
  const known = of.find((one) => standing[one] !== undefined);
  const stored = known && standing[known];
  if (known === undefined || stored === undefined) return undefined;
  const id = valueId(entry, PLACES[known], stored);
  const proposed = proposals.get(id);
  const [value] = proposed ? proposed.edit.after : isFaulty(id) ? [] : [stored];
  if (typeof value !== 'string' || (known === 'primary' && !isPrimary(value))) return undefined;
  const address = known === 'primary' ? withoutType(value) : value.trim();
  const isFree = names.take({ pool, key: address.toLowerCase() }, names.personOf(entry));
  return isFree && /^[!-?A-~]+@[!-?A-~]+$/.test(address) ? address : undefined;
}
