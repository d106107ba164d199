import { identityOf, namesEntry } from '../../ldap/format/dn.js';
import { nameVariants } from '../../mail/name-variants.js';
import type { EntryRef } from '../../model/entry.js';
import type { Holder } from '../../model/finding.js';
import type { Judge, PooledKey } from '../../model/rule.js';
import type { Keeper, PersonOf } from './keeper.js';
import { keyText } from './value-id.js';

/** Which names are free: not stored with another person, and not given away by this plan. */
export class Names {
  readonly #given = new Map<string, string>();
  readonly #held = new Map<string, readonly Holder[]>();
  /** The name that a person got in place of one that was taken: all its attributes move to the same one. */
  readonly #replaced = new Map<string, number>();
  readonly #judge: Pick<Judge, 'holders'>;
  readonly #keepers: ReadonlyMap<string, Keeper>;
  readonly personOf: PersonOf;

  constructor(
    judge: Pick<Judge, 'holders'>,
    keepers: ReadonlyMap<string, Keeper>,
    personOf: PersonOf,
  ) {
    this.#judge = judge;
    this.#keepers = keepers;
    this.personOf = personOf;
  }

  /** An entry of another person that holds the name and is not proposed to give it up to this one. */
  holder(key: PooledKey, person: string): Holder | undefined {
    const keeps = this.keeps(key, person);
    return this.#holders(key).find(
      (holder) => this.personOf(holder.entry) !== person && !(keeps && canGiveUp(holder, key)),
    );
  }

  /** All who hold a name: of one that thousands share the list is made once. */
  #holders(key: PooledKey): readonly Holder[] {
    const name = keyText(key);
    const known = this.#held.get(name) ?? this.#judge.holders(key, '');
    this.#held.set(name, known);
    return known;
  }

  /** Whether the person holds the name already and is the one of its holders that keeps it. */
  keeps(key: PooledKey, person: string): boolean {
    return this.#keepers.get(keyText(key))?.person === person;
  }

  take(key: PooledKey, person: string): boolean {
    const given = this.#given.get(keyText(key));
    if (this.holder(key, person) || (given !== undefined && given !== person)) return false;
    this.#given.set(keyText(key), person);
    return true;
  }

  /** The nearest variant of a value that is free for an attribute of an entry; undefined when there is none. */
  free(value: string, key: PooledKey, entry: EntryRef, attribute: string): string | undefined {
    const person = this.personOf(entry);
    const memo = `${person}\0${keyText(key)}`;
    const chosen = this.#replaced.get(memo);
    const keys = [...nameVariants(key.key)].map((name) => ({ pool: key.pool, key: name }));
    const isOwn = (variant: PooledKey) =>
      this.#holders(variant).some(
        (holder) =>
          identityOf(holder.entry) === identityOf(entry) && holder.attribute === attribute,
      );
    const at = chosen ?? keys.findIndex((variant) => !isOwn(variant) && this.take(variant, person));
    const variant = keys[at];
    if (!variant || isOwn(variant)) return undefined;
    this.#replaced.set(memo, at);
    return [...nameVariants(value)][at];
  }
}

/**
 * An account name is how people log on to Windows: no sync fault is worth changing it. Nor is a sign-in name or an
 * address that somebody has changed for the alias that the cloud makes of it (fact NICK-10). What names the entry itself
 * is changed by a rename only.
 */
export function canGiveUp(
  {
    entry,
    attribute,
    value,
  }: Pick<Holder, 'attribute' | 'value'> & { readonly entry: Pick<EntryRef, 'dn'> },
  { pool }: Pick<PooledKey, 'pool'>,
): boolean {
  const isImpliedAlias = pool === 'duplicate-mail-nickname' && attribute !== 'mailNickname';
  if (attribute === 'sAMAccountName' || isImpliedAlias || typeof value !== 'string') return false;
  return !namesEntry(entry.dn, attribute, value);
}
