import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DirectoryOptions, directorySource } from '../../../src/ldap/directory/source.js';
import { directoryWriter } from '../../../src/ldap/directory/writer.js';
import type { Connection } from '../../../src/ldap/protocol/connection.js';
import { describeServer } from '../../servers/available.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { edit, open, readAll } from '../opening.js';

const OPTIONS: DirectoryOptions = { bases: [], pageSize: 500, covered: [] };

await describeServer('slapd', 'slapd', () => {
  let slapd: SlapdServer;

  beforeAll(async () => {
    slapd = await startSlapd({
      entries: Array.from(
        { length: 1200 },
        (_, n) => `dn: cn=u${n},dc=contoso,dc=local\nobjectClass: user\ncn: u${n}\nsn: x\n`,
      ).join('\n'),
    });
  }, 60_000);
  afterAll(() => slapd?.stop());

  test('all users of all naming contexts, in pages, without an account', async () => {
    const connection = await open({ url: slapd.url });
    const { entries, gaps } = await readAll(directorySource(connection, OPTIONS));
    expect(entries).toHaveLength(1200);
    expect(new Set(entries.map(({ dn }) => dn)).size).toBe(1200);
    expect(gaps).toEqual([]);
    expect(entries[0]).toMatchObject({ kind: 'user', guid: undefined });
  });
});

await describeServer('samba', 'Samba', () => {
  let samba: SambaServer;
  let connection: Connection;
  const COUNT = 1100;
  const options = () => ({ bindDn: samba.admin, password: samba.password, insecure: true });

  beforeAll(async () => {
    samba = await startSamba();
    const people = Array.from(
      { length: COUNT },
      (_, n) =>
        `dn: CN=c${n},CN=Users,${samba.baseDn}\nobjectClass: contact\nmail: c${n}@contoso.com\n` +
        `proxyAddresses: SMTP:c${n}@contoso.com\n`,
    );
    await samba.add(people.join('\n'));
  }, 180_000);
  afterAll(() => samba?.stop());

  // afterEach of opening.ts closes what a test opened.
  const connected = async (url: string) => {
    connection = await open({ url, ...options() });
    return connection;
  };
  const find = async (name: string) => {
    const source = directorySource(connection, { ...OPTIONS, filter: `(cn=${name})` });
    const [entry] = (await readAll(source, ['mail', 'proxyAddresses'])).entries;
    if (!entry) throw new Error(`${name} is missing`);
    return entry;
  };

  test.each([100, 1000, 5000])(
    'more than 1000 entries in pages of %i',
    async (pageSize) => {
      await connected(samba.ldaps);
      const { entries, gaps } = await readAll(
        directorySource(connection, { ...OPTIONS, pageSize }),
      );
      const contacts = entries.filter(({ kind }) => kind === 'contact');
      expect(new Set(contacts.map(({ guid }) => guid)).size).toBe(COUNT);
      expect(entries.some(({ kind }) => kind === 'computer')).toBe(false);
      expect(entries.some(({ kind }) => kind === 'group')).toBe(true);
      expect(gaps).toEqual([]);
    },
    60_000,
  );

  test('the global catalog with the empty base', async () => {
    await connected(samba.gc);
    expect(connection.globalCatalog).toBe(true);
    const { entries } = await readAll(directorySource(connection, OPTIONS), ['cn']);
    expect(entries.filter(({ kind }) => kind === 'contact')).toHaveLength(COUNT);
  }, 60_000);

  test('a moved entry is found by its GUID and changed by guarded values', async () => {
    await connected(samba.ldaps);
    const writer = directoryWriter(connection);
    const entry = await find('c1');
    await samba.add(`dn: ${entry.dn}\nchangetype: modrdn\nnewrdn: CN=moved\ndeleteoldrdn: 1\n`);
    const now = await writer.read(entry, ['mail']);
    expect(now?.dn).toBe(`CN=moved,CN=Users,${samba.baseDn}`);
    expect(now?.guid).toBe(entry.guid);
    const change = [
      edit('mail', ['c1@contoso.com'], ['one@contoso.com']),
      edit(
        'proxyAddresses',
        ['SMTP:c1@contoso.com'],
        ['SMTP:one@contoso.com', 'smtp:c1@contoso.com'],
      ),
    ];
    const dn = `<GUID=${entry.guid}>`;
    expect(await writer.modify(dn, change)).toEqual({ state: 'applied', reason: '' });
    expect((await writer.modify(now?.dn ?? '', change)).state).toBe('stale');
    const [seen] = await samba.search({ filter: '(cn=moved)' });
    expect(seen?.values('mail')).toEqual(['one@contoso.com']);
    expect([...(seen?.values('proxyAddresses') ?? [])].sort()).toEqual([
      'SMTP:one@contoso.com',
      'smtp:c1@contoso.com',
    ]);
  });

  test('an entry that is gone is stale and cannot be read', async () => {
    await connected(samba.ldaps);
    const writer = directoryWriter(connection);
    const entry = await find('c2');
    await samba.add(`dn: ${entry.dn}\nchangetype: delete\n`);
    expect(await writer.read(entry, ['mail'])).toBeUndefined();
    const outcome = await writer.modify(entry.dn, [edit('mail', ['c2@contoso.com'], [])]);
    expect(outcome.state).toBe('stale');
  });

  test('what the server refuses has failed, with the reason and the way out', async () => {
    await connected(samba.ldaps);
    const writer = directoryWriter(connection);
    const taken = await samba.addUser('taken', 'Pa55-word.test');
    const own = await samba.addUser('other', 'Pa55-word.test');
    const other = await find('other');
    const constraint = await writer.modify(other.dn, [edit('userPrincipalName', [own], [taken])]);
    expect(constraint).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^constraintViolation \(19\): .*; .*must be unique/),
    });
    const bindDn = await samba.addUser('weak', 'Pa55-weak.test');
    const weak = await open({
      url: samba.ldaps,
      bindDn,
      password: 'Pa55-weak.test',
      insecure: true,
    });
    const outcome = await directoryWriter(weak).modify(other.dn, [edit('displayName', [], ['x'])]);
    expect(outcome).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^insufficientAccessRights \(50\).*may not write/),
    });
  });
});
