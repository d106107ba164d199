import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { addressesOf, addressIn, readAddress, withText } from '../../src/mail/address.js';
import { formFaults, repaired } from '../../src/mail/address-form.js';
import { roleOf } from '../../src/mail/address-role.js';
import { isBeyondAscii, plainLocal, punycodeDomain } from '../../src/mail/ascii-address.js';
import { asciiDomain, isHostName, isRoutable } from '../../src/mail/domain-name.js';
import { mappedSuffix } from '../../src/mail/suffix-map.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { scanText } from '../rule-tester.js';

const faultsOf = (mail: string, elsewhere = (_character: string) => false) => {
  const address = readAddress('mail', mail);
  return address ? formFaults(address, elsewhere).map(({ error, kind }) => `${error} ${kind}`) : [];
};

describe('where the address is in a value', () => {
  test.each([
    ['userPrincipalName', 'a@b.com', 'a@b.com'],
    ['proxyAddresses', 'SMTP:a@b.com', 'a@b.com'],
    ['proxyAddresses', 'sMtP:a@b.com', 'a@b.com'],
    ['proxyAddresses', 'a@b.com', undefined],
    ['proxyAddresses', 'sip:a@b.com', undefined],
    ['targetAddress', 'SMTP:a@b.com', 'a@b.com'],
    ['targetAddress', 'a@b.com', 'a@b.com'],
    ['targetAddress', 'a@b.com:25', 'a@b.com:25'],
    ['targetAddress', 'X400:C=US;A= ;S=a', undefined],
    ['targetAddress', 'xsmtp:a@b.com', undefined],
  ])('%s %s', (attribute, value, address) => {
    expect(addressIn(attribute, value)).toBe(address);
  });

  test('it is read without what surrounds it, and written back with it', () => {
    const address = readAddress('proxyAddresses', ' smtp: a@b.com\u200b ');
    expect(address).toMatchObject({ text: 'a@b.com', local: 'a', domain: 'b.com' });
    expect(address && withText(address, 'c@d.com')).toBe(' smtp: c@d.com\u200b ');
  });

  test('blanks, invisible characters and a bare prefix are nothing to read', () => {
    for (const value of ['', ' ', '\u200b', 'smtp:', 'SMTP: \u00a0'])
      expect(readAddress('proxyAddresses', value)).toBeUndefined();
    const entry = createEntry('CN=A', [['mail', ['', new Uint8Array([255]), 'a@b.com']]]);
    expect(addressesOf(entry, 'mail').map(({ text }) => text)).toEqual(['a@b.com']);
  });
});

describe('the form of an address', () => {
  test.each([
    "o'neil@contoso.com",
    'joe+tag@contoso.shop',
    'j@contoso.travelersinsurance',
    `${'a'.repeat(64)}@contoso.com`,
    `a@${'b'.repeat(63)}.com`,
    'a@3com.com',
    'a@1.2.3.contoso.com',
    'a@xn--bcher-kva.com',
    'a@bücher.com',
    'a@пример.рф',
    'a@intranet',
    'jo_e!#$%&*/=?^`{|}~@contoso.com',
  ])('%s is well-formed', (mail) => expect(faultsOf(mail)).toEqual([]));

  test.each([
    ['anna', ['Format other']],
    ['a@b@c', ['Format other']],
    ['@@', ['Format other']],
    ['"a b"@contoso.com', ['Format other']],
    ['"a@b"@contoso.com', ['Format other']],
    ['@contoso.com', ['LocalPart other']],
    ['@', ['LocalPart other', 'DomainPart other']],
    ['.a@contoso.com', ['LocalPart dot']],
    ['a..b@contoso.com', ['LocalPart dot']],
    ['.a.@contoso.com', ['LocalPart other']],
    ['a(b@contoso.com', ['LocalPart other']],
    [`${'a'.repeat(65)}@contoso.com`, ['LocalPart length']],
    ['a@', ['DomainPart other']],
    ['a@.contoso.com', ['DomainPart other']],
    ['a@contoso..com', ['DomainPart other']],
    ['a@contoso.com.', ['DomainPart other']],
    ['a@con_toso.com', ['DomainPart other']],
    ['a@-contoso.com', ['DomainPart other']],
    ['a@contoso-.com', ['DomainPart other']],
    ['a@contoso.com-', ['DomainPart other']],
    ['a@192.0.2.1', ['DomainPart other']],
    ['a@[192.0.2.1]', ['DomainPart other']],
    ['a@[IPv6:2001:db8::1]', ['DomainPart other']],
    [`a@${'b'.repeat(64)}.com`, ['DomainPart length']],
    [`a@${'b.'.repeat(126)}bc`, ['DomainPart length']],
    // 60 letters, but their xn-- form is longer than a label may be.
    [`a@${'ü'.repeat(60)}.com`, ['DomainPart length']],
  ])('%s', (mail, faults) => expect(faultsOf(mail)).toEqual(faults));

  test('a character that another rule judges is left to it', () => {
    expect(faultsOf('a(b@con%toso.com', (c) => c === '(' || c === '%')).toEqual([]);
    expect(faultsOf('a(b@con%toso.com', (c) => c === '(')).toEqual(['DomainPart other']);
  });

  test.each([
    ['fay.@contoso.com', 'fay@contoso.com', undefined],
    ['.f..ay@contoso.com', 'f.ay@contoso.com', undefined],
    ['fay@contoso.com.', 'fay@contoso.com', undefined],
    ['fay@contoso..com', 'fay@contoso.com', 'review'],
    ['fay@.contoso.com', 'fay@contoso.com', 'review'],
    ['fay@@contoso.com', 'fay@contoso.com', 'review'],
  ])('%s becomes %s', (broken, value, safety) =>
    expect(repaired(broken)).toEqual({ value, ...(safety && { safety }) }),
  );

  test.each([
    'fay',
    'f@a@y',
    '@@contoso.com',
    '..@contoso.com',
    'fay@',
    'fay@.',
    '"f.."@contoso.com',
  ])('%s is left to a person', (broken) => expect(repaired(broken)).toBeUndefined());

  test('a repair never changes a letter, and twice is once', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '@', '_', '-', 'ü', '"') });
    fc.assert(
      fc.property(text, (address) => {
        const value = repaired(address)?.value;
        if (value === undefined) return;
        expect(value.replace(/[.@]/g, '')).toBe(address.replace(/[.@]/g, ''));
        expect(repaired(value)).toEqual({ value });
      }),
    );
  });
});

describe('plain letters before the @', () => {
  test.each([
    ['rené', 'rene', undefined],
    ['rene\u0301', 'rene', undefined],
    ['groß', 'gross', undefined],
    ['Łukasz', 'Lukasz', undefined],
    ['ｊｏｅ', 'joe', undefined],
    ['o’neil', "o'neil", undefined],
    ['müller', 'muller', 'review'],
    ['mu\u0308ller', 'muller', 'review'],
    ['Åse', 'Ase', 'review'],
    ['Jørgen', 'Jorgen', 'review'],
    ['x²', 'x2', 'review'],
    // What nobody sees is another rule's: it stays.
    ['re\u200bné', 're\u200bne', undefined],
  ])('%s becomes %s', (local, value, safety) =>
    expect(plainLocal(local)).toEqual({ value, ...(safety && { safety }) }),
  );

  test.each(['иван', 'аnn', '山田', 'joy😀', 'a＠b', 'o´neil', '½', 'a．b', '\u0301'])(
    '%s has no plain form',
    (local) => expect(plainLocal(local)).toBeUndefined(),
  );

  test('invisible characters and blanks are not judged here', () => {
    for (const text of ['a\u200bb', 'a\u00a0b', 'a\u202eb', 'a\ufe0fb', 'abc'])
      expect(isBeyondAscii(text)).toBe(false);
    for (const text of ['é', 'e\u0301', '😀', 'ａ', '\ufffd'])
      expect(isBeyondAscii(text)).toBe(true);
  });
});

describe('domains', () => {
  test.each([
    ['bücher.com', 'xn--bcher-kva.com', undefined],
    ['bu\u0308cher.com', 'xn--bcher-kva.com', undefined],
    ['BÜCHER.com', 'xn--bcher-kva.com', undefined],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai', undefined],
    ['contoso。com', 'contoso.com', undefined],
    ['ｃｏｎｔｏｓｏ.com', 'contoso.com', undefined],
    ['straße.de', 'xn--strae-oqa.de', 'review'],
  ])('%s in its xn-- form', (domain, value, safety) =>
    expect(punycodeDomain(domain)).toEqual({ value, ...(safety && { safety }) }),
  );

  test.each([
    '❤.ws',
    'bü_cher.com',
    'bü cher.com',
    'bü\u200bcher.com',
    'ü＠b.com',
    'ü..com',
    '℀.com',
  ])('%s is no domain name in any script', (domain) =>
    expect(punycodeDomain(domain)).toBeUndefined(),
  );

  test('host names', () => {
    for (const domain of ['contoso.com', 'CONTOSO.com', 'a', '1und1.de', 'bücher.com', 'a--b.c'])
      expect(isHostName(domain)).toBe(true);
    for (const domain of [
      '',
      '.',
      'a.',
      'a_b.c',
      '-a.b',
      'a b',
      '1.2.3.4',
      '[1.2.3.4]',
      'a\u200b.b',
    ])
      expect(isHostName(domain)).toBe(false);
    expect(isRoutable('bücher.com')).toBe(true);
    expect(isRoutable('xn--e1afmkfd.xn--p1ai')).toBe(true);
  });

  test('what cannot be a domain is not converted: hostile values cost no square', () => {
    const hostile = Array.from({ length: 200_000 }, (_, i) =>
      String.fromCodePoint(0x4e00 + (i % 20_000)),
    ).join('');
    expect(asciiDomain(hostile)).toBe(hostile);
    expect(isHostName(hostile)).toBe(false);
  });

  test('an exact mapping wins over a subtree, a longer subtree over a shorter one', () => {
    const map = [
      { from: '*.corp.local', to: 'a.com' },
      { from: '*.eu.corp.local', to: 'b.com' },
      { from: 'x.eu.corp.local', to: 'c.com' },
    ];
    expect(mappedSuffix('corp.local', map)).toBe('a.com');
    expect(mappedSuffix('y.eu.corp.local', map)).toBe('b.com');
    expect(mappedSuffix('x.eu.corp.local', map)).toBe('c.com');
    expect(mappedSuffix('mycorp.local', map)).toBeUndefined();
  });
});

describe('mail as the sign-in name', () => {
  const LDIF = [
    'dn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\ncn: Ann\nsAMAccountName: ann',
    'userPrincipalName: ann..@nowhere\nmail: rené.@contoso.com\n',
    'dn: CN=All,DC=contoso,DC=com\nobjectClass: group\ncn: All\ndisplayName: All',
    'sAMAccountName: all\nmail: rené.@fabrikam.com\n',
  ].join('\n');
  const OWN = new Set(['malformed-address', 'non-ascii-address', 'unroutable-domain']);

  test('people’s mail is judged as one, that of groups as mail, userPrincipalName not at all', async () => {
    const { findings } = await scanText(LDIF, settingsFrom({ loginAttribute: 'mail' }));
    const own = findings.filter(({ rule }) => OWN.has(rule));
    expect(own.map((f) => `${f.entry.kind} ${f.attribute} ${f.rule} ${f.severity}`).sort()).toEqual(
      [
        'group mail malformed-address warning',
        'group mail non-ascii-address warning',
        'user mail malformed-address error',
        'user mail non-ascii-address error',
      ],
    );
  });

  test('the role of an attribute', () => {
    const settings = settingsFrom({ loginAttribute: 'mail' });
    const of = (objectClass: string) => createEntry('CN=A', [['objectClass', [objectClass]]]);
    expect(roleOf({ entry: of('user'), attribute: 'mail', settings })).toBe('signIn');
    expect(roleOf({ entry: of('group'), attribute: 'mail', settings })).toBe('mail');
    expect(roleOf({ entry: of('user'), attribute: 'mail', settings: settingsFrom() })).toBe('mail');
    expect(roleOf({ entry: of('user'), attribute: 'targetAddress', settings })).toBe(
      'targetAddress',
    );
  });
});
