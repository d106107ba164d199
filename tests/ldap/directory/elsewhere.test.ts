import { describe, expect, test } from '@jest/globals';
import { elsewhere } from '../../../src/ldap/directory/elsewhere.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { rootDseOf } from '../../../src/ldap/protocol/root-dse.js';

/** Asks a server that says so much of itself, and shows these entries. */
function ask(fields: Readonly<Record<string, readonly string[]>>, entries: readonly string[] = []) {
  const asked: string[] = [];
  const partOf = elsewhere({
    rootDse: rootDseOf(createEntry('', Object.entries(fields))),
    read: async (dn) => {
      asked.push(dn);
      return entries.includes(dn) ? createEntry(dn, []) : undefined;
    },
  });
  return { asked, partsOf: (...dns: string[]) => Promise.all(dns.map(partOf)) };
}

const CONTROLLER = {
  supportedCapabilities: ['1.2.840.113556.1.4.800'],
  defaultNamingContext: ['DC=eu,DC=contoso,DC=com'],
  namingContexts: [
    'DC=eu,DC=contoso,DC=com',
    'CN=Configuration,DC=contoso,DC=com',
    'CN=Schema,CN=Configuration,DC=contoso,DC=com',
    'DC=DomainDnsZones,DC=eu,DC=contoso,DC=com',
  ],
};

describe('T2: a controller', () => {
  test('holds its domain and its other naming contexts', async () => {
    const { partsOf, asked } = ask(CONTROLLER);
    const own = [
      'CN=A,OU=x,dc=EU, dc=Contoso,dc=com',
      'DC=eu,DC=contoso,DC=com',
      'CN=Sites,CN=Configuration,DC=contoso,DC=com',
      'DC=z,CN=MicrosoftDNS,DC=DomainDnsZones,DC=eu,DC=contoso,DC=com',
    ];
    expect(await partsOf(...own)).toEqual(own.map(() => undefined));
    expect(asked).toEqual([]);
  });

  test('holds neither child nor parent nor another tree, and asks nobody to know it', async () => {
    const { partsOf, asked } = ask(CONTROLLER);
    expect(
      await partsOf(
        'CN=A,DC=berlin,DC=eu,DC=contoso,DC=com',
        'CN=A,CN=Users,DC=contoso,DC=com',
        'CN=A,DC=fabrikam,DC=com',
        'CN=A,O=Else where',
      ),
    ).toEqual(['berlin.eu.contoso.com', 'contoso.com', 'fabrikam.com', 'o=else where']);
    expect(asked).toEqual([]);
  });

  test('is not asked about what names no entry', async () => {
    expect(await ask(CONTROLLER).partsOf('', ' ', 'no name')).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('T2: another server', () => {
  test('holds all that it says it holds, and everything where it says nothing', async () => {
    const held = { namingContexts: ['o=corp', 'dc=contoso,dc=com', 'dc=fabrikam,dc=com'] };
    const dns = ['cn=a,o=corp', 'cn=a,dc=fabrikam,dc=com', 'cn=a,ou=x,DC=contoso,dc=com'];
    expect(await ask(held).partsOf(...dns, 'cn=a,o=other', 'cn=a,dc=com')).toEqual([
      undefined,
      undefined,
      undefined,
      'o=other',
      'com',
    ]);
    expect(await ask(held, ['cn=a,o=other']).partsOf('cn=a,o=other', 'cn=b,o=other')).toEqual([
      undefined,
      'o=other',
    ]);
    expect(await ask({}).partsOf('cn=a,o=other', 'cn=a,dc=com')).toEqual([undefined, undefined]);
  });

  test('holds a child domain where it shows anything of it', async () => {
    const held = { namingContexts: ['dc=contoso,dc=com'] };
    const [one, two] = ['cn=a,dc=eu,dc=contoso,dc=com', 'cn=b,dc=eu,dc=contoso,dc=com'];
    const none = ask(held);
    expect(await none.partsOf(one, two)).toEqual(['eu.contoso.com', 'eu.contoso.com']);
    expect(await ask(held, ['dc=eu,dc=contoso,dc=com']).partsOf(one, two)).toEqual([
      undefined,
      undefined,
    ]);
    // The account may see an entry and not what is above it.
    expect(await ask(held, [two]).partsOf(one, two)).toEqual(['eu.contoso.com', undefined]);
  });
});
