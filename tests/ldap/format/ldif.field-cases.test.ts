import { describe, expect, test } from '@jest/globals';
import { readLdif } from '../../../src/ldap/format/ldif.js';
import { dnsOf, read, refusal } from './read-ldif.js';

describe('T13 a name that is spelled oddly', () => {
  test.each([
    ['a blank before the colon', 'mail : a@x', ['mail', ['a@x']]],
    ['a tab before the colon', 'mail\t: a@x', ['mail', ['a@x']]],
    ['a blank before base64', 'mail :: YUB4', ['mail', ['a@x']]],
    ['an odd name', 'x_y: a', ['x_y', ['a']]],
  ])('%s is understood', async (_, line, attribute) => {
    const { records } = await read(`dn: CN=a\ncn: a\n${line}\n`);
    expect(records[0]?.attributes).toEqual([['cn', ['a']], attribute]);
  });

  test('a blank before the colon of dn', async () => {
    expect(dnsOf(await read('dn : CN=a\n\ndn\t:: Q049Yg==\n'))).toEqual(['CN=a', 'CN=b']);
  });

  test.each([' ', '\t'])(
    'a line folded with %j that has a colon goes on with the value',
    async (fold) => {
      const { records } = await read(`dn: CN=a\ndescription: one\n${fold}mail: two\n`);
      expect(records[0]?.attributes).toEqual([['description', ['onemail: two']]]);
    },
  );

  test.each([
    ['a blank in the name', 'e mail: a@x', '"e mail: a@x"'],
    ['a no-break space before the colon', 'mail\u00a0: a@x', 'a no-break space'],
    ['a zero width space in the name', 'ma\u200bil: a@x', 'a zero width space'],
    ['a letter that is no ASCII', 'größe: 1', '"größe: 1"'],
    ['a control character', 'mail\x01: a@x', 'U+0001'],
  ])('%s is refused with the line', async (_, line, words) => {
    const { message, hint } = await refusal(`dn: CN=a\ncn: a\n${line}\n`);
    expect(message).toMatch(/^line 3: /);
    expect(message).toContain(words);
    expect(hint).not.toBe('');
  });

  test('a long line is quoted in part', async () => {
    expect((await refusal(`dn: CN=a\n${'x'.repeat(10_000_000)}\n`)).message.length).toBeLessThan(
      200,
    );
  });
});

describe('T16 what joining, saving and a terminal leave in a file', () => {
  const mark = '\ufeff';
  test.each([
    ['a second byte order mark', `${mark}dn: CN=a\n\n${mark}dn: CN=b\n`],
    ['one before a blank line', `dn: CN=a\n${mark}\ndn: CN=b\n`],
    ['one before a comment', `dn: CN=a\n\n${mark}# c\ndn: CN=b\n`],
    ['one before a version', `dn: CN=a\n\n${mark}version: 1\ndn: CN=b\n`],
    ['Ctrl-Z at the end', 'dn: CN=a\n\ndn: CN=b\n\x1a'],
    ['Ctrl-Z behind CR LF', 'dn: CN=a\r\n\r\ndn: CN=b\r\n\x1a'],
    ['Ctrl-Z where files were joined', `dn: CN=a\n\n\x1a${mark}dn: CN=b\n\x1a\x1a`],
    ['CR CR LF', 'dn: CN=a\r\r\n\r\r\ndn: CN=b\r\r\n'],
    ['a mixture', 'dn: CN=a\r\n\ndn: CN=b\r\n'],
  ])('%s is read past', async (_, file) => {
    for (const size of [1, 2, 3, 4096]) {
      const reading = await read(file, size);
      expect([dnsOf(reading), reading.gaps]).toEqual([['CN=a', 'CN=b'], []]);
    }
  });

  test.each(['utf16le', 'swapped'])('UTF-16 without its mark is read (%s)', async (order) => {
    const bytes = Buffer.from('dn: CN=ä\ncn: ä\n', 'utf16le');
    const file = order === 'swapped' ? bytes.swap16() : bytes;
    for (const size of [1, 3, 64])
      expect((await read(file, size)).records[0]).toMatchObject({
        dn: 'CN=ä',
        attributes: [['cn', ['ä']]],
      });
  });

  test('UTF-16 behind UTF-8 is named', async () => {
    const file = Buffer.concat([Buffer.from('dn: CN=a\n\n'), Buffer.from('dn: CN=b\n', 'utf16le')]);
    expect((await refusal(file)).hint).toContain('UTF-16');
  });

  test('files joined within a line are refused with it', async () => {
    const { message } = await refusal(`dn: CN=a\nmail: a@x${mark}dn: CN=b\nmail: b@x\n`);
    expect(message).toMatch(/^line 2: another file begins within the line/);
  });
});

describe('T23 what is too large', () => {
  const MIB = Buffer.alloc(2 ** 20, 'x');
  const endless = (...first: readonly string[]) => {
    let pulled = 0;
    async function* chunks() {
      for (const text of first) yield Buffer.from(text);
      for (; pulled < 2000; pulled += 1) yield MIB;
    }
    return { chunks: chunks(), pulled: () => pulled };
  };

  test.each([
    ['a line without an end', ['dn: CN=a\nmail: '], /^line 2: .*64 MiB/],
    ['a file without any line', [], /^line 1: .*64 MiB/],
  ])('%s is refused, and read no further', async (_, first, expected) => {
    const { chunks, pulled } = endless(...first);
    const drain = async () => {
      for await (const _records of readLdif(chunks));
    };
    await expect(drain()).rejects.toThrow(expected);
    expect(pulled()).toBeLessThan(70);
  });

  test.each([
    ['a folded value', ` ${'x'.repeat(999_998)}\n`, 64],
    ['a record', `a: ${'x'.repeat(999_996)}\n`, 256],
    ['a record of short lines', 'a:1\n'.repeat(250_000), 256],
    ['comments', '#\n'.repeat(500_000), 256],
  ])('%s without an end is refused with the limit', async (_, piece, limit) => {
    let pulled = 0;
    async function* chunks() {
      yield Buffer.from('dn: CN=a\ncn: a\n');
      for (; pulled < 2000; pulled += 1) yield Buffer.from(piece);
    }
    const drain = async () => {
      for await (const _records of readLdif(chunks()));
    };
    await expect(drain()).rejects.toThrow(`more than ${limit} MiB`);
    expect(pulled * piece.length).toBeLessThan((limit + 2) * 2 ** 20);
  });

  test('what a directory can hold is read', async () => {
    const value = 'x'.repeat(20 * 2 ** 20);
    const { records } = await read(`dn: CN=a\ninfo: ${value}\n`, 65_536);
    expect(String(records[0]?.attributes[0]?.[1][0])).toHaveLength(value.length);
  });
});

describe('T25 what RFC 2849 or a habit allows', () => {
  test('a value in another file is unknown, the rest is read', async () => {
    const { records, gaps } = await read(
      'dn: CN=a\njpegPhoto:< file:///x.jpg\ncn: a\nmail:<file:///y\nmail: b@x\n\ndn: CN=b\n',
    );
    expect(records.map(({ attributes, unknown }) => ({ attributes, unknown }))).toEqual([
      {
        attributes: [
          ['cn', ['a']],
          ['mail', ['b@x']],
        ],
        unknown: ['jpegPhoto', 'mail'],
      },
      { attributes: [], unknown: [] },
    ]);
    expect(gaps).toEqual([]);
  });

  test.each([1, 2, 5, 4096])('CR alone ends a line (in chunks of %d)', async (size) => {
    const file = `dn: CN=a\rcn: a\r b\r\r${'dn: CN=b\rcn: b\r\r'.repeat(50)}`;
    const reading = await read(file, size);
    expect(reading.records).toHaveLength(51);
    expect(reading.records[0]?.attributes).toEqual([['cn', ['ab']]]);
    expect(reading.gaps).toEqual([]);
    expect((await read('dn: CN=a\rcn: a', size)).gaps).toEqual([expect.stringContaining('line 2')]);
  });

  test('a large file with CR alone is read as it comes', async () => {
    async function* chunks() {
      for (let at = 0; at < 100; at += 1)
        yield Buffer.from(`dn: CN=${at}\rinfo: ${'x'.repeat(2 ** 20)}\r\r`);
    }
    let records = 0;
    for await (const some of readLdif(chunks())) records += some.length;
    expect(records).toBe(100);
  });

  test.each([' ', '\t', '   \t '])('a line of blanks parts records (%j)', async (blanks) => {
    const reading = await read(
      `dn: CN=a\ncn: a\n${blanks}\ndn: CN=b\n\n${blanks}\ndn: CN=c\n${blanks}`,
    );
    expect(dnsOf(reading)).toEqual(['CN=a', 'CN=b', 'CN=c']);
    expect(reading.records[0]?.attributes).toEqual([['cn', ['a']]]);
  });

  test('blanks that fold a value belong to it', async () => {
    const { records } = await read('dn: CN=a\ncn: a\n  \n b\n');
    expect(records[0]?.attributes).toEqual([['cn', ['a b']]]);
  });

  test.each([
    ['a limit', 'Size limit exceeded (4)'],
    ['a lost connection', "ldap_result: Can't contact LDAP server (-1)"],
    [
      'a limit of an administrator',
      'Administrative limit exceeded (11)\nAdditional information: 00002098: see: x\nMatched DN: dc=x',
    ],
  ])('%s that ldapsearch told among the entries is a gap', async (_, words) => {
    for (const file of [
      `dn: CN=a\ncn: a\n${words}\n`,
      `dn: CN=a\ncn: a\n\n${words}\n`,
      `dn: CN=a\n${words}\ncn: a\n`,
    ]) {
      const { records, gaps } = await read(file);
      expect(records.map(({ attributes }) => attributes)).toEqual([[['cn', ['a']]]]);
      expect(gaps).toEqual([expect.stringContaining(words.split('\n', 1)[0] ?? '')]);
    }
  });
});
