import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createEntry,
  encodeEntry,
  inBytes,
  RawEntry,
  withValues,
} from '../../../src/ldap/entry/entry.js';
import type { Entry, Value } from '../../../src/model/entry.js';
import { draft, entryOf } from '../../arbitrary.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

const plain = (value: Value) => (typeof value === 'string' ? value : [...value]);
const shown = (entry: Entry) => ({
  dn: entry.dn,
  guid: entry.guid,
  kind: entry.kind,
  values: Object.fromEntries(
    [...entry.attributes].sort().map((name) => [name, entry.values(name).map(plain)]),
  ),
});
const listed = (entry: Entry) =>
  entry.attributes.map((name) => [name, entry.values(name)] as const);

describe('an entry in bytes', () => {
  test('gives back every value, text as text and bytes as bytes, whatever its attribute', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 40 }));
    const name = fc.constantFrom('mail', 'objectSid', 'objectGUID', 'displayName', 'MAIL;lang-de');
    const attribute = fc.tuple(name, fc.array(value, { maxLength: 4 }));
    const attributes = fc.uniqueArray(attribute, { selector: ([one]) => one });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), attributes, (dn, drawn) => {
        const entry = encodeEntry(dn, drawn);
        expect(entry.dn).toBe(dn);
        expect(entry.attributes).toEqual(
          drawn.filter(([, values]) => values.length > 0).map(([one]) => one),
        );
        for (const [one, values] of drawn)
          expect(entry.values(one).map(plain)).toEqual(values.map(plain));
      }),
    );
  });

  test('joins what came under several spellings of a name, and names the first', () => {
    const attributes = [
      ['Mail', ['a@x.de']],
      ['cn', ['A']],
      ['mail', ['b@x.de']],
    ] as const;
    for (const entry of [createEntry('CN=A', attributes), encodeEntry('CN=A', attributes)]) {
      expect(entry.attributes).toEqual(['Mail', 'cn']);
      expect(entry.values('MAIL')).toEqual(['a@x.de', 'b@x.de']);
    }
  });

  test('with other values of an attribute is the entry that is built of all values anew', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('Zoë'));
    const change = fc.tuple(fc.constantFrom('mail', 'MAIL', 'info'), fc.array(value));
    fc.assert(
      fc.property(draft, fc.array(change, { maxLength: 3 }), (drawn, changes) => {
        const original = entryOf(drawn);
        // One reads from the middle of a larger piece, as an entry from a server does.
        const { bytes, layout, names } = inBytes(original);
        const moved = layout.map((one, at) => (at < 2 || at % 3 !== 2 ? one + 7 : one));
        const embedded = new RawEntry(Buffer.concat([Buffer.alloc(7, 65), bytes]), moved, names);
        for (const start of [original, embedded]) {
          let [now, built] = [start, createEntry(start.dn, listed(start)) as Entry];
          for (const [name, values] of changes) {
            now = withValues(now, name, values);
            const others = listed(built).filter(
              ([one]) => one.toLowerCase() !== name.toLowerCase(),
            );
            built = createEntry(built.dn, [...others, [name, values]]);
          }
          expect(shown(now)).toEqual(shown(built));
        }
        expect(shown(original)).toEqual(shown(entryOf(drawn)));
      }),
    );
  });

  test('shares nothing that can be changed with the entry that it was made of', () => {
    const value = new Uint8Array([1, 2, 3]);
    const entry = encodeEntry('CN=A', [['objectSid', [value]]]);
    value.fill(9);
    expect(entry.values('objectSid').map(plain)).toEqual([[1, 2, 3]]);
  });

  test('is of the kind that the most special class says, and of two kinds of person the last', () => {
    const kindOf = (...classes: string[]) => createEntry('CN=A', [['objectClass', classes]]).kind;
    expect(kindOf('top', 'person', 'organizationalPerson', 'user')).toBe('user');
    expect(kindOf('user', 'inetOrgPerson')).toBe('inetOrgPerson');
    expect(kindOf('InetOrgPerson', 'USER')).toBe('user');
    expect(kindOf('user', 'computer', 'group')).toBe('computer');
    expect(kindOf('contact', 'user')).toBe('contact');
    expect(kindOf('person')).toBe('other');
    expect(kindOf()).toBe('other');
  });
});

describe('the name of an attribute', () => {
  test('is one with and without the option that says how values travel', () => {
    const entry = encodeEntry('CN=x', [['userCertificate;binary', [Buffer.from([1])]]]);
    expect(entry.values('userCertificate')).toEqual([Buffer.from([1])]);
    expect(entry.values('USERCERTIFICATE;BINARY')).toEqual([Buffer.from([1])]);
    expect(entry.attributes).toEqual(['userCertificate;binary']);
  });

  test.each(['mail false', 'mail true'])('%s is none of mail', (odd) => {
    const entry = createEntry('CN=x', [[odd, ['evil']]]);
    expect([entry.values('mail'), entry.values(odd)]).toEqual([[], ['evil']]);
    // Text where bytes are usual, and the other way, have numbers of their own.
    expect(encodeEntry('CN=x', [['mail', [Buffer.from([0xff])]]]).values('mail')).toHaveLength(1);
    expect(inBytes(encodeEntry('CN=x', [[odd, ['evil']]])).values('mail')).toEqual([]);
  });
});

test("a caller's own entry keeps its kind and identity in bytes, and with other values", () => {
  const guid = '11111111-2222-3333-4444-555555555555';
  const own: Entry = {
    ...{ dn: 'CN=x', guid, kind: 'contact', attributes: ['mail'] },
    values: (name) => (name === 'mail' ? ['a@contoso.com'] : []),
  };
  for (const entry of [inBytes(own), withValues(own, 'mail', ['b@contoso.com'])])
    expect([entry.guid, entry.kind]).toEqual([guid, 'contact']);
});
