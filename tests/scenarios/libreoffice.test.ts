import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeCell } from '../../src/export/sheet/cells.js';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { readSheet } from '../../src/export/sheet/read-sheet.js';
import { formatAttribute } from '../../src/ldap/format/ldif.js';
import type { SheetRow } from '../../src/model/change.js';
import type { Value } from '../../src/model/entry.js';
import { approve } from '../../src/remediation/plan/approve.js';
import { presync, scratch } from '../presync.js';
import { describeProgram } from '../servers/available.js';
import { type LibreOffice, libreOffice } from '../servers/libreoffice.js';

const FORMULAS = ['=1+1', "=cmd|' /C calc'!A0", '@SUM(A1)', '+49 30 12', '-1', '|x', ' =1', '＝1'];
const NUMBERS = [
  '00123',
  '1E5',
  '1,5',
  '1.234,5',
  '(5)',
  '5%',
  '€ 5',
  '9'.repeat(20),
  '１２３',
  '٣',
];
const DATES = [
  '1-2',
  '3/4',
  '12:30',
  '1.1.2024',
  '2024-05-01T10:00Z',
  '5-Mar',
  'Dez 24',
  '10:00,5',
];
const WORDS = ['TRUE', 'falsch', '#N/A', '#REF!', 'Err:502', '-', '...', '(c)', '->', '*x*', '1st'];
const QUOTES = ["'=1", "''", "'joe'", "O'Neil", '"', '""', '"joe x"@contoso.com', 'Smith, "Joe"'];
const SEPARATORS = [
  ...[',', ';', 'a;b', 'x;y;EDIT;EDIT', 'a;=1', 'a;"=1', 'a,b', 'a\tb', '|', 'a|b:c d', '\t'],
  ...['sep=;', 'X400:C=US;A= ;P=Org;O=X;S=Joe'],
];
const LINES = ['a\nb', 'a\r\nb\r', '=1\n2', '\n', 'CN=x,x,user,mail,Format,a,b,EDIT,EDIT\n'];
const HIDDEN = [
  'a\0b',
  '\x01',
  '\x7f\x85',
  '\u2028',
  '\u202eabc',
  'a\u200bb',
  '\ufeffx',
  'x\uffff',
];
const LETTERS = [
  '😀👨‍👩‍👧',
  'é',
  'e\u0301',
  'ÄÖÜß',
  '日本語',
  'עברית',
  'ﬀ',
  '\u{10fffe}',
  '\u{f0000}',
];
const SPACES = [' joe', 'joe ', '  ', '\u00a0', '\u3000x', 'a  b', '1\u202f000'];
const OURS = [
  '{escaped}',
  '{base64}x',
  '\\u000A',
  '\\',
  '&amp;<b>',
  '%PATH%',
  'http://contoso.com',
];
const TEXTS = [
  ...[FORMULAS, NUMBERS, DATES, WORDS, QUOTES, SEPARATORS].flat(),
  ...[LINES, HIDDEN, LETTERS, SPACES, OURS].flat(),
];
/** Around the lengths at which LibreOffice (65,535) and the file formats of Excel (32,767) cut a cell. */
const LONG = [
  ...[32_766, 32_768, 65_534, 65_536, 100_000].map((length) => 'x'.repeat(length)),
  ...['é'.repeat(70_000), '\n'.repeat(20_000), '"'.repeat(40_000)],
];
const BYTES: readonly Value[] = [Buffer.from('ff00fe', 'hex'), Buffer.alloc(80_000, 0xff)];

const entry = (value: Value, index: number) =>
  [
    formatAttribute('dn', `CN=Zoë ${index},OU=Sync,DC=contoso,DC=com`),
    'objectClass: user',
    `sAMAccountName: zoe${index}`,
    `objectGUID:: ${Buffer.alloc(16, index + 1).toString('base64')}`,
    formatAttribute('mail', value),
    '\n',
  ].join('\n');

const ACTIONS = ['EDIT', 'REMOVE', 'COMPLETE', ''];
const guidOf = ({ guid = '' }: SheetRow, at: number) => `${guid.slice(0, -1)}${at}`;

const COMMA = '44,34,76,1';
/** What the import dialog of LibreOffice has ticked at first: comma, semicolon and tab. */
const DIALOG = '44/59/9,34,76,1';
/** German numbers and dates, special numbers detected. */
const GERMAN = '44/59/9,34,76,1,,1031,false,true';
const EVERYTHING = '44/59/9/32/58/124,34,76,1';
const SEMICOLON = '59,34,76,1';
const UTF16_TABS = '9,34,65535,1';

describeProgram('libreoffice', 'the review sheet in LibreOffice', () => {
  const { path, remove } = scratch();
  let office: LibreOffice;
  let written: readonly SheetRow[];

  /** Writes the sheet of a scan with a decision in every row, each value with each ACTION, and with another's UPDATE. */
  beforeAll(async () => {
    office = await libreOffice();
    const values = [...TEXTS, ...LONG, ...BYTES].filter((value) => value !== '');
    writeFileSync(path('export.ldif'), values.map(entry).join(''));
    await presync(['scan', path('export.ldif'), '--csv', path('scan.csv')]);
    const { rows, refused } = readSheet(readFileSync(path('scan.csv')));
    expect(refused).toEqual([]);
    const mails = rows.map(({ sheetRow }) => sheetRow).filter((row) => row.attribute === 'mail');
    expect(mails).toHaveLength(values.length);
    written = mails.flatMap((row, index) => {
      const update = TEXTS[(index + 7) % TEXTS.length];
      return ACTIONS.map((action, at) => ({ ...row, update, action, guid: guidOf(row, at) }));
    });
    writeFileSync(path('review.csv'), [sheetHeader(), ...written.map(sheetLine)].join(''));
  }, 60_000);
  afterAll(async () => {
    await office?.remove();
    remove();
  });

  /** What came back: rows that fit are the same, decisions on longer values are refused, and none is another. */
  function expectSame(bytes: Uint8Array, limit: number): void {
    const numbered = written.map((sheetRow, index) => ({ row: index + 2, sheetRow }));
    const fitting = numbered.filter(({ sheetRow }) => encodeCell(sheetRow.value).length < limit);
    const cut = numbered.filter((each) => !fitting.includes(each));
    const { rows, refused } = readSheet(bytes);
    const back = new Map(rows.map((each) => [each.row, each]));
    expect(fitting.map(({ row }) => back.get(row))).toEqual(fitting);
    const refusedRows = new Set(refused.map(({ row }) => row));
    for (const { row, sheetRow } of cut)
      expect(refusedRows.has(row) || ['COMPLETE', ''].includes(sheetRow.action)).toBe(true);
    expect(fitting.some(({ row }) => refusedRows.has(row))).toBe(false);
    expect(approve(rows).approved).toEqual(approve(fitting).approved);
  }

  test.each([
    ['the import dialog as it comes', DIALOG, SEMICOLON],
    ['the import dialog as it comes', DIALOG, UTF16_TABS],
    ['comma and UTF-8', COMMA, SEMICOLON],
    ['comma and UTF-8', COMMA, UTF16_TABS],
    ['German, special numbers detected', GERMAN, '59,34,76,1,,1031,false,false'],
    ['every separator ticked', EVERYTHING, '9,34,65535,1,,0,true,true'],
  ])(
    'opened with %s (%s), saved as CSV %s: the same decisions',
    async (_, open, save) => {
      const saved = await office.convert(path('review.csv'), { open, saveAs: 'csv', save });
      const bytes = readFileSync(saved);
      expect(bytes.subarray(0, 2).toString('hex') === 'fffe').toBe(save.includes('65535'));
      expectSame(bytes, 65_535);
    },
    60_000,
  );

  test.each([
    ['ods', 65_535],
    ['xlsx', 32_767],
  ] as const)(
    'kept as .%s for a while: the same decisions',
    async (saveAs, limit) => {
      const kept = await office.convert(path('review.csv'), { open: DIALOG, saveAs });
      const save = SEMICOLON;
      expectSame(readFileSync(await office.convert(kept, { saveAs: 'csv', save })), limit);
    },
    60_000,
  );

  test.each([
    ['Windows-1252', 1],
    ['Windows-1251', 34],
    ['GBK', 61],
  ])(
    'opened as %s: refused as a whole, for letters have changed',
    async (_, charset) => {
      const open = `44,34,${charset},1`;
      const saved = await office.convert(path('review.csv'), {
        open,
        saveAs: 'csv',
        save: SEMICOLON,
      });
      expect(() => readSheet(readFileSync(saved))).toThrow('another encoding than UTF-8');
    },
    60_000,
  );

  test('opened by LibreOffice’s own guess: the same decisions, or refused as a whole', async () => {
    const save = SEMICOLON;
    const bytes = readFileSync(await office.convert(path('review.csv'), { saveAs: 'csv', save }));
    if (bytes.includes('ï»¿')) expect(() => readSheet(bytes)).toThrow('another encoding');
    else expectSame(bytes, 65_535);
  }, 60_000);
});
