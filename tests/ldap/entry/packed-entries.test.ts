import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { PackedEntries } from '../../../src/ldap/entry/packed-entries.js';
import type { Entry } from '../../../src/model/entry.js';
import { draft, entryOf } from '../../arbitrary.js';

const NAMES = ['objectClass', 'objectGUID', 'mail', 'proxyAddresses', 'mS-DS-ConsistencyGuid'];

const shown = (entry: Entry) => ({
  dn: entry.dn,
  guid: entry.guid,
  kind: entry.kind,
  values: NAMES.map((name) =>
    entry.values(name).map((value) => (typeof value === 'string' ? value : [...value])),
  ),
});

test('gives every entry back as it was, in any order, value for value', () => {
  const entries = fc
    .sample(draft, { numRuns: 1000, seed: 20261122 })
    .map((drawn) => entryOf(drawn));
  const packed = new PackedEntries(NAMES);
  expect(entries.map((entry) => packed.add(entry))).toEqual(entries.map((_, at) => at));
  const order = entries.map((_, at) => (at * 387) % entries.length);
  for (const at of [...order, ...entries.keys()])
    expect(shown(packed.get(at))).toEqual(shown(entries[at] as Entry));
  expect(() => packed.get(entries.length)).toThrow(RangeError);
});

test('keeps only what it was told to', () => {
  const packed = new PackedEntries(['mail']);
  packed.add(createEntry('CN=a', Object.entries({ mail: ['a@x'], info: ['secret'] })));
  expect(packed.get(0).attributes).toEqual(['mail']);
});

test('refuses more attributes than it can number', () => {
  const names = Array.from({ length: 130 }, (_, at) => `attribute${at}`);
  expect(() => new PackedEntries(names)).toThrow(RangeError);
});
