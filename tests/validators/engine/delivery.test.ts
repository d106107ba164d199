import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { UNKNOWN_ATTRIBUTES } from '../../../src/ldap/format/values.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import {
  createDelivery,
  isUnknownOf,
  standsDespiteGaps,
} from '../../../src/validators/engine/delivery.js';
import { createEngine } from '../../../src/validators/engine/engine.js';
import { profileFor } from '../../../src/validators/profiles/index.js';

const settings = settingsFrom();
const profile = profileFor(settings);
const engine = createEngine(profile, settings);

/** The rules that judge one attribute, as they are told of when nobody could. */
const rulesOn = (attribute: string) =>
  profile.filter((line) => line.attribute === attribute).map(({ meta }) => meta.id);

describe('a directory that does not deliver an attribute', () => {
  const reader = engine.reader(new Map([['targetaddress', 'the schema does not have it']]));

  test('leaves every rule on it undone, those that speak of values alone as well', () => {
    const reason = 'dc1: targetAddress: the schema does not have it';
    const told = reader.notRun('dc1');
    expect(told.map(({ rule }) => rule).toSorted()).toEqual(rulesOn('targetAddress').toSorted());
    // Rules of each kind: on a value that is there, on one that is not plain, and on values of several entries.
    for (const rule of ['unroutable-domain', 'malformed-address', 'duplicate-target-address'])
      expect(told).toContainEqual({ rule, attribute: 'targetAddress', reason });
  });

  test('so that what an earlier scan found there is not taken for settled', () => {
    const entry = { dn: 'CN=A,DC=c', guid: undefined, kind: 'user' } as const;
    const was = (attribute: string) =>
      reader.wasDelivered({ rule: 'malformed-address', attribute, entry });
    expect([was('targetAddress'), was('mail')]).toEqual([false, true]);
  });

  test('says so of each attribute that decides who is synchronised, the rare ones too', () => {
    const scope = ['isCriticalSystemObject', 'sAMAccountName', 'adminDescription', 'groupType'];
    const none = engine.reader(new Map(scope.map((name) => [name.toUpperCase(), 'not held'])));
    const told = none.notRun('gc').filter(({ rule }) => rule === 'scope');
    expect(told).toEqual(
      scope.map((attribute) => ({
        rule: 'scope',
        attribute,
        reason: `gc: ${attribute}: not held`,
      })),
    );
  });

  test('delivers all the others, whatever its entries carry', () => {
    const delivery = createDelivery(new Map([['mail', 'not held']]), ['mail', 'cn']);
    delivery.note(createEntry('CN=A', [['mail', ['a@contoso.com']]]));
    expect([delivery.gap('MAIL'), delivery.gap('cn')]).toEqual(['not held', undefined]);
    expect(delivery.settled).toBe(true);
  });
});

describe('an export', () => {
  test('without an attribute is believed by rules on values, not by those on absence', () => {
    const told = engine.reader(undefined).notRun('export');
    const on = (attribute: string) =>
      told.filter((one) => one.attribute === attribute).map(({ rule }) => rule);
    expect(on('targetAddress')).toEqual([]);
    expect(on('displayName')).toEqual(['missing-display-name']);
    expect(on('adminDescription')).toEqual([]);
  });

  test('is known to carry what one entry has, and nothing is open once all was seen', () => {
    const delivery = createDelivery(undefined, ['mail', 'displayName']);
    const gaps = () => [delivery.gap('Mail'), delivery.gap('displayname'), delivery.settled];
    const reason = 'no entry of the export carries it';
    expect(gaps()).toEqual([reason, reason, false]);
    delivery.note(createEntry('CN=A', [['mail', ['a@contoso.com']]]));
    expect(gaps()).toEqual([undefined, reason, false]);
    delivery.note(createEntry('CN=B', [['displayName', ['B']]]));
    expect(gaps()).toEqual([undefined, undefined, true]);
  });
});

describe('an entry of which not all is known', () => {
  const lines = (attribute: string, rule: string) => {
    const line = profile.find((one) => one.attribute === attribute && one.meta.id === rule);
    if (!line) throw new Error(`no ${rule} on ${attribute}`);
    return line;
  };
  const absence = lines('displayName', 'missing-display-name');
  const value = lines('displayName', 'surrounding-space');
  const knownLess = (...names: readonly string[]) =>
    createEntry('CN=A', [[UNKNOWN_ATTRIBUTES, names]]);

  test.each([
    { unknown: [], isUnknown: false, stand: [true, true] },
    { unknown: ['mail'], isUnknown: false, stand: [true, true] },
    { unknown: ['DisplayName'], isUnknown: true, stand: [false, false] },
    // Nothing can be concluded of what is absent; a value that is there is still what it is.
    { unknown: ['*'], isUnknown: true, stand: [false, true] },
  ])('%j', ({ unknown, isUnknown, stand }) => {
    const entry = knownLess(...unknown);
    expect(isUnknownOf(entry, 'displayName')).toBe(isUnknown);
    expect([absence, value].map((line) => standsDespiteGaps(entry, line))).toEqual(stand);
  });
});
