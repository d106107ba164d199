import { describe, expect, test } from '@jest/globals';
import { AttributeNames, byTable, knownKey } from '../../../src/ldap/entry/attribute-names.js';
import { inBytes, withValues } from '../../../src/ldap/entry/entry.js';
import { messageReader } from '../../../src/ldap/protocol/messages.js';
import type { Entry } from '../../../src/model/entry.js';
import { writeEntry } from '../../servers/messages.js';

const search = { id: 1, op: 'search', dn: '', controls: [] } as const;
const sent = (names: AttributeNames, name: string) =>
  names.numberIn(Buffer.from(`<${name}>`), 1, 1 + Buffer.byteLength(name));

describe('a table of names', () => {
  test('gives each spelling a number, and those of one attribute a key', () => {
    const names = new AttributeNames();
    const [mail, MAIL, cn] = ['mail', 'MAIL', 'cn'].map((name) => names.named(name));
    expect([mail?.number, MAIL?.number, cn?.number]).toEqual([0, 1, 2]);
    expect(mail?.key).toBe(MAIL?.key);
    expect(cn?.key).not.toBe(mail?.key);
    expect(sent(names, 'MAIL')).toBe(1);
    expect(names.at(1).spelled).toBe('MAIL');
  });

  test('has keys in common with other tables for what is looked for in every entry', () => {
    const names = new AttributeNames();
    names.named('first');
    for (const name of ['objectClass', 'mail', 'adminDescription'] as const) {
      expect(names.keyOf(name.toUpperCase())).toBe(knownKey(name));
      expect(names.named(name).key).toBe(knownKey(name));
    }
  });

  test('knows of a name that was asked for before it came', () => {
    const names = new AttributeNames();
    expect(names.keyOf('street')).toBe(names.keyOf('no such name'));
    const { key } = names.named('STREET');
    expect(names.keyOf('street')).toBe(key);
    expect(names.keyOf('no such name')).not.toBe(key);
  });

  test('keeps text and bytes apart against what an attribute is known for', () => {
    const names = new AttributeNames();
    expect(names.named('mail').isBinary).toBe(false);
    expect(names.named('mail', true)).toMatchObject({ isBinary: true, number: 1 });
    expect(names.named('mail', true)).toBe(names.named('mail', true));
    expect(names.named('objectSid', true)).toBe(names.named('objectSid'));
    expect(names.named('objectSid', false).isBinary).toBe(false);
  });

  test('takes no more from a server than any directory has, and goes on knowing those', () => {
    const names = new AttributeNames();
    let last = 0;
    while (sent(names, `invented${last}`) !== undefined) last += 1;
    expect(last).toBeGreaterThan(5000);
    expect(last).toBeLessThan(20_000);
    expect(sent(names, 'invented0')).toBe(0);
    expect(sent(new AttributeNames(), 'x'.repeat(2_000_000))).toBeUndefined();
    // What presync itself looks for has its place all the same.
    expect(names.named('presync-own').spelled).toBe('presync-own');
  });
});

test('what was worked out is kept for each table', () => {
  const [a, b] = [new AttributeNames(), new AttributeNames()];
  const memo = byTable<string>();
  memo(a)[3] = 'of a';
  memo(b)[3] = 'of b';
  expect([memo(a)[3], memo(b)[3], memo(new AttributeNames())[3]]).toEqual([
    'of a',
    'of b',
    undefined,
  ]);
});

test('entries of two connections, which number names each in its own way, are read alike', () => {
  const entries: Entry[] = [];
  for (const attributes of [
    ['mail', 'cn'],
    ['cn', 'mail'],
  ]) {
    const read = messageReader(new AttributeNames(), {
      onEntry: (_, entry) => entries.push(entry),
      onReference: () => {},
      onResponse: () => {},
    });
    read(
      writeEntry(
        search,
        'CN=a',
        attributes.map((name) => [name, [Buffer.from(name)]] as const),
      ),
    );
  }
  for (const entry of entries) {
    expect([entry.values('MAIL'), entry.values('cn')]).toEqual([['mail'], ['cn']]);
    const changed = withValues(entry, 'cn', ['other']);
    expect(inBytes(changed).names).toBe(inBytes(entry).names);
    expect([changed.values('mail'), changed.values('cn')]).toEqual([['mail'], ['other']]);
  }
});
