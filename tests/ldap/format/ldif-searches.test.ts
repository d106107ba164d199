import { describe, expect, test } from '@jest/globals';
import { dnsOf, read } from './read-ldif.js';

/** What ldapsearch 2.5 writes, `-L` or not. */
function header(filter = '(objectClass=*)', form: 'extended' | 'L' = 'extended'): string {
  const first = form === 'extended' ? '# extended LDIF\n#\n' : 'version: 1\n\n#\n';
  return `${first}# LDAPv3\n# base <dc=x> with scope subtree\n# filter: ${filter}\n# requesting: ALL\n#\n\n`;
}
const person = (name: string) => `# ${name}, x\ndn: cn=${name},dc=x\ncn: ${name}\n\n`;
const result = (message = 2, code = '0 Success') =>
  `# search result\nsearch: ${message}\nresult: ${code}\n`;
const counts = (entries: number) => `\n# numResponses: ${entries + 1}\n# numEntries: ${entries}\n`;
const page = (cookie: string) =>
  `control: 1.2.840.113556.1.4.319 false MA0C\npagedresults: cookie=${cookie}\n`;

/** What ldbsearch writes. */
const numbered = (...names: readonly string[]) =>
  names.map((name, at) => `# record ${at + 1}\ndn: CN=${name},DC=x\ncn: ${name}\n\n`).join('');
const returned = (n: number) => `# returned ${n} records\n# ${n} entries\n# 0 referrals\n`;

const WHOLE = `${header()}${person('a')}${person('b')}${result()}${counts(2)}`;
const PAGING = `${header().trimEnd()}\n# with pagedResults control: size=1\n#\n\n`;
const PAGED = `${PAGING}${person('a')}${result(2)}${page('AgAA')}${PAGING}${person('b')}${result(3)}${page('')}${counts(2)}`;
const PAGED_L = `${header('(a=b)', 'L')}${person('a')}# search result\n# control: 1.2 false MA\n# pagedresults: cookie=AgAA\n${header('(a=b)', 'L')}${person('b')}# search result\n# pagedresults: cookie=\n${counts(2)}`;
const PAGED_LLL =
  'dn: cn=a,dc=x\n\n# pagedresults: cookie=AgAA\ndn: cn=b,dc=x\n\n# pagedresults: cookie=\n';

describe('T9 an export that shows that it is not whole', () => {
  test.each([
    ['of ldapsearch', WHOLE],
    ['of ldapsearch -L', `${header('(a=b)', 'L')}${person('a')}# search result\n${counts(1)}`],
    ['of ldapsearch in pages', PAGED],
    ['of ldapsearch -L in pages', PAGED_L],
    ['of ldapsearch -LLL in pages', PAGED_LLL],
    ['of ldbsearch', `${numbered('a', 'b')}${returned(2)}`],
    ['of slapcat or ldifde, which say nothing of their end', 'dn: CN=a\ncn: a\n'],
    ['of two searches, joined', `${WHOLE}${WHOLE}`],
    ['of searches in pages, joined', `${PAGED}${WHOLE}${PAGED}`],
    ['of all, joined', `${WHOLE}${numbered('a')}${returned(1)}${PAGED_LLL}${PAGED_L}`],
    ['whose header is missing', `${person('a')}${person('b')}${result()}${counts(2)}`],
    [
      'whose header is missing, behind another one',
      `dn: CN=a\n\n${person('b')}${result()}${counts(1)}`,
    ],
    [
      'of ldbsearch with a reference',
      `${numbered('a')}# Referral\nref: ldap://x/CN=Configuration,DC=x\n\n${returned(2)}`,
    ],
  ])('nothing is missing from one %s', async (_, file) => {
    for (const size of [7, 4096]) expect((await read(file, size)).gaps).toEqual([]);
    expect((await read(file.replaceAll('\n', '\r\n'))).gaps).toEqual([]);
  });

  const cut = 'no end: it broke off, or was cut';
  const more = 'the server had more pages to give';
  test.each([
    ['a header without a result', `${header()}${person('a')}${counts(1)}`, [`line 1 has ${cut}`]],
    ['the same of -L', `${header('', 'L')}${person('a')}${counts(1)}`, [`line 4 has ${cut}`]],
    ['a result without its code', `${header()}${person('a')}# search result\nsearch: 2\n`, [cut]],
    [
      'a second search without a result',
      `${WHOLE}${header()}${person('c')}`,
      [`line 23 has ${cut}`],
    ],
    ['a first search without a result', `${header()}${person('c')}${WHOLE}`, [`line 1 has ${cut}`]],
    ['a cookie at the end', `${header()}${person('a')}${result()}${page('AgAA')}`, [more]],
    ['a cookie at the end of -LLL', 'dn: cn=a\n\n# pagedresults: cookie=AgAA\n', [more]],
    [
      'an estimate with a cookie',
      `${header()}${result()}pagedresults: estimate=9 cookie=AgAA\n`,
      [more],
    ],
    [
      'a cookie before another search',
      `${header('(a=b)')}${result()}${page('AgAA')}${WHOLE}`,
      [more],
    ],
    [
      'a cookie before the same search anew',
      `${header()}${result()}${page('AgAA')}${WHOLE}`,
      [more],
    ],
    [
      'a cookie before pages without headers',
      `${header()}${result()}${page('AgAA')}\n${PAGED_LLL}`,
      [more],
    ],
    [
      'a page that broke off',
      `${header()}${person('a')}${result()}${page('AgAA')}${header()}${person('b')}`,
      [cut, more],
    ],
    [
      'a wrong number of entries',
      `${header()}${person('a')}${result()}${counts(3)}`,
      ['counts 3 records, and 1 are here'],
    ],
    [
      'a wrong number of entries, and no header',
      `${person('a')}${result()}${counts(2)}`,
      ['counts 2 records, and 1 are here'],
    ],
    [
      'the same before and behind whole ones',
      `${WHOLE}${person('a')}${result()}${counts(2)}${person('b')}${result()}${counts(1)}${WHOLE}`,
      ['counts 2 records, and 1 are here'],
    ],
    ['records that nobody counted', numbered('a', 'b'), [`line 1 has ${cut}`]],
    [
      'records that nobody counted, before others',
      `${numbered('a')}${numbered('b')}${returned(1)}`,
      [`line 1 has ${cut}`],
    ],
    [
      'a wrong number of records',
      `${numbered('a', 'b')}${returned(3)}`,
      ['counts 3 records, and 2 are here'],
    ],
    ['a number and no records', `${returned(3)}`, ['counts 3 records, and 0 are here']],
    [
      'a limit',
      `${header()}${person('a')}${result(2, '4 Size limit exceeded')}${counts(1)}`,
      ['4 Size limit exceeded'],
    ],
  ])('%s is told', async (_, file, expected) => {
    const { gaps } = await read(file);
    expect(gaps).toEqual(expected.map((words) => expect.stringContaining(words)));
  });

  test.each([
    ['in a value', 'mail: b@cont', ['mail']],
    ['in base64', 'mail:: YUBjb', ['mail']],
    ['in a name', 'ma', ['ma']],
    ['in a comment', '# c', ['# c']],
  ])('a file cut %s: what came is read, what is cut is unknown', async (_, end, unknown) => {
    const { records, gaps } = await read(`dn: CN=a\ncn: a\n\ndn: CN=b\ncn: b\n${end}`);
    expect(records[0]).toMatchObject({ dn: 'CN=a', unknown: [], isCut: false });
    expect(records[1]).toMatchObject({ attributes: [['cn', ['b']]], unknown, isCut: true });
    expect(gaps).toEqual([expect.stringMatching(/^line 6: the file ends in the middle of a line/)]);
  });

  test.each([
    ['ldapsearch', WHOLE],
    ['ldapsearch in pages', PAGED],
    ['ldbsearch', `${numbered('a', 'b')}${returned(2)}`],
  ])('cut at any byte, an export of %s says so or has lost nothing', async (_, file) => {
    const { records } = await read(file);
    for (let length = 1; length < file.length; length += 1) {
      const cutHere = await read(file.slice(0, length));
      if (cutHere.gaps.length === 0) expect([length, cutHere.records]).toEqual([length, records]);
    }
  });

  test('a search that broke off: of its last entry nobody knows whether it is whole', async () => {
    const { records } = await read(`${header()}${person('a')}dn: cn=b,dc=x\nmail: b@x\n`);
    expect(records.map(({ isCut, unknown }) => [isCut, unknown])).toEqual([
      [false, []],
      [true, ['mail']],
    ]);
  });
});

describe('T16 an interactive ldapsearch', () => {
  test('the prompt of an interactive ldapsearch is none of the entries', async () => {
    const prompt = 'Press [size] Enter for the next {1|size} entries.\n';
    const file = PAGED.replace('cookie=AgAA\n', `cookie=AgAA\n${prompt}`);
    const { records, gaps } = await read(file);
    expect(records).toEqual(
      (await read(PAGED)).records.map((one) => ({ ...one, line: expect.any(Number) })),
    );
    expect(gaps).toEqual([]);
    const short = await read(
      `dn: CN=a\n\n# pagedresults: cookie=AA\n${prompt}dn: CN=b\n\n# pagedresults: cookie=\n`,
    );
    expect([dnsOf(short), short.gaps]).toEqual([['CN=a', 'CN=b'], []]);
  });
});
