import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../../src/errors.js';
import { formatAttribute, type LdifRecord, readLdif } from '../../../src/ldap/format/ldif.js';
import { sameValue } from '../../../src/ldap/format/values.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';

async function* inChunks(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(file: string | Uint8Array, size?: number, gaps: string[] = []) {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'utf8') : file;
  const records: LdifRecord[] = [];
  for await (const some of readLdif(inChunks(bytes, size), (gap) => gaps.push(gap))) {
    records.push(...some);
  }
  return records;
}

const FILE = [
  'version: 1',
  '# a comment',
  ' that goes on: here',
  'dn: CN=Jörg,DC=x',
  'changetype: add',
  'objectClass: top',
  'objectClass: user',
  'cn:Jörg',
  'description:   three spaces, one long ',
  ' line',
  'MAIL: a@x',
  'mail: b@x',
  'sn:: 8J+YgA==',
  'info:: IGxlYWRpbmcgYW5kIGxpbmUKZmV',
  ' lZA==',
  'thumbnailPhoto:: QUJD',
  'member;range=0-1: CN=a',
  'title:',
  'empty::',
  '',
  '',
  'DN:: Q049w6QsREM9eA==',
  'cn: ä',
  '',
].join('\n');

const RECORDS = [
  {
    line: 4,
    dn: 'CN=Jörg,DC=x',
    changetype: 'add',
    attributes: [
      ['objectClass', ['top', 'user']],
      ['cn', ['Jörg']],
      ['description', ['three spaces, one long line']],
      ['MAIL', ['a@x']],
      ['mail', ['b@x']],
      ['sn', ['😀']],
      ['info', [' leading and line\nfeed']],
      ['thumbnailPhoto', [Buffer.from('ABC')]],
      ['member;range=0-1', ['CN=a']],
      ['title', ['']],
      ['empty', ['']],
    ],
    unknown: [],
    isCut: false,
  },
  {
    line: 22,
    dn: 'CN=ä,DC=x',
    changetype: undefined,
    attributes: [['cn', ['ä']]],
    unknown: [],
    isCut: false,
  },
];

const utf16le = Buffer.from(`\ufeff${FILE}`, 'utf16le');

describe('readLdif', () => {
  test.each([
    ['LF', Buffer.from(FILE)],
    ['a final newline', Buffer.from(`${FILE}\n\n\n`)],
    ['CRLF', Buffer.from(FILE.replaceAll('\n', '\r\n'))],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${FILE}`)],
    ['UTF-16LE', utf16le],
    ['UTF-16BE', Buffer.from(utf16le).swap16()],
    ['UTF-16LE and CRLF', Buffer.from(`\ufeff${FILE.replaceAll('\n', '\r\n')}`, 'utf16le')],
  ])('reads a file with %s, however it is cut into chunks', async (_, file) => {
    for (const size of [1, 2, 3, 5, 7, 64, file.length]) {
      expect(await read(file, size)).toEqual(RECORDS);
    }
  });

  test('reads a file cut in two at every byte', async () => {
    const file = Buffer.from(`\ufeff${FILE.replaceAll('\n', '\r\n')}`);
    for (let cut = 0; cut <= file.length; cut += 1) {
      async function* halves() {
        yield file.subarray(0, cut);
        yield file.subarray(cut);
      }
      const records: LdifRecord[] = [];
      for await (const some of readLdif(halves())) records.push(...some);
      expect(records).toEqual(RECORDS);
    }
  });

  test('is not fooled by a reader that fills one buffer again and again', async () => {
    async function* reused() {
      const buffer = Buffer.alloc(10);
      for await (const chunk of inChunks(Buffer.from(FILE), 10)) {
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
      }
    }
    const records: LdifRecord[] = [];
    for await (const some of readLdif(reused())) records.push(...some);
    expect(records).toEqual(RECORDS);
  });

  test('keeps the bytes of text that is no UTF-8, plain or coded', async () => {
    const latin1 = Buffer.from('dn: CN=a\ncn: J\xf6rg\nsn:: /w==\n', 'latin1');
    const [record] = await read(latin1);
    expect(record?.attributes).toEqual([
      ['cn', [Buffer.from('J\xf6rg', 'latin1')]],
      ['sn', [Buffer.from([0xff])]],
    ]);
  });

  test('keeps spaces at the end of a value', async () => {
    expect((await read('dn: CN=a\ncn: b  \n'))[0]?.attributes).toEqual([['cn', ['b  ']]]);
  });

  test('does not mind spaces behind base64', async () => {
    expect((await read('dn: CN=a\ncn:: YQ==  \n'))[0]?.attributes).toEqual([['cn', ['a']]]);
  });

  test('reads the empty DN of the root DSE', async () => {
    expect((await read('dn:\nsupportedLDAPVersion: 3\n'))[0]?.dn).toBe('');
  });

  test('skips what ldapsearch writes about the search', async () => {
    const gaps: string[] = [];
    const header = '# extended LDIF\n#\n# LDAPv3\n# base <dc=x> with scope subtree\n#\n';
    const file = `${header}\n# a, x\ndn: CN=a,DC=x\n
# search result\nsearch: 2\nresult: 0 Success\ncontrol: 1.2.840.113556.1.4.319 false MA0C
pagedresults: cookie=AgAA\n${header}
dn: CN=b,DC=x\n\nsearch: 3\nresult: 0 Success\n\n# numResponses: 4\n# numEntries: 2\n`;
    expect((await read(file, 9, gaps)).map(({ dn }) => dn)).toEqual(['CN=a,DC=x', 'CN=b,DC=x']);
    expect(gaps).toEqual([]);
  });

  test('reads what ldbsearch writes', async () => {
    const gaps: string[] = [];
    const references = [
      'ldap://x/CN=Configuration,DC=x',
      'ldap://x/DC=DomainDnsZones,DC=x',
      'ldap://y.x/DC=y,DC=x',
    ];
    const file = `# record 1\ndn: CN=Jürgen,DC=x\ncn:: SsO8cmdlbg==
objectGUID: 0084a6c5-2d9a-4b7e-9c1d-0123456789ab\n\n${references
      .map((reference) => `# Referral\nref: ${reference}\n\n`)
      .join('')}# returned 4 records\n# 1 entries\n# 3 referrals\n`;
    const [record, ...others] = await read(file, 9, gaps);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      dn: 'CN=Jürgen,DC=x',
      attributes: [
        ['cn', ['Jürgen']],
        ['objectGUID', ['0084a6c5-2d9a-4b7e-9c1d-0123456789ab']],
      ],
    });
    // The configuration and the DNS zones hold no users; a child domain does.
    expect(gaps).toEqual([expect.stringContaining('ldap://y.x/DC=y,DC=x')]);
  });

  test.each([
    ['a reference', '# search reference\nref: ldap://y/DC=y??sub\n', 'ldap://y/DC=y??sub'],
    ['a folded reference', 'ref: ldap://y/D\n C=y\n', 'ldap://y/DC=y'],
    ['a reference of ldapsearch -LLL', '# refldap://y/DC=y\n', 'ldap://y/DC=y'],
    ['a reference, controls made visible', 'ref:: bGRhcDovL3kvG1s=\n', 'ldap://y/\\u{1b}['],
    ['a limit', '# search result\nsearch: 2\nresult: 4 Size limit exceeded\n', '4 Size limit'],
  ])('tells of %s', async (_, block, expected) => {
    const gaps: string[] = [];
    expect(await read(`dn: CN=a\n\n${block}\ndn: CN=b\n`, undefined, gaps)).toHaveLength(2);
    expect(gaps).toEqual([expect.stringContaining(expected)]);
  });

  test('is not fooled by the comment of an entry named like a reference', async () => {
    const gaps: string[] = [];
    expect(await read('# refldap://y, x\ndn: CN=refldap://y,DC=x\n', 9, gaps)).toHaveLength(1);
    expect(gaps).toEqual([]);
  });

  test.each([
    ['a line without colon', 'dn: CN=a\n\ndn: CN=b\ncn: a\nto be mended\n', 5],
    ['a line that starts with a colon', 'dn: CN=a\n: b', 2],
    ['bad base64', 'dn: CN=a\ncn:: a*==', 2],
    ['base64 cut short', 'dn: CN=a\ncn:: YWJ', 2],
    ['bad base64 in a fold', 'dn: CN=a\n\ndn: CN=b\ncn:: YWJj\n YW.j', 4],
    ['an attribute before dn', '# c\nmail: a\ndn: CN=a', 2],
    ['a second dn', 'dn: CN=a\ncn: b\ndn: CN=b', 3],
    ['a dn behind a result', 'result: 0 Success\ndn: CN=b', 2],
    ['a dn that is no UTF-8', 'dn:: /w==', 1],
    ['a continuation at the start', ' a: b\ndn: CN=a', 1],
    ['a continuation behind a blank line', 'dn: CN=a\n\n b', 3],
    ['a dn in a file', 'dn:< file:///etc/passwd', 1],
    ['a modify record', 'dn: CN=a\nchangetype: modify\ndelete: mail\n-\n', 2],
    ['a delete record', 'dn: CN=a\nchangetype:: ZGVsZXRl\n', 2],
    ['an unknown version', 'version: 2\n\ndn: CN=a\n', 1],
  ])('refuses %s with its line and a hint', async (_, file, line) => {
    const failure = await read(`${file}\n`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExpectedError);
    expect(failure).toMatchObject({ message: expect.stringMatching(`^line ${line}: `) });
    expect((failure as ExpectedError).hint).not.toBe('');
  });

  test.each([
    ['a half character', utf16le.subarray(0, -1)],
    ['a lone surrogate', Buffer.from('\ufeffdn: CN=\ud800a\n', 'utf16le')],
  ])('refuses UTF-16 with %s', async (_, file) => {
    await expect(read(file, 8)).rejects.toBeInstanceOf(ExpectedError);
  });

  test('finds no record in nothing', async () => {
    for (const file of ['', '\n', '\ufeff', '# only a comment\n', 'version: 1\n']) {
      expect(await read(file)).toEqual([]);
    }
  });

  test('takes a huge line in small chunks in linear time', async () => {
    const lineOf = (unit: string) => async (count: number) => {
      const file = Buffer.from(`dn: CN=a\ncn:: ${unit.repeat(count)}QUJD\n`);
      const [record] = await read(file, 1024);
      expect(String(record?.attributes[0]?.[1][0])).toHaveLength(3 * count + 3);
    };
    expect(await growth(100_000, lineOf('QUJD'))).toBeLessThan(NEARLY_SQUARE);
    expect(await growth(20_000, lineOf('QUJD\n '))).toBeLessThan(NEARLY_SQUARE);
  });
});

describe('formatAttribute', () => {
  test.each([
    ['plain text', 'a b:<c', 'cn: a b:<c'],
    ['nothing', '', 'cn:'],
    ['bytes that are plain text', Buffer.from('abc'), 'cn: abc'],
    ['a space in front', ' a', 'cn:: IGE='],
    ['a space behind', 'a ', 'cn:: YSA='],
    ['one space', ' ', 'cn:: IA=='],
    ['a colon in front', ':a', 'cn:: OmE='],
    ['a less-than sign in front', '<a', 'cn:: PGE='],
    ['a line feed', 'a\nb', 'cn:: YQpi'],
    ['a line feed behind', 'a\n', 'cn:: YQo='],
    ['a carriage return', 'a\rb', 'cn:: YQ1i'],
    ['NUL', 'a\0b', 'cn:: YQBi'],
    ['an escape character', 'a\x1bb', 'cn:: YRti'],
    ['DEL', 'a\x7fb', 'cn:: YX9i'],
    ['an umlaut', 'ä', 'cn:: w6Q='],
    ['bytes', Buffer.from([0xff]), 'cn:: /w=='],
  ])('writes %s', (_, value, expected) => {
    expect(formatAttribute('cn', value)).toBe(expected);
  });

  test('folds at 76 columns', () => {
    const lines = formatAttribute('cn', 'x'.repeat(72 + 75 + 1)).split('\n');
    expect(lines.map((line) => line.length)).toEqual([76, 76, 2]);
    expect(lines.slice(1).every((line) => line.startsWith(' '))).toBe(true);
    expect(formatAttribute('cn', 'x'.repeat(72))).toHaveLength(76);
  });

  test.each(['', 'cn: a\nsn', 'a b', 'cn:', 'ä'])('refuses the attribute name %j', (name) => {
    expect(() => formatAttribute(name, 'a')).toThrow(ExpectedError);
  });

  test('brings back any value that it wrote', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }),
    );
    const name = fc.constantFrom('cn', 'objectGUID', 'userCertificate;binary');
    await fc.assert(
      fc.asyncProperty(name, fc.array(value, { minLength: 1 }), async (attribute, values) => {
        const lines = ['dn: CN=a', ...values.map((each) => formatAttribute(attribute, each)), ''];
        const records = await read(lines.join('\n'), 16);
        const back = records[0]?.attributes[0]?.[1] ?? [];
        expect([records.length, back.length]).toEqual([1, values.length]);
        expect(values.every((each, index) => sameValue(each, back[index] ?? 'x'))).toBe(true);
      }),
    );
  });
});
