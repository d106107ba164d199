import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { identityOf } from '../../../src/ldap/format/dn.js';
import { texts } from '../../../src/ldap/format/values.js';
import type { Entry } from '../../../src/model/entry.js';
import type { PooledKey } from '../../../src/model/rule.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { createDelivery } from '../../../src/validators/engine/delivery.js';
import { standingOf } from '../../../src/validators/engine/standing.js';
import {
  type HeldKey,
  type Keying,
  ValueIndex,
} from '../../../src/validators/engine/value-index.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

const POOLS = ['mail', 'info'];

const KEYING: Keying = {
  attributes: POOLS,
  read: (entry) => {
    const standing = standingOf(entry, settingsFrom());
    return POOLS.flatMap((pool) =>
      texts(entry, pool).map((value): HeldKey => {
        const holder = { entry, attribute: pool, value, standing };
        return { pool, key: value.toLowerCase(), holder };
      }),
    );
  },
};

const delivery = createDelivery(new Map(), []);
const value = fc.constantFrom(...[...'abcdefghijklmnop'].flatMap((c) => [c, c.toUpperCase()]));
const values = fc.array(value, { maxLength: 4 });
const directory = fc.array(fc.record({ mail: values, info: values }), { maxLength: 300 });

const KEYS: readonly PooledKey[] = POOLS.flatMap((pool) =>
  [...'abcdefghijklmnopq'].map((key) => ({ pool, key })),
);

const line = ({ entry, attribute, value: held }: HeldKey['holder']) =>
  `${entry.dn} ${attribute} ${String(held)}`;

function naive(entries: readonly Entry[], { pool, key }: PooledKey): readonly HeldKey['holder'][] {
  const all = entries.flatMap((entry) => KEYING.read(entry));
  return all.filter((held) => held.pool === pool && held.key === key).map(({ holder }) => holder);
}

test('the index says of every key what a look at all entries says', () => {
  fc.assert(
    fc.property(directory, (drawn) => {
      const entries = drawn.map((all, at) => createEntry(`CN=${at}`, Object.entries(all)));
      const index = new ValueIndex(KEYING);
      for (const entry of entries) index.add(entry, delivery, KEYING.read(entry));
      for (const key of KEYS) {
        const expected = naive(entries, key);
        for (const except of ['', 'cn=0', 'cn=7']) {
          const others = expected.filter(({ entry }) => identityOf(entry) !== except);
          expect(index.holders(key, except).map(line)).toEqual(others.map(line));
        }
        const shared = [...index.repeated(key.pool)].find(([text]) => text === key.key);
        const isShared = new Set(expected.map(({ entry }) => entry.dn)).size > 1;
        if (isShared) expect(shared?.[1].map(line)).toEqual(expected.map(line));
      }
    }),
  );
});
