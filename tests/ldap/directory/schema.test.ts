import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../../src/errors.js';
import {
  namesOf,
  registeredSuffixes,
  undeliveredBySchema,
} from '../../../src/ldap/directory/schema.js';
import { directorySource } from '../../../src/ldap/directory/source.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import type { Connection, SearchOptions } from '../../../src/ldap/protocol/connection.js';
import type { Entry } from '../../../src/model/entry.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';
import { describeServer } from '../../servers/available.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { open, pageOf, stub } from '../opening.js';

const FOREST = {
  isActiveDirectory: true,
  schemaNamingContext: 'CN=Schema,CN=Configuration,DC=a',
  configurationNamingContext: 'CN=Configuration,DC=a',
};
const NOT_IN_FOREST = 'it is not in the schema of the forest';
const NOT_IN_CATALOG = 'the global catalog does not hold it';

/** An attribute as a schema describes it. */
function attribute(name: string, more: Record<string, string> = {}): Entry {
  const values = Object.entries({ lDAPDisplayName: name, ...more });
  return createEntry(
    `CN=${name}`,
    values.map(([type, value]) => [type, [value]]),
  );
}

const held = (name: string) => attribute(name, { isMemberOfPartialAttributeSet: 'TRUE' });

/** A connection that answers every search with these entries, and what it was asked. */
function answering(
  entries: readonly Entry[],
  change: Parameters<typeof stub>[0] = {},
): { connection: Connection; asked: SearchOptions[]; closed: () => number } {
  const asked: SearchOptions[] = [];
  let closed = 0;
  const connection = stub({
    rootDse: FOREST,
    async *searchPages(options) {
      asked.push(options);
      for (const entry of entries) yield pageOf([entry], { references: ['ldap://x/'] });
    },
    close: async () => {
      closed += 1;
    },
    ...change,
  });
  return { connection, asked, closed: () => closed };
}

const ask = (connection: Connection, ...attributes: string[]) =>
  undeliveredBySchema(connection, attributes, undefined);
const refuse = () => {
  throw new ExpectedError('no', 'no');
};

describe('the schema of a forest', () => {
  test('what it does not have is not delivered; one search asks for all', async () => {
    const { connection, asked } = answering([held('objectClass'), attribute('MAIL')]);
    const reasons = await ask(connection, 'mail', 'mailNickname', 'userCertificate;binary');
    expect([...reasons]).toEqual([
      ['mailNickname', NOT_IN_FOREST],
      ['userCertificate;binary', NOT_IN_FOREST],
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      base: FOREST.schemaNamingContext,
      filter:
        '(&(objectCategory=attributeSchema)(|(lDAPDisplayName=objectclass)(lDAPDisplayName=mail)' +
        '(lDAPDisplayName=mailnickname)(lDAPDisplayName=usercertificate)))',
    });
  });

  test('an attribute that was taken out of use is not in it', async () => {
    const defunct = attribute('mail', { isDefunct: 'TRUE' });
    const { connection } = answering([held('objectClass'), defunct]);
    expect([...(await ask(connection, 'mail')).keys()]).toEqual(['mail']);
  });

  test.each([
    'objectClass',
    'OBJECTGUID',
    'createTimestamp',
    'entryUUID',
    'presync-memberOverflow',
  ])('%s is never reported', async (name) => {
    const { connection } = answering([held('objectClass')]);
    expect((await ask(connection, name)).size).toBe(0);
  });

  test('a name that is none stays out of the filter', async () => {
    const { connection, asked } = answering([held('objectClass')]);
    expect([...(await ask(connection, 'a)(b=c', '')).keys()]).toEqual(['a)(b=c', '']);
    expect(asked[0]?.filter).toBe(
      '(&(objectCategory=attributeSchema)(|(lDAPDisplayName=objectclass)))',
    );
  });

  test('what cannot be read costs no rule', async () => {
    const hidden = answering([]).connection;
    const refused = answering([], { searchPages: refuse }).connection;
    const nowhere = answering([], { rootDse: { isActiveDirectory: true } }).connection;
    const cut = answering([], {
      async *searchPages() {
        yield pageOf([held('objectClass')], { gaps: ['some values are missing'] });
      },
    }).connection;
    const broken = answering([], {
      async *searchPages() {
        yield pageOf([held('objectClass')], { next: undefined });
        refuse();
      },
    }).connection;
    for (const connection of [hidden, refused, nowhere, cut, broken]) {
      expect((await ask(connection, 'mail')).size).toBe(0);
    }
  });

  test('a broken program is not taken for an unreadable schema', async () => {
    const { connection } = answering([], {
      searchPages: () => {
        throw new TypeError('bug');
      },
    });
    await expect(ask(connection, 'mail')).rejects.toThrow(TypeError);
  });
});

describe('a global catalog', () => {
  const entries = [
    held('objectClass'),
    held('mail'),
    attribute('thumbnailPhoto'),
    attribute('title', { isMemberOfPartialAttributeSet: 'FALSE' }),
    attribute('canonicalName', { systemFlags: '134217748' }),
  ];
  const names = ['mail', 'thumbnailPhoto', 'title', 'canonicalName', 'mailNickname'];

  test('delivers what is marked so, and what is computed; its server is asked as a directory', async () => {
    const directory = answering(entries);
    const catalog = answering([], {
      globalCatalog: true,
      openDirectory: async () => directory.connection,
    });
    expect([...(await ask(catalog.connection, ...names))]).toEqual([
      ['thumbnailPhoto', NOT_IN_CATALOG],
      ['title', NOT_IN_CATALOG],
      ['mailNickname', NOT_IN_FOREST],
    ]);
    expect([catalog.asked.length, directory.asked.length]).toEqual([0, 1]);
    expect([catalog.closed(), directory.closed()]).toEqual([0, 1]);
  });

  test('where no mark can be seen, everything in the schema counts as delivered', async () => {
    const unmarked = names.map((name) => attribute(name));
    const { connection } = answering([attribute('objectClass'), ...unmarked], {
      globalCatalog: true,
    });
    expect((await ask(connection, ...names)).size).toBe(0);
  });

  test('a directory port that cannot be reached costs no rule', async () => {
    const { connection } = answering(entries, { globalCatalog: true, openDirectory: refuse });
    expect((await ask(connection, ...names)).size).toBe(0);
  });

  test('the directory is closed when it refuses', async () => {
    const directory = answering([], { searchPages: refuse });
    const { connection } = answering([], { openDirectory: async () => directory.connection });
    await ask(connection, 'mail');
    expect(directory.closed()).toBe(1);
  });
});

describe('the schema of another server', () => {
  const serve = (types: readonly string[] | undefined) =>
    stub({
      rootDse: { subschemaSubentry: 'cn=Subschema' },
      read: async (base, attributes) => {
        expect([base, attributes]).toEqual(['cn=Subschema', ['attributeTypes']]);
        return types && createEntry('cn=Subschema', [['attributeTypes', types]]);
      },
    });

  test('is read from its subschema subentry', async () => {
    const connection = serve(["( 2.5.4.0 NAME 'objectClass' )", "( 1.2 NAME ( 'mail' 'm' ) )"]);
    const reasons = await ask(connection, 'MAIL', 'm', 'objectGUID', 'proxyAddresses');
    expect([...reasons]).toEqual([['proxyAddresses', 'it is not in the schema of the server']]);
  });

  test('that cannot be read, or does not know objectClass, costs no rule', async () => {
    for (const types of [undefined, [], ["( 1.2 NAME 'x' )"]]) {
      expect((await ask(serve(types), 'proxyAddresses')).size).toBe(0);
    }
    const refused = stub({ rootDse: { subschemaSubentry: 'cn=s' }, read: refuse });
    expect((await ask(refused, 'proxyAddresses')).size).toBe(0);
    expect((await ask(stub(), 'proxyAddresses')).size).toBe(0);
  });
});

describe('the names of an attribute type', () => {
  test.each([
    ["( 1.2.3 NAME 'mail' SYNTAX 1.3 )", ['mail']],
    ["( 1.2.3 NAME ( 'mail' 'rfc822Mailbox' ) DESC 'x' )", ['mail', 'rfc822Mailbox']],
    ["(1.2.3 NAME('mail' 'm')DESC 'x')", ['mail', 'm']],
    ["( 1.2.3 DESC 'NAME of ( a thing )' name 'mail' )", ['mail']],
    ["( 1.2.3 DESC 'it''s' SYNTAX 1.3 )", []],
    ["( 1.2.3 NAME ( 'mail' X-ORIGIN 'y' )", ['mail']],
    ['( 1.2.3 NAME )', []],
    ["NAME ( 'open", []],
    ['', []],
  ])('%s', (definition, names) => {
    expect(namesOf(definition)).toEqual(names);
  });

  test('are found in any text, in linear time', async () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(namesOf(text))));
    const read = (count: number) =>
      expect(namesOf(`( 1.2 NAME ( ${"'a' ".repeat(count)}${'('.repeat(count)}`)).toHaveLength(
        count,
      );
    expect(await growth(10_000, read)).toBeLessThan(NEARLY_SQUARE);
  });
});

describe('registered suffixes', () => {
  const partitions = createEntry('CN=Partitions,CN=Configuration,DC=a', [
    ['objectClass', ['top', 'crossRefContainer']],
    ['objectGUID', [Buffer.alloc(16, 1)]],
    ['uPNSuffixes', ['Contoso.COM', 'a']],
  ]);
  const domain = createEntry('CN=A,CN=Partitions,CN=Configuration,DC=a', [
    ['objectClass', ['top', 'crossRef']],
    ['dnsRoot', ['A']],
  ]);

  test('those of the container and the names of the domains, in lower case', async () => {
    const { connection, asked } = answering([domain, partitions]);
    expect(await registeredSuffixes(connection)).toEqual({
      partitions: {
        dn: 'CN=Partitions,CN=Configuration,DC=a',
        guid: '01010101-0101-0101-0101-010101010101',
        kind: 'other',
      },
      suffixes: ['a', 'contoso.com'],
      domains: ['a'],
    });
    expect(asked.map(({ base }) => base)).toEqual(['CN=Partitions,CN=Configuration,DC=a']);
    // The zones of DNS are partitions with names of their own, which are no domains.
    expect(asked[0]?.filter).toContain('(nETBIOSName=*)');
  });

  test('are unknown outside a forest and where they cannot be read', async () => {
    for (const { connection } of [
      answering([domain]),
      answering([partitions], { searchPages: refuse }),
      answering([partitions], { rootDse: { ...FOREST, isActiveDirectory: false } }),
      answering([partitions], { rootDse: { isActiveDirectory: true } }),
    ]) {
      expect(await registeredSuffixes(connection)).toBeUndefined();
    }
  });
});

describeServer('slapd', 'the schema of slapd', () => {
  let slapd: SlapdServer;
  beforeAll(async () => {
    slapd = await startSlapd();
  }, 60_000);
  afterAll(() => slapd?.stop());

  test('knows its own attributes by all their names, and no others', async () => {
    const connection = await open({ url: slapd.url });
    const source = directorySource(connection, { bases: [], pageSize: 10, covered: [] });
    const attributes = ['mail', 'rfc822Mailbox', 'surname', 'proxyAddresses', 'createTimestamp'];
    const reasons = await source.undelivered([...attributes, 'objectGUID', 'thumbnailPhoto']);
    expect([...(reasons ?? [])]).toEqual([
      ['thumbnailPhoto', 'it is not in the schema of the server'],
    ]);
    expect(await source.suffixes?.()).toBeUndefined();
  });
});

describeServer('samba', 'the schema of a forest of Samba', () => {
  let samba: SambaServer;
  beforeAll(async () => {
    samba = await startSamba();
    await samba.add(
      `dn: CN=Partitions,CN=Configuration,${samba.baseDn}\nchangetype: modify\nadd: uPNSuffixes\n` +
        'uPNSuffixes: Contoso.COM\nuPNSuffixes: fabrikam.com\n',
    );
  }, 180_000);
  afterAll(() => samba?.stop());

  const sourceAt = async (url: string, bindDn = samba.admin, password = samba.password) => {
    const connection = await open({ url, bindDn, password, insecure: true });
    return directorySource(connection, { bases: [], pageSize: 500, covered: [] });
  };
  const NAMES = ['mail', 'msExchHideFromAddressLists', 'msExchNothing', 'objectGUID', 'title'];

  test('a controller delivers what the schema knows, to an ordinary account too', async () => {
    const expected = [['msExchNothing', NOT_IN_FOREST]];
    const bindDn = await samba.addUser('reader', 'Pa55-word.reader');
    for (const source of [
      await sourceAt(samba.ldaps),
      await sourceAt(samba.ldaps, bindDn, 'Pa55-word.reader'),
    ]) {
      expect([...((await source.undelivered(NAMES)) ?? [])]).toEqual(expected);
    }
  });

  test('the global catalog delivers what is in the partial attribute set', async () => {
    const source = await sourceAt(samba.gc);
    expect([...((await source.undelivered(NAMES)) ?? [])]).toEqual([
      ['msExchHideFromAddressLists', NOT_IN_CATALOG],
      ['msExchNothing', NOT_IN_FOREST],
      ['title', NOT_IN_CATALOG],
    ]);
  });

  test('the global catalog leads to its directory, a controller to nothing', async () => {
    const options = { bindDn: samba.admin, password: samba.password, insecure: true };
    const catalog = await open({ url: samba.gc, ...options });
    const directory = await catalog.openDirectory?.(undefined);
    expect([directory?.url, directory?.globalCatalog]).toEqual([samba.ldaps, false]);
    expect(directory?.openDirectory).toBeUndefined();
    await directory?.close();
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(catalog.openDirectory?.(stopped)).rejects.toThrow('enough');
  });

  test('nobody may read nothing: an anonymous account loses no rule', async () => {
    const connection = await open({ url: samba.ldaps, insecure: true });
    const source = directorySource(connection, { bases: [], pageSize: 500, covered: [] });
    expect((await source.undelivered(NAMES))?.size).toBe(0);
    expect(await source.suffixes?.()).toBeUndefined();
  });

  test.each(['ldaps', 'gc'] as const)('the suffixes of the forest (%s)', async (port) => {
    const source = await sourceAt(samba[port]);
    const registered = await source.suffixes?.();
    expect(registered).toMatchObject({
      partitions: { dn: `CN=Partitions,CN=Configuration,${samba.baseDn}`, kind: 'other' },
      suffixes: ['contoso.com', 'contoso.local', 'fabrikam.com'],
      domains: ['contoso.local'],
    });
    const [seen] = await samba.search({
      base: `<GUID=${registered?.partitions.guid}>`,
      scope: 'base',
    });
    expect(seen?.values('cn')).toEqual(['Partitions']);
  });
});
