import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { defaultBases } from '../../../src/ldap/directory/scope.js';
import { type DirectoryOptions, directorySource } from '../../../src/ldap/directory/source.js';
import { directoryWriter } from '../../../src/ldap/directory/writer.js';
import type { EntryRef } from '../../../src/model/entry.js';
import { faulty, readAll, refusal, stub } from '../opening.js';

const OPTIONS: DirectoryOptions = { bases: [], pageSize: 500, covered: [] };

const AD = {
  isActiveDirectory: true,
  defaultNamingContext: 'DC=a',
  namingContexts: ['DC=a', 'DC=b'],
};

describe('defaultBases', () => {
  test('the domain on a controller, the forest on a global catalog, everything elsewhere', () => {
    expect(defaultBases(stub({ rootDse: AD }))).toEqual(['DC=a']);
    expect(defaultBases(stub({ rootDse: AD, globalCatalog: true }))).toEqual(['']);
    expect(defaultBases(stub({ rootDse: { ...AD, isActiveDirectory: false } }))).toEqual([
      'DC=a',
      'DC=b',
    ]);
  });

  test('a server that does not say what it holds needs bases', async () => {
    const error = await refusal(Promise.resolve(stub()).then(defaultBases));
    expect(error.worded(asFlag).hint).toContain('--base');
  });
});

describe('what is asked for', () => {
  test('photos only where they are wanted; where not, they are said to be unknown', async () => {
    const { server, connection } = await faulty({});
    const asked = async (photos: boolean) => {
      const source = directorySource(connection, { ...OPTIONS, photos, nameOf: asFlag });
      await readAll(source, ['mail', 'thumbnailPhoto']);
      const search = server.requests.findLast(({ scope }) => scope === 'sub');
      return [search, (await source.undelivered(['thumbnailPhoto']))?.get('thumbnailPhoto')];
    };
    const [without, reason] = await asked(false);
    expect(without).not.toMatchObject({ attributes: expect.arrayContaining(['thumbnailPhoto']) });
    expect(reason).toContain('--photos');
    const [having] = await asked(true);
    expect(having).toMatchObject({ attributes: expect.arrayContaining(['thumbnailPhoto']) });
  });

  test('the attributes given, objectClass and objectGUID, and nothing twice', async () => {
    const { server, connection } = await faulty({});
    const { entries } = await readAll(directorySource(connection, OPTIONS), [
      'mail',
      'OBJECTCLASS',
    ]);
    const search = server.requests.findLast(({ scope }) => scope === 'sub');
    expect(search).toMatchObject({
      dn: server.baseDn,
      scope: 'sub',
      pageSize: 500,
      attributes: ['mail', 'OBJECTCLASS', 'objectGUID'],
      filter: '(|(objectCategory=person)(objectCategory=group)(objectClass=publicFolder))',
    });
    expect(entries).toHaveLength(10);
    expect(entries[0]?.kind).toBe('user');
  });

  test.each(['department=Sales', '(department=Sales)'])('a filter narrows (%s)', async (filter) => {
    const { server, connection } = await faulty({});
    await readAll(directorySource(connection, { ...OPTIONS, filter }));
    expect(server.requests.findLast(({ scope }) => scope === 'sub')?.filter).toBe(
      '(&(|(objectCategory=person)(objectCategory=group)(objectClass=publicFolder))(department=Sales))',
    );
  });

  test.each(['(a=b)(c=d)', '(a=b))(|(c=d)', 'a=b)(c=d', ')'])(
    'a filter that would end the AND is refused at once: %s',
    async (filter) => {
      const error = await refusal(
        Promise.resolve({ ...OPTIONS, filter }).then((options) =>
          directorySource(stub({ rootDse: AD }), options),
        ),
      );
      expect(error.message).toContain('malformed');
    },
  );

  test('the name is the URL', () => {
    expect(directorySource(stub({ rootDse: AD }), OPTIONS).name).toBe('ldap://dc1:389');
  });
});

describe('references', () => {
  const gapsOf = async (references: readonly string[], covered: readonly string[] = []) => {
    const rootDse = {
      configurationNamingContext: ['CN=Configuration,DC=contoso,DC=local'],
      schemaNamingContext: ['CN=Schema,CN=Configuration,DC=contoso,DC=local'],
    };
    const { server, connection } = await faulty({ entries: 30, references, rootDse });
    const options = { ...OPTIONS, pageSize: 10, covered };
    const { entries, gaps } = await readAll(directorySource(connection, options));
    expect(entries).toHaveLength(30);
    expect(server.requests.every(({ dn }) => !dn.includes('child'))).toBe(true);
    return gaps;
  };
  const CHILD = 'ldap://child.contoso.local/DC=child,DC=contoso,DC=local';

  test('partitions without users are no gap', async () => {
    const uris = [
      'ldap://contoso.local/CN=Configuration,DC=contoso,DC=local',
      'ldap://contoso.local/cn=schema,cn=configuration,dc=contoso,dc=local',
      'ldap://DomainDnsZones.contoso.local/DC=DomainDnsZones,DC=contoso,DC=local',
      'ldap://ForestDnsZones.contoso.local/DC=ForestDnsZones,DC=contoso,DC=local',
    ];
    expect(await gapsOf(uris)).toEqual([]);
  });

  test('another domain is one gap, however often it is named, and not followed', async () => {
    const gaps = await gapsOf([CHILD, CHILD.toUpperCase()]);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain('DC=child,DC=contoso,DC=local is held by another server');
    expect(gaps[0]).toContain('global catalog');
  });

  test('a domain that another source reads is no gap; one below it is', async () => {
    const covered = ['dc=child, dc=contoso, dc=local'];
    expect(await gapsOf([CHILD], covered)).toEqual([]);
    expect(await gapsOf([CHILD], [''])).toEqual([]);
    expect(await gapsOf([CHILD], ['DC=contoso,DC=local'])).toHaveLength(1);
    expect(await gapsOf([CHILD], ['OU=x,DC=child,DC=contoso,DC=local'])).toHaveLength(1);
  });

  test('a reference without a DN is shown as it is', async () => {
    expect((await gapsOf(['ldap://other\u001b/']))[0]).toContain('ldap://other\\u{1b}/');
  });
});

describe('several bases', () => {
  test('one that cannot be read is a gap; all of them throw', async () => {
    const { server, connection } = await faulty({ result: { code: 32, after: 0 }, times: 1 });
    const bases = ['OU=nowhere', server.baseDn];
    const { entries, gaps } = await readAll(directorySource(connection, { ...OPTIONS, bases }));
    expect(entries).toHaveLength(10);
    expect(gaps).toEqual([expect.stringContaining('has no entry OU=nowhere')]);
    const { connection: none } = await faulty({ result: { code: 32, after: 0 } });
    await refusal(readAll(directorySource(none, { ...OPTIONS, bases })));
  });
});

describe('directoryWriter', () => {
  const ref: EntryRef = { dn: 'CN=a', guid: '00000000-0000-0000-0000-000000000001', kind: 'user' };

  test('a global catalog is refused: it is read-only', async () => {
    const connection = stub({ rootDse: AD, globalCatalog: true });
    const error = await refusal(Promise.resolve(connection).then(directoryWriter));
    expect(error.message).toContain('read-only');
  });

  test('an entry is found by its GUID on Active Directory, else by its DN', async () => {
    const asked: string[] = [];
    const read = async (base: string) => {
      asked.push(base);
      return undefined;
    };
    await directoryWriter(stub({ rootDse: AD, read })).read(ref, []);
    await directoryWriter(stub({ rootDse: AD, read })).read({ ...ref, guid: undefined }, []);
    await directoryWriter(stub({ read })).read(ref, []);
    expect(asked).toEqual([`<GUID=${ref.guid}>`, 'CN=a', 'CN=a']);
  });
});
