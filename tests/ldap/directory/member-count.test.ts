import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { type DirectoryOptions, directorySource } from '../../../src/ldap/directory/source.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { MEMBER_OVERFLOW } from '../../../src/ldap/format/values.js';
import type { SearchOptions } from '../../../src/ldap/protocol/connection.js';
import type { Entry, EntrySource } from '../../../src/model/entry.js';
import { describeServer } from '../../servers/available.js';
import { startProxy } from '../../servers/proxy.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { closing, faulty, open, pageOf, readAll, stub } from '../opening.js';

const LIMIT = 3;
const OPTIONS: DirectoryOptions = { bases: ['DC=a'], pageSize: 9, covered: [], memberLimit: LIMIT };
const AD = { isActiveDirectory: true };
const ASKED = ['mail', 'member', MEMBER_OVERFLOW];

/** A group; what its `member` came as. */
function group(number: number, members: Record<string, readonly string[]> = {}): Entry {
  return createEntry(`CN=g${number}`, [
    ['objectGUID', [Buffer.alloc(16, number)]],
    ['objectClass', ['top', 'group']],
    ...Object.entries(members),
  ]);
}

/** A source whose server finds the groups so when it is asked for a member, and plain otherwise. */
function groups(counted: () => readonly Entry[], options: Partial<DirectoryOptions> = {}) {
  const asked: SearchOptions[] = [];
  const connection = stub({
    rootDse: AD,
    async *searchPages(search) {
      asked.push(search);
      const counts = search.attributes.some((name) => name.startsWith('member'));
      const entries = counts ? counted() : [1, 2, 3, 4].map((number) => group(number));
      yield pageOf(entries, { references: ['ldap://elsewhere/DC=b'] });
    },
  });
  return { asked, source: directorySource(connection, { ...OPTIONS, ...options }) };
}

const namesOf = (entries: readonly Entry[]) =>
  entries.filter((entry) => entry.values(MEMBER_OVERFLOW).length > 0).map(({ dn }) => dn);
/** With the signal that the engine may hand on. */
const undelivered = (source: EntrySource, attributes: readonly string[], signal?: AbortSignal) =>
  (
    source.undelivered as (
      attributes: readonly string[],
      signal?: AbortSignal,
    ) => Promise<ReadonlyMap<string, string>>
  )(attributes, signal);

describe('groups with too many members', () => {
  const found = () => [
    group(1, { 'member;range=0-2': ['CN=x'], 'mail;range=3-3': ['x'] }),
    group(2, { 'member;range=3-3': ['CN=x'] }),
    group(3, { 'member;range=3-*': [] }),
    group(4, { 'MEMBER;Range=3-*': ['CN=x'], 'member;range=0-1': ['CN=y'] }),
  ];

  test('are marked in the main search, which asks for no members', async () => {
    const { source, asked } = groups(found, { filter: '(a=b)', bases: ['DC=a', 'DC=b'] });
    const { entries, gaps } = await readAll(source, ['MEMBER', ...ASKED, 'member;range=0-9']);
    expect(new Set(namesOf(entries))).toEqual(new Set(['CN=g2', 'CN=g4']));
    expect(entries[1]).toMatchObject({ dn: 'CN=g2', kind: 'group', guid: group(2).guid });
    expect(asked.map(({ base, attributes }) => [base, attributes])).toEqual([
      ['DC=a', ['member;range=3-3', 'objectGUID']],
      ['DC=b', ['member;range=3-3', 'objectGUID']],
      ['DC=a', ['mail', 'objectClass', 'objectGUID']],
      ['DC=b', ['mail', 'objectClass', 'objectGUID']],
    ]);
    expect(asked[0]).toMatchObject({ filter: '(&(objectCategory=group)(a=b))', pageSize: 9 });
    // The references of the search for groups are those of the main search.
    expect(gaps).toHaveLength(1);
  });

  test('are counted once for the question and the reading', async () => {
    const { source, asked } = groups(found);
    expect((await undelivered(source, ASKED)).size).toBe(0);
    await readAll(source, ASKED);
    expect(asked).toHaveLength(2);
  });

  test('are not counted for whoever does not ask', async () => {
    const { source, asked } = groups(found);
    expect(namesOf((await readAll(source, ['mail'])).entries)).toEqual([]);
    expect((await undelivered(source, ['mail'])).size).toBe(0);
    expect(asked).toHaveLength(1);
    expect((await undelivered(source, ['member'])).get('member')).toContain('not downloaded');
  });
});

describe('where members cannot be counted', () => {
  const refusalOf = async (source: EntrySource) => {
    const reasons = await undelivered(source, ASKED);
    expect(reasons.get('member')).toBe(reasons.get(MEMBER_OVERFLOW));
    return reasons.get('member');
  };

  test('the refusal is the reason, and the scan goes on', async () => {
    const { source } = groups(() => {
      throw new ExpectedError('operationsError (1)', 'none');
    });
    expect(await refusalOf(source)).toBe('they cannot be counted: operationsError (1)');
    const { entries, gaps } = await readAll(source, ASKED);
    expect([entries.length, namesOf(entries).length, gaps.length]).toEqual([4, 0, 1]);
  });

  test('half a count is none', async () => {
    const connection = stub({
      rootDse: AD,
      async *searchPages() {
        yield pageOf([group(1)], { next: undefined });
        throw new ExpectedError('lost', 'none');
      },
    });
    expect(await refusalOf(directorySource(connection, OPTIONS))).toContain('lost');
  });

  test('other servers, the global catalog, and no limit', async () => {
    const refusal = (change: Parameters<typeof stub>[0], options = OPTIONS) =>
      refusalOf(directorySource(stub(change), options));
    expect(await refusal({})).toBe('this server cannot count them');
    expect(await refusal({ rootDse: AD, globalCatalog: true })).toContain('universal groups');
    const { memberLimit: _, ...unlimited } = OPTIONS;
    expect(await refusal({ rootDse: AD }, unlimited)).toBe('nobody asked to count them');
  });

  test('a broken program is not taken for a refusal', async () => {
    const { source } = groups(() => {
      throw new TypeError('bug');
    });
    await expect(undelivered(source, ASKED)).rejects.toThrow(TypeError);
  });
});

test('an abort while members are counted ends the question quietly; the reading says so', async () => {
  const { server } = await faulty({});
  const proxy = await startProxy(server.port, { delayMs: 300 });
  closing.push(() => proxy.stop());
  const connection = await open({ url: `ldap://127.0.0.1:${proxy.port}` });
  const source = directorySource(connection, { ...OPTIONS, bases: [] });
  const abort = new AbortController();
  const waiting = undelivered(source, ASKED, abort.signal);
  while (!server.requests.some(({ scope }) => scope === 'sub')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  abort.abort();
  expect((await waiting).size).toBe(0);
  const reading = (async () => {
    for await (const _ of source.pages(ASKED, abort.signal)) throw new Error('read on');
  })();
  await expect(reading).rejects.toBe(abort.signal.reason);
});

test('a range that was asked for comes as it was sent; others are completed', async () => {
  const attributes = () => ({ member: ['a', 'b', 'c', 'd', 'e'] });
  const { connection, server } = await faulty({ entries: 1, attributes, rangeStep: 2 });
  const read = async (...names: string[]) => {
    const search = { base: server.baseDn, scope: 'sub', filter: '(a=b)', pageSize: 5 } as const;
    const pages = [];
    for await (const page of connection.searchPages({ ...search, attributes: names }))
      pages.push(page);
    return pages.flatMap(({ entries }) => entries)[0];
  };
  expect((await read('member;range=3-3'))?.values('member;range=3-3')).toEqual(['d']);
  expect((await read('member;range=9-9'))?.attributes).toEqual([]);
  expect((await read('member'))?.values('member')).toHaveLength(5);
});

describeServer('slapd', 'members on slapd', () => {
  let slapd: SlapdServer;
  beforeAll(async () => {
    slapd = await startSlapd({
      entries:
        'dn: cn=g,dc=contoso,dc=local\nobjectClass: group\ncn: g\nmember: cn=a\nmember: cn=b\n',
    });
  }, 60_000);
  afterAll(() => slapd?.stop());

  test('are neither counted nor downloaded', async () => {
    const connection = await open({ url: slapd.url });
    const source = directorySource(connection, { ...OPTIONS, bases: [], memberLimit: 1 });
    expect((await undelivered(source, ASKED)).get('member')).toBe('this server cannot count them');
    const { entries, gaps } = await readAll(source, [...ASKED, 'cn']);
    expect(entries.map(({ attributes }) => [...attributes].sort())).toEqual([
      ['cn', 'entryUUID', 'objectClass'],
    ]);
    expect(gaps).toEqual([]);
  });
});

describeServer('samba', 'members on Samba', () => {
  let samba: SambaServer;
  const SIZES = [0, 1, 3, 4, 1600, 1601];
  const options = () => ({ bindDn: samba.admin, password: samba.password, insecure: true });

  beforeAll(async () => {
    samba = await startSamba();
    const ou = `OU=G,${samba.baseDn}`;
    const contacts = Array.from(
      { length: 1601 },
      (_, n) => `dn: CN=m${n},${ou}\nobjectClass: contact\n`,
    );
    const made = SIZES.map((size) =>
      [
        `dn: CN=g${size},${ou}\nobjectClass: group\nsAMAccountName: g${size}`,
        ...Array.from({ length: size }, (_, n) => `member: CN=m${n},${ou}`),
        '',
      ].join('\n'),
    );
    await samba.add(
      [`dn: ${ou}\nobjectClass: organizationalUnit\n`, ...contacts, ...made].join('\n'),
    );
  }, 180_000);
  afterAll(() => samba?.stop());

  test.each([
    [1, 2, ['g1600', 'g1601', 'g3', 'g4']],
    [3, 500, ['g1600', 'g1601', 'g4']],
    [4, 4, ['g1600', 'g1601']],
    [1599, 4, ['g1600', 'g1601']],
    [1600, 500, ['g1601']],
    [1601, 4, []],
    [250_000, 500, []],
    [Number.MAX_SAFE_INTEGER, 500, []],
  ])(
    'more than %i, in pages of %i',
    async (memberLimit, pageSize, expected) => {
      const connection = await open({ url: samba.ldaps, ...options() });
      const bases = [`OU=G,${samba.baseDn}`];
      const source = directorySource(connection, { bases, pageSize, covered: [], memberLimit });
      expect((await undelivered(source, ASKED)).get('member')).toBeUndefined();
      const { entries, gaps } = await readAll(source, [...ASKED, 'cn']);
      const marked = entries.filter((entry) => entry.values(MEMBER_OVERFLOW).includes('TRUE'));
      expect(marked.flatMap((entry) => entry.values('cn')).sort()).toEqual(expected);
      expect(entries).toHaveLength(1601 + SIZES.length);
      expect(
        entries.some(({ attributes }) => attributes.some((name) => /^member/i.test(name))),
      ).toBe(false);
      expect(gaps).toEqual([]);
    },
    60_000,
  );

  test('the whole domain, under the filter of the scan', async () => {
    const connection = await open({ url: samba.ldaps, ...options() });
    const limits = { ...OPTIONS, bases: [], filter: '(!(cn=g4))' };
    const { entries } = await readAll(directorySource(connection, limits), ASKED);
    const ou = `OU=G,${samba.baseDn}`;
    expect(
      namesOf(entries)
        .filter((dn) => dn.endsWith(ou))
        .sort(),
    ).toEqual([`CN=g1600,${ou}`, `CN=g1601,${ou}`]);
  });

  test('the global catalog does not count', async () => {
    const connection = await open({ url: samba.gc, ...options() });
    const reasons = await undelivered(
      directorySource(connection, { ...OPTIONS, bases: [] }),
      ASKED,
    );
    expect(reasons.get(MEMBER_OVERFLOW)).toContain('universal groups only');
  });
});
