import { describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { formatGuid, parseGuid } from '../../../src/ldap/format/guid.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import type { Entry, Page } from '../../../src/model/entry.js';

const GUID = '0084a6c5-2d9a-4b7e-9c1d-0123456789ab';

async function read(text: string, attributes: readonly string[], bases: readonly string[] = []) {
  async function* open() {
    for (let from = 0; from < text.length; from += 64)
      yield Buffer.from(text.slice(from, from + 64));
  }
  const pages: Page[] = [];
  for await (const page of snapshotSource('export.ldf', open, { bases }).pages(attributes)) {
    pages.push(page);
  }
  const entries = pages.flatMap((page) => page.entries);
  return { pages, entries, gaps: pages.flatMap((page) => page.gaps) };
}

const dns = (entries: readonly Entry[]) => entries.map(({ dn }) => dn);

const STAFF = `dn: CN=a,OU=Staff,DC=x\nobjectClass: user\nMail: a@x\nsn: A\n
dn: CN=b,OU=Other,DC=x\nobjectClass: group\nmail: b@x\n
dn: OU=Staff,DC=x\nobjectClass: organizationalUnit\n`;

describe('snapshotSource', () => {
  test('delivers the attributes asked for and what tells identity and kind', async () => {
    const { entries, gaps } = await read(STAFF, ['mail']);
    expect(entries.map(({ kind }) => kind)).toEqual(['user', 'group', 'other']);
    expect(entries[0]?.attributes).toEqual(['objectClass', 'mail']);
    expect(entries[0]?.values('mail')).toEqual(['a@x']);
    expect(gaps).toEqual([]);
  });

  test('narrows to the bases, however they are spelled', async () => {
    const { entries, gaps } = await read(STAFF, [], ['ou=staff, dc=X', 'OU=Other,DC=x']);
    expect(dns(entries)).toHaveLength(3);
    expect(gaps).toEqual([]);
    expect(dns((await read(STAFF, [], ['ou=staff, dc=X'])).entries)).toEqual([
      'CN=a,OU=Staff,DC=x',
      'OU=Staff,DC=x',
    ]);
  });

  test('tells of a base that holds no entry', async () => {
    const { entries, gaps } = await read(STAFF, [], ['OU=Staf,DC=x', 'OU=Other,DC=x']);
    expect(dns(entries)).toEqual(['CN=b,OU=Other,DC=x']);
    expect(gaps).toEqual([expect.stringContaining('OU=Staf,DC=x')]);
  });

  test('gives many entries in pages, all of them in order', async () => {
    const expected = Array.from({ length: 1201 }, (_, index) => `CN=${index},DC=x`);
    const { pages, entries, gaps } = await read(
      `ref: ldap://y\n\n${expected.map((dn) => `dn: ${dn}\n\n`).join('')}`,
      [],
    );
    expect(dns(entries)).toEqual(expected);
    expect(gaps).toHaveLength(1);
    expect(pages.length).toBeGreaterThan(100);
  });

  test.each([
    ['bytes', `objectGUID:: ${Buffer.from(parseGuid(GUID) ?? []).toString('base64')}`],
    ['text, as ldbsearch prints it', `objectGUID: ${GUID.toUpperCase()}`],
  ])('reads an objectGUID given as %s', async (_, line) => {
    const { entries } = await read(`dn: CN=a\n${line}\nobjectSid: S-1-5-18\n`, ['objectSid']);
    expect(entries[0]?.guid).toBe(GUID);
    expect(entries[0]?.values('objectGUID')).toEqual([parseGuid(GUID)]);
    expect(entries[0]?.values('objectSid')).toEqual(['S-1-5-18']);
  });

  test('takes values under the plain name and tells once that a list was cut', async () => {
    const { entries, gaps } = await read(
      `dn: CN=a\nmember;range=0-1: CN=x\nmember;range=0-1: CN=y\nuserCertificate;binary:: /w==\n
dn: CN=b\nMember;Range=0-1499: CN=z\n\ndn: CN=c\nmember: CN=c\nproxyAddresses;range=0-*: a\n`,
      ['member', 'usercertificate;binary', 'proxyAddresses'],
    );
    expect(entries.map((entry) => entry.values('member'))).toEqual([
      ['CN=x', 'CN=y'],
      ['CN=z'],
      ['CN=c'],
    ]);
    expect(entries[0]?.values('userCertificate')).toEqual([Buffer.from([0xff])]);
    expect(entries[2]?.values('proxyAddresses')).toEqual(['a']);
    expect(gaps).toEqual([expect.stringContaining('member')]);
  });

  test('does not mind a cut list that nobody asked for', async () => {
    expect((await read('dn: CN=a\nmember;range=0-1: CN=x\n', ['mail'])).gaps).toEqual([]);
  });

  test('keeps the values of another language apart', async () => {
    const { entries } = await read('dn: CN=a\ncn: a\ncn;lang-de: b\n', ['cn']);
    expect(entries[0]?.values('cn')).toEqual(['a']);
  });

  test('tells of references and of a limit, each once', async () => {
    const reference = 'ref: ldap://y/DC=y\n\n';
    const { entries, gaps } = await read(
      `dn: CN=a\n\n${reference}dn: CN=b\n\n${reference}search: 2\nresult: 4 Size limit exceeded\n`,
      [],
    );
    expect(dns(entries)).toEqual(['CN=a', 'CN=b']);
    expect(gaps).toEqual([
      expect.stringContaining('ldap://y/DC=y'),
      expect.stringContaining('4 Size limit exceeded'),
    ]);
  });

  test.each([
    ['an empty file', '', 'no entry'],
    ['comments alone', '# extended LDIF\n#\n', 'no entry'],
    ['a failed search', 'search: 2\nresult: 32 No such object\n', '32 No such object'],
    ['a file that is no LDIF', 'dn: CN=a\n\n<html>\n', 'line 3: '],
  ])('refuses %s and names the file', async (_, text, expected) => {
    const failure = await read(text, []).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExpectedError);
    expect(failure).toMatchObject({ message: expect.stringContaining(expected) });
    expect((failure as ExpectedError).message).toMatch(/^export\.ldf, /);
  });

  test('passes on what goes wrong below it', async () => {
    // biome-ignore lint/correctness/useYield: a source that fails before its first byte
    async function* open(): AsyncGenerator<Uint8Array> {
      throw new RangeError('disk');
    }
    const pages = snapshotSource('s', open, { bases: [] }).pages([]);
    await expect(pages[Symbol.asyncIterator]().next()).rejects.toThrow(RangeError);
  });

  test('stops with the reason of the signal, and closes the file', async () => {
    let closed = false;
    async function* open() {
      try {
        for (let index = 0; ; index += 1) yield Buffer.from(`dn: CN=${index}\n\n`);
      } finally {
        closed = true;
      }
    }
    const controller = new AbortController();
    const reason = new Error('enough');
    const read = async () => {
      const source = snapshotSource('s', open, { bases: [] });
      for await (const _ of source.pages([], controller.signal)) controller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(closed).toBe(true);
  });

  test('can be read again', async () => {
    const source = snapshotSource('s', () => opened(), { bases: [] });
    async function* opened() {
      yield Buffer.from('dn: CN=a\n');
    }
    for (const _ of [1, 2]) {
      for await (const page of source.pages([])) expect(dns(page.entries)).toEqual(['CN=a']);
    }
  });
});

describe('parseGuid', () => {
  test('turns back what formatGuid made', () => {
    expect(formatGuid(parseGuid(GUID) ?? Buffer.alloc(0))).toBe(GUID);
    expect(Buffer.from(parseGuid(GUID) ?? []).toString('hex')).toBe(
      'c5a684009a2d7e4b9c1d0123456789ab',
    );
  });

  test.each(['', 'S-1-5-18', `${GUID}0`, GUID.replaceAll('-', '')])('refuses %j', (text) => {
    expect(parseGuid(text)).toBeUndefined();
  });
});
