import { ByteMemo } from '../../tables/memo.js';
import { parseRange } from '../format/range-option.js';
import { isBinary as isBytes } from '../format/values.js';

/** The name of an attribute as some source spelled it. */
export interface AttributeName {
  /** One for each spelling in a table. */
  readonly number: number;
  /** Equal in a table for names that differ only in case, or in the option that says how values travel (RFC 4522). */
  readonly key: number;
  readonly spelled: string;
  /** Whether it carries a part of the values only (MS-ADTS 3.1.1.3.1.3.3). */
  readonly isRange: boolean;
  /** Whether its values are bytes; otherwise they are text where they are UTF-8. */
  readonly isBinary: boolean;
}

/** Attributes that are looked for in the bytes of every entry: their keys are the same in every table. */
const KNOWN = [
  'objectClass',
  'objectGUID',
  'entryUUID',
  'userPrincipalName',
  'mail',
  'proxyAddresses',
  'sAMAccountName',
  'mailNickname',
  'isDeleted',
  'isCriticalSystemObject',
  'msExchRecipientTypeDetails',
  'adminDescription',
] as const;

const KNOWN_KEYS: ReadonlyMap<string, number> = new Map(
  KNOWN.map((name, key) => [name.toLowerCase(), key]),
);

/** The key that such an attribute has in every table. */
export function knownKey(name: (typeof KNOWN)[number]): number {
  return KNOWN.indexOf(name);
}

/** No name has this key. */
const NO_KEY = -1;

/** What the names that a server sends may take together, in characters and what each takes besides: some 8,000. */
const MOST_SENT = 2 ** 20;
const EACH = 100;

/** Spellings whose keys are remembered at most: who asks for more than so many asks for few of them often. */
const MOST_ASKED = 2 ** 12;

/**
 * The names in the entries of one source, which owns this table: a connection, or the reading of a file. In place of a
 * name an entry holds its number. What a server can make a table take is limited, and goes with its connection.
 */
export class AttributeNames {
  readonly #names: AttributeName[] = [];
  readonly #keys = new Map<string, number>();
  /** By their spelling: the names of what an attribute is known for, and those of the contrary. */
  readonly #usual = new Map<string, AttributeName>();
  readonly #odd = new Map<string, AttributeName>();
  readonly #asked = new Map<string, number>();
  #sent: ByteMemo<AttributeName> | undefined;
  #room = MOST_SENT;

  /** The name with a number. */
  at(number: number): AttributeName {
    return this.#names[number] as AttributeName;
  }

  /**
   * The name with a spelling, new or old.
   * @param asBytes for values that are bytes, or are none, against what their attribute is known for.
   */
  named(spelled: string, asBytes?: boolean): AttributeName {
    const usual = this.#usual.get(spelled) ?? this.#add(spelled, usuallyBytes(spelled));
    if (asBytes === undefined || asBytes === usual.isBinary) return usual;
    return this.#odd.get(spelled) ?? this.#add(spelled, asBytes);
  }

  /** The key of all names that are this one but for their case; one that no name has where none of them came. */
  keyOf(spelled: string): number {
    const known = this.#asked.get(spelled);
    if (known !== undefined) return known;
    const key = this.#keyUnder(keyed(spelled)) ?? NO_KEY;
    if (this.#asked.size === MOST_ASKED) this.#asked.clear();
    this.#asked.set(spelled, key);
    return key;
  }

  /**
   * The number of the name that a server sent, in UTF-8; `to` is behind its last octet. Undefined where it has sent so
   * many that no directory has them.
   */
  numberIn(bytes: Buffer, from: number, to: number): number | undefined {
    this.#sent ??= new ByteMemo();
    const old = this.#sent.get(bytes, from, to);
    if (old) return old.number;
    const spelled = bytes.toString('utf8', from, to);
    if (!this.#usual.has(spelled)) {
      this.#room -= spelled.length + EACH;
      if (this.#room < 0) return undefined;
    }
    const name = this.named(spelled);
    this.#sent.put(bytes, from, to, name);
    return name.number;
  }

  #add(spelled: string, isBinary: boolean): AttributeName {
    const lower = keyed(spelled);
    let key = this.#keyUnder(lower);
    if (key === undefined) {
      key = KNOWN.length + this.#keys.size;
      this.#keys.set(lower, key);
      // Some of them were asked for in vain.
      this.#asked.clear();
    }
    const isRange = parseRange(spelled) !== undefined;
    const name = { number: this.#names.length, key, spelled, isRange, isBinary };
    this.#names.push(name);
    (this.#usual.has(spelled) ? this.#odd : this.#usual).set(spelled, name);
    return name;
  }

  #keyUnder(lower: string): number | undefined {
    return KNOWN_KEYS.get(lower) ?? this.#keys.get(lower);
  }
}

function keyed(spelled: string): string {
  return spelled.toLowerCase().replace(/;binary(?=;|$)/, '');
}

/** By the name without its options: those of a range say nothing of the values. */
function usuallyBytes(spelled: string): boolean {
  return isBytes(parseRange(spelled)?.name ?? spelled);
}

/** Remembers what was worked out of each name, by its number, for one table after another. */
export function byTable<Result>(): (names: AttributeNames) => Result[] {
  const tables = new WeakMap<AttributeNames, Result[]>();
  let last: AttributeNames | undefined;
  let results: Result[] = [];
  return (names) => {
    if (names === last) return results;
    results = tables.get(names) ?? [];
    tables.set(names, results);
    last = names;
    return results;
  };
}
