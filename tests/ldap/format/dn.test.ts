import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  commonName,
  isWithin,
  normaliseDn,
  parentDn,
  parseDn,
} from '../../../src/ldap/format/dn.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';

const value = fc.string({ unit: 'binary', minLength: 1 });

/** Every character as the hex of its UTF-8: the form that needs no other escape. */
function hexEscaped(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('hex')
    .replace(/../g, (pair) => `\\${pair}`);
}

/** The shortest escapes that RFC 4514 allows. */
function sparselyEscaped(text: string): string {
  return text.replace(/[\\,+"]|^[ #]| $/g, (character) => `\\${character}`);
}

describe('parseDn', () => {
  test.each([
    ['the empty DN', '', []],
    ['plain parts', 'CN=a,DC=x', [[['CN', 'a']], [['DC', 'x']]]],
    ['spaces between the parts', ' CN = a b , DC=x ', [[['CN', 'a b']], [['DC', 'x']]]],
    ['an escaped comma', 'CN=Smith\\, J,DC=x', [[['CN', 'Smith, J']], [['DC', 'x']]]],
    ['a comma as hex', 'CN=Smith\\2C J,DC=x', [[['CN', 'Smith, J']], [['DC', 'x']]]],
    ['a conflict name of AD', 'CN=a\\0ACNF:0084,DC=x', [[['CN', 'a\nCNF:0084']], [['DC', 'x']]]],
    ['UTF-8 as hex', 'CN=Lu\\C4\\8di', [[['CN', 'Luči']]]],
    ['a byte order mark as hex, which is a character', 'CN=\\EF\\BB\\BFa', [[['CN', '\ufeffa']]]],
    [
      'several values',
      'CN=a+UID=1,DC=x',
      [
        [
          ['CN', 'a'],
          ['UID', '1'],
        ],
        [['DC', 'x']],
      ],
    ],
    ['quotes', 'CN="a, b + c" , DC=x', [[['CN', 'a, b + c']], [['DC', 'x']]]],
    ['an escaped space at the end', 'CN=a\\  ,DC=x', [[['CN', 'a ']], [['DC', 'x']]]],
    ['an escaped backslash, then spaces', 'CN=a\\\\  ', [[['CN', 'a\\']]]],
    ['an escaped #', 'CN=\\#a', [[['CN', '#a']]]],
    ['an equals sign in a value', 'CN=a=b', [[['CN', 'a=b']]]],
    ['a type by its number', '2.5.4.3=a', [[['2.5.4.3', 'a']]]],
    ['an empty value', 'CN=,DC=x', [[['CN', '']], [['DC', 'x']]]],
    ['no-break spaces, which are no padding', 'CN=\u00a0a\u00a0', [[['CN', '\u00a0a\u00a0']]]],
  ])('reads %s', (_, dn, expected) => {
    const pairs = parseDn(dn)?.map((rdn) => rdn.map(({ type, value }) => [type, value]));
    expect(pairs).toEqual(expected);
  });

  test.each([
    'no dn',
    'CN=a,',
    ',CN=a',
    'CN=a+',
    'CN=R+D',
    '=a',
    'C N=a',
    'CN=a\\',
    'CN=\\FF',
    'CN="a',
    'CN=a"b"',
    'CN="a"b',
  ])('takes %j for no DN', (dn) => {
    expect(parseDn(dn)).toBeUndefined();
  });

  test('gives back any value that was escaped', () => {
    fc.assert(
      fc.property(value, value, (first, second) => {
        const expected = [[{ type: 'CN', value: first }], [{ type: 'OU', value: second }]];
        expect(parseDn(`CN=${hexEscaped(first)},OU=${hexEscaped(second)}`)).toEqual(expected);
        expect(parseDn(`CN=${sparselyEscaped(first)},OU=${sparselyEscaped(second)}`)).toEqual(
          expected,
        );
      }),
    );
  });
});

describe('normaliseDn', () => {
  test.each([
    ['case', 'CN=Ann,DC=X', 'cn=ann,dc=x'],
    ['spaces between parts', 'CN = Ann ,  DC=x', 'cn=ann,dc=x'],
    ['the kind of escape', 'CN=Smith\\, J,DC=x', 'cn=Smith\\2c J,dc=x'],
    ['quotes', 'CN="Smith, J",DC=x', 'CN=Smith\\, J,DC=x'],
    ['escapes without need', 'CN=a\\=b\\;,DC=x', 'CN=a=b;,DC=x'],
    ['escaped capitals', 'CN=\\C3\\84,DC=x', 'cn=ä,dc=x'],
    ['the order within an RDN', 'CN=a+UID=1,DC=x', 'uid=1+cn=A,dc=x'],
    ['the order of three', 'CN=a+UID=1+L=b,DC=x', 'l=B+cn=A+uid=1,dc=x'],
    ['case in a text that is no DN', ' No DN+ ', 'no dn+'],
  ])('does not see %s', (_, one, other) => {
    expect(normaliseDn(one)).toBe(normaliseDn(other));
  });

  test.each([
    ['an escaped comma and a part', 'CN=a\\,DC=x', 'CN=a,DC=x'],
    ['an escaped plus and a second value', 'CN=a\\+UID=1', 'CN=a+UID=1'],
    ['an escaped space at the end and none', 'CN=a\\ ,DC=x', 'CN=a,DC=x'],
    ['a backslash and none', 'CN=a\\\\b', 'CN=ab'],
    ['two spaces within and one', 'CN=a  b', 'CN=a b'],
  ])('tells %s apart', (_, one, other) => {
    expect(normaliseDn(one)).not.toBe(normaliseDn(other));
  });

  test('gives one key for every spelling, and the key of a key is the key', () => {
    fc.assert(
      fc.property(value, value, (first, second) => {
        const key = normaliseDn(`CN=${hexEscaped(first)},OU=${hexEscaped(second)}`);
        expect(normaliseDn(`cn=${sparselyEscaped(first)} , Ou=${sparselyEscaped(second)}`)).toBe(
          key,
        );
        expect(key.split(',')).toHaveLength(2);
        expect(normaliseDn(key)).toBe(key);
      }),
    );
  });

  test.each(['\\', '"', ' ', '\\2c', '+', 'a=,'])(
    'is linear in a long name of %j',
    async (part) => {
      const read = (count: number) => normaliseDn(`cn=${part.repeat(count)}`);
      expect(await growth(10_000, read)).toBeLessThan(NEARLY_SQUARE);
    },
  );
});

describe('parentDn', () => {
  test.each([
    ['CN=a,OU=B, DC=x', 'OU=B, DC=x'],
    ['CN=Smith\\, J, OU=B', 'OU=B'],
    ['CN="a, b"+UID=1,OU=B', 'OU=B'],
    ['CN=a+UID=1+OU=\\+2, OU=B,DC=x', 'OU=B,DC=x'],
    ['CN=a+UID=1+OU=2+L=3', ''],
    ['DC=x', ''],
    ['', ''],
  ])('of %j is %j', (dn, expected) => {
    expect(parentDn(dn)).toBe(expected);
  });
});

describe('isWithin', () => {
  test.each([
    ['CN=a,OU=B,DC=x', 'ou=b, dc=X', true],
    ['OU=B,DC=x', 'OU=b,DC=x', true],
    ['CN=a,DC=x', '', true],
    ['', '', true],
    ['DC=x', 'OU=B,DC=x', false],
    ['CN=a,OU=AB,DC=x', 'OU=B,DC=x', false],
    ['CN=a\\,DC=x', 'DC=x', false],
    ['CN="a,DC=x"', 'DC=x', false],
  ])('%j in %j: %j', (dn, base, expected) => {
    expect(isWithin(dn, base)).toBe(expected);
  });
});

describe('commonName', () => {
  test.each([
    ['CN=Smith\\, J,DC=x', 'Smith, J'],
    ['CN=a\\0ACNF:1,DC=x', 'a\nCNF:1'],
    ['OU=B', 'B'],
    ['', ''],
    ['no dn', ''],
  ])('of %j is %j', (dn, expected) => {
    expect(commonName(dn)).toBe(expected);
  });
});
