import { identityOf, normaliseDn } from '../ldap/format/dn.js';
import type { EntryRef, Value } from '../model/entry.js';
import type { Judge, PooledKey } from '../model/rule.js';
import { keyText } from '../remediation/plan/value-id.js';
import type { Taken } from './answer.js';
import { type MarkedRow, statusOf } from './marked-row.js';
import { entryOf } from './offline-engine.js';

/** Who has a value, or is to get it, as far as the sheet and the report of its scan tell. */
export interface Claims {
  /** Claims of others than this entry to values with such a key. */
  holders(keys: readonly PooledKey[], self: Pick<EntryRef, 'dn' | 'guid'>): readonly Taken[];
  /** Says that rows are marked otherwise now. */
  refresh(rows: readonly MarkedRow[]): void;
}

/** A holder that the report of a scan names; the sheet has only its DN in words. */
export interface Named {
  readonly dn: string;
  readonly attribute: string;
  readonly value: Value;
}

interface SheetClaim {
  readonly row: number | undefined;
  readonly dn: string;
  readonly identity: string;
  readonly attribute: string;
  readonly value: Value;
  readonly by: Taken['by'];
}

/** Reads the claims out of rows and reports once, when they are first asked for. */
export function createClaims(
  rows: ReadonlyMap<number, MarkedRow>,
  named: readonly Named[],
  judge: Pick<Judge, 'keys'>,
): Claims {
  let index: ClaimIndex | undefined;
  return {
    holders(keys, self) {
      index ??= indexOf(rows, named, judge);
      // A report names holders by their DN alone.
      const isOther = ({ identity, dn }: SheetClaim) =>
        identity !== identityOf(self) && normaliseDn(dn) !== normaliseDn(self.dn);
      const found = index.at(keys.map(keyText)).filter(isOther);
      return found.map((claim) => view(claim, rows));
    },
    refresh(changed) {
      for (const row of changed) index?.setUpdate(row);
    },
  };
}

function indexOf(
  rows: ReadonlyMap<number, MarkedRow>,
  named: readonly Named[],
  judge: Pick<Judge, 'keys'>,
): ClaimIndex {
  const index = new ClaimIndex(judge);
  const known = new Set<string>();
  for (const one of rows.values()) {
    const { dn, attribute, value } = one.sheetRow;
    index.setUpdate(one);
    if (value === undefined) continue;
    known.add(holderKey(dn, attribute, value));
    index.addStored(one, value);
  }
  for (const one of named) {
    const key = holderKey(one.dn, one.attribute, one.value);
    if (!known.has(key)) index.addNamed(one);
    known.add(key);
  }
  return index;
}

/** Claims by the keys of their values: what entries hold, and what rows would give them. */
class ClaimIndex {
  readonly #judge: Pick<Judge, 'keys'>;
  readonly #stored = new Map<string, SheetClaim[]>();
  readonly #updates = new Map<string, SheetClaim[]>();
  readonly #keysOfRow = new Map<number, readonly string[]>();

  constructor(judge: Pick<Judge, 'keys'>) {
    this.#judge = judge;
  }

  /** The claims to some keys, each once. */
  at(keys: readonly string[]): readonly SheetClaim[] {
    const claims = keys.flatMap((key) => [
      ...(this.#stored.get(key) ?? []),
      ...(this.#updates.get(key) ?? []),
    ]);
    return [...new Set(claims)];
  }

  addStored(row: MarkedRow, value: Value): void {
    for (const key of this.#keysOf(row, value))
      put(this.#stored, key, claimOf(row, value, 'stored'));
  }

  addNamed({ dn, attribute, value }: Named): void {
    // The kind of a named holder is not on record; a user is judged by every pool that it can be in.
    const entry = entryOf({ ...EMPTY, dn, attribute, objectClass: 'user' }, [value]);
    const claim = { row: undefined, dn, identity: identityOf(entry), attribute, value };
    for (const key of this.#judge.keys(entry, attribute).map(keyText))
      put(this.#stored, key, { ...claim, by: 'stored' });
  }

  /** Puts what a row would write in place of what it would have written before. */
  setUpdate(one: MarkedRow): void {
    for (const key of this.#keysOfRow.get(one.row) ?? []) {
      const left = (this.#updates.get(key) ?? []).filter(({ row }) => row !== one.row);
      this.#updates.set(key, left);
    }
    const { action, update } = one.mark;
    // What is proposed and not decided yet counts: two people must not get one name.
    const isOff = update === undefined || action === 'COMPLETE' || action === 'REMOVE';
    const keys = isOff ? [] : this.#keysOf(one, update);
    if (update !== undefined)
      for (const key of keys) put(this.#updates, key, claimOf(one, update, 'update'));
    this.#keysOfRow.set(one.row, keys);
  }

  #keysOf({ sheetRow }: MarkedRow, value: Value): readonly string[] {
    return this.#judge.keys(entryOf(sheetRow, [value]), sheetRow.attribute).map(keyText);
  }
}

function put(index: Map<string, SheetClaim[]>, key: string, claim: SheetClaim): void {
  const list = index.get(key);
  if (list) list.push(claim);
  else index.set(key, [claim]);
}

function claimOf({ row, sheetRow }: MarkedRow, value: Value, by: Taken['by']): SheetClaim {
  const { dn, attribute } = sheetRow;
  return { row, dn, identity: identityOf(sheetRow), attribute, value, by };
}

function view(
  { row, dn, attribute, value, by }: SheetClaim,
  rows: ReadonlyMap<number, MarkedRow>,
): Taken {
  const mark = row === undefined ? undefined : rows.get(row)?.mark;
  const status = mark && statusOf(mark);
  const changes = status === 'accepted' || status === 'applied';
  return { dn, attribute, value: String(value), by, givesUp: by === 'stored' && changes };
}

const EMPTY = {
  ...{ dn: '', commonName: '', objectClass: '', attribute: '', errors: '', value: undefined },
  ...{ update: undefined, proposedAction: '', action: '', severity: '', safety: '', rules: '' },
  ...{ message: '', related: '', guid: undefined, id: '', seal: '' },
};

function holderKey(dn: string, attribute: string, value: Value): string {
  return JSON.stringify([dn.toLowerCase(), attribute.toLowerCase(), String(value)]);
}
