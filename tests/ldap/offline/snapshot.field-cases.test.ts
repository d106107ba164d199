import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parseGuid } from '../../../src/ldap/format/guid.js';
import { UNKNOWN_ATTRIBUTES } from '../../../src/ldap/format/values.js';
import { snapshotSource } from '../../../src/ldap/offline/snapshot.js';
import type { Entry } from '../../../src/model/entry.js';

async function read(file: string | Uint8Array, attributes: readonly string[] = [], size = 4096) {
  const bytes = Buffer.from(file);
  async function* open() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const entries: Entry[] = [];
  const gaps: string[] = [];
  for await (const page of snapshotSource('x.ldif', open, { bases: [] }).pages(attributes)) {
    entries.push(...page.entries);
    gaps.push(...page.gaps);
  }
  return { entries, gaps };
}

describe('T15 an extended name', () => {
  const guid = '0084a6c5-2d9a-4b7e-9c1d-0123456789ab';
  const hex = Buffer.from(parseGuid(guid) ?? []).toString('hex');

  test.each([
    ['as text', `<GUID=${guid}>;<SID=S-1-5-21-1>;CN=a\\;b,DC=x`],
    ['in hexadecimal digits', `<guid=${hex}>;<sid=0105>;CN=a\\;b,DC=x`],
  ])('%s is split on reading, and tells the identity', async (_, dn) => {
    const { entries } = await read(`dn: ${dn}\ncn: a\n`);
    expect(entries.map((entry) => [entry.dn, entry.guid])).toEqual([['CN=a\\;b,DC=x', guid]]);
  });

  test('the objectGUID of the entry goes before', async () => {
    const { entries } = await read(
      `dn: <GUID=${hex}>;CN=a\nobjectGUID: 11111111-2d9a-4b7e-9c1d-0123456789ab\n`,
    );
    expect(entries[0]?.guid).toBe('11111111-2d9a-4b7e-9c1d-0123456789ab');
  });

  test.each([
    ['no GUID', '<SID=S-1-5-18>;CN=a', 'CN=a'],
    ['a GUID that is none', '<GUID=12>;CN=a', 'CN=a'],
    ['no end of its part', '<GUID=12;CN=a', '<GUID=12;CN=a'],
  ])('with %s it has no identity', async (_, dn, expected) => {
    const { entries } = await read(`dn: ${dn}\ncn: a\n`);
    expect(entries.map((entry) => [entry.dn, entry.guid])).toEqual([[expected, undefined]]);
  });
});

describe('T23 a hostile number of reasons', () => {
  test('is told in part', async () => {
    const references = Array.from({ length: 5_000 }, (_, n) => `ref: ldap://y/DC=y${n}\n\n`);
    const { gaps } = await read(`dn: CN=a\n\n${references.join('')}`);
    expect(gaps).toHaveLength(1_001);
    expect(gaps.at(-1)).toBe('and more of the kind');
  });
});

describe('T25 what came with an export in part, or packed', () => {
  test('a value in another file: unknown where it was asked for, and told once', async () => {
    const record = (n: number) => `dn: CN=${n}\nMail:< file:///x\njpegPhoto:< file:///y\n\n`;
    const { entries, gaps } = await read(record(1) + record(2), ['mail']);
    expect(entries.map((entry) => entry.values(UNKNOWN_ATTRIBUTES))).toEqual([['mail'], ['mail']]);
    expect(entries[0]?.values('mail')).toEqual([]);
    expect(gaps).toEqual([expect.stringMatching(/^values of mail stand in other files/)]);
    expect((await read(record(1), ['cn'])).gaps).toEqual([]);
  });

  test('a file cannot say itself what is unknown', async () => {
    const { entries } = await read(`dn: CN=a\n${UNKNOWN_ATTRIBUTES}: *\n`, ['mail']);
    expect(entries[0]?.values(UNKNOWN_ATTRIBUTES)).toEqual([]);
  });

  const text = `dn: CN=a\ncn: a\n\n${'dn: CN=b\ncn: b\n\n'.repeat(5_000)}`;

  test.each([1, 2, 100, 4096])('a packed file is read (in chunks of %d)', async (size) => {
    expect((await read(gzipSync(text), [], size)).entries).toHaveLength(5_001);
  });

  test('packed files that were joined are read', async () => {
    const parts = [gzipSync('dn: CN=a\n\n'), gzipSync('dn: CN=b\n')];
    expect((await read(Buffer.concat(parts))).entries.map(({ dn }) => dn)).toEqual([
      'CN=a',
      'CN=b',
    ]);
  });

  test.each([
    ['cut', gzipSync(text).subarray(0, -20)],
    ['damaged', Buffer.concat([gzipSync(text).subarray(0, 40), Buffer.alloc(100)])],
    ['only begun', gzipSync(text).subarray(0, 2)],
  ])('one that is %s is refused', async (_, bytes) => {
    await expect(read(bytes)).rejects.toThrow(/^x\.ldif, the packed file is damaged or was cut/);
  });

  test('one that unpacks without end is refused with the limit', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('dn: CN=a\ncn: '), Buffer.alloc(2 ** 27, 'x')]),
    );
    await expect(read(bomb)).rejects.toThrow(/^x\.ldif, line 2: .*64 MiB/);
  });

  test('whoever stops reading a packed file closes it', async () => {
    let closed = false;
    async function* open() {
      try {
        const bytes = gzipSync(text.repeat(100));
        for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
      } finally {
        closed = true;
      }
    }
    for await (const _ of snapshotSource('x', open, { bases: [] }).pages([])) break;
    expect(closed).toBe(true);
  });
});
