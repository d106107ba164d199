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

interface Claim {
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
  const stored = new Map<string, Claim[]>();
  const updates = new Map<string, Claim[]>();
  const keysOfRow = new Map<number, readonly string[]>();
  let ready = false;

  const keysOf = (row: MarkedRow, value: Value): readonly string[] => {
    const { attribute } = row.sheetRow;
    return judge.keys(entryOf(row.sheetRow, [value]), attribute).map(keyText);
  };
  const put = (index: Map<string, Claim[]>, key: string, claim: Claim) => {
    const list = index.get(key);
    if (list) list.push(claim);
    else index.set(key, [claim]);
  };
  const claimOf = ({ row, sheetRow }: MarkedRow, value: Value, by: Taken['by']): Claim => {
    const { dn, attribute } = sheetRow;
    return { row, dn, identity: identityOf(sheetRow), attribute, value, by };
  };
  const addUpdate = (one: MarkedRow) => {
    for (const key of keysOfRow.get(one.row) ?? []) {
      const left = (updates.get(key) ?? []).filter(({ row }) => row !== one.row);
      updates.set(key, left);
    }
    const { action, update } = one.mark;
    // What is proposed and not decided yet counts: two people must not get one name.
    const isOff = update === undefined || action === 'COMPLETE' || action === 'REMOVE';
    const keys = isOff ? [] : keysOf(one, update);
    if (update !== undefined)
      for (const key of keys) put(updates, key, claimOf(one, update, 'update'));
    keysOfRow.set(one.row, keys);
  };
  const prepare = () => {
    ready = true;
    const known = new Set<string>();
    for (const one of rows.values()) {
      const { dn, attribute, value } = one.sheetRow;
      addUpdate(one);
      if (value === undefined) continue;
      known.add(holderKey(dn, attribute, value));
      for (const key of keysOf(one, value)) put(stored, key, claimOf(one, value, 'stored'));
    }
    for (const { dn, attribute, value } of named) {
      if (known.has(holderKey(dn, attribute, value))) continue;
      known.add(holderKey(dn, attribute, value));
      // The kind of a named holder is not on record; a user is judged by every pool that it can be in.
      const entry = entryOf({ ...EMPTY, dn, attribute, objectClass: 'user' }, [value]);
      const claim = { row: undefined, dn, identity: identityOf(entry), attribute, value };
      for (const key of judge.keys(entry, attribute).map(keyText))
        put(stored, key, { ...claim, by: 'stored' });
    }
  };
  const view = ({ row, dn, attribute, value, by }: Claim): Taken => {
    const mark = row === undefined ? undefined : rows.get(row)?.mark;
    const status = mark && statusOf(mark);
    const changes = status === 'accepted' || status === 'applied';
    return { dn, attribute, value: String(value), by, givesUp: by === 'stored' && changes };
  };
  return {
    holders(keys, self) {
      if (!ready) prepare();
      // A report names holders by their DN alone.
      const isOther = ({ identity, dn }: Claim) =>
        identity !== identityOf(self) && normaliseDn(dn) !== normaliseDn(self.dn);
      const found = keys
        .map(keyText)
        .flatMap((key) => [...(stored.get(key) ?? []), ...(updates.get(key) ?? [])])
        .filter(isOther);
      return [...new Set(found)].map(view);
    },
    refresh(changed) {
      if (ready) changed.forEach(addUpdate);
    },
  };
}

const EMPTY = {
  ...{ dn: '', commonName: '', objectClass: '', attribute: '', errors: '', value: undefined },
  ...{ update: undefined, proposedAction: '', action: '', severity: '', safety: '', rules: '' },
  ...{ message: '', related: '', guid: undefined, id: '', seal: '' },
};

function holderKey(dn: string, attribute: string, value: Value): string {
  return JSON.stringify([dn.toLowerCase(), attribute.toLowerCase(), String(value)]);
}
