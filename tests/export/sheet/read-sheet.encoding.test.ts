import { describe, expect, test } from '@jest/globals';
import { COLUMNS } from '../../../src/export/sheet/cells.js';
import { sheetHeader, sheetLine } from '../../../src/export/sheet/csv.js';
import { readSheet } from '../../../src/export/sheet/read-sheet.js';
import type { SheetRow } from '../../../src/model/change.js';
import { codePage } from '../../code-page.js';
import { sealed } from '../../sealed.js';

const HEAD = 'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;ACTION';
const line = (value: string, update: string, action = 'EDIT') =>
  `CN=x;displayName;${value};${update};${action}`;
const read = (bytes: Uint8Array) => {
  const { rows, refused } = readSheet(bytes);
  return {
    updates: rows.map(({ sheetRow }) => sheetRow.update),
    reasons: refused.map(({ reason }) => reason),
  };
};
const UNPROVEN = expect.stringContaining('save it as CSV UTF-8');

describe('T14: a sheet that a spreadsheet saved in a code page', () => {
  test.each([
    ['windows-1250', 'Hungarian', 'Tóth Gábor', 'Tóth Győr'],
    ['windows-1250', 'Polish', 'Jan Góra', 'Jan Góral Łódź'],
    ['windows-1250', 'Czech', 'Jan Novák', 'Jan Nováček'],
    ['windows-1254', 'Turkish', 'Gül Öz', 'Gül Özgöş'],
    ['windows-1254', 'Turkish', 'Gül', 'Gül Işık'],
    ['windows-1257', 'Lettish', 'Jõesaar', 'Jõesaar Bērziņš'],
    ['windows-1251', 'Russian', 'Ivan', 'Иван'],
    ['windows-1253', 'Greek', 'Nikos', 'Νίκος'],
    ['windows-1252', 'Western', 'Zoe', 'Zoë'],
  ])('%s (%s): %s, %s: letters that VALUE does not have are refused', (page, _, value, update) => {
    const { encode } = codePage(page);
    expect(read(encode(`${HEAD}\r\n${line(value, update)}\r\n`))).toEqual({
      updates: [],
      reasons: [UNPROVEN],
    });
    // It is the encoding that is refused, not the letters.
    for (const text of [`\uFEFF${HEAD}`, HEAD])
      expect(read(Buffer.from(`${text}\r\n${line(value, update)}\r\n`)).updates).toEqual([update]);
  });

  test.each(['windows-1250', 'windows-1252', 'windows-1254', 'windows-1257'])(
    '%s: letters that VALUE has are what they are in VALUE',
    (page) => {
      const { encode, misread } = codePage(page);
      const [value, update] = ['Jürgen  Österle ž', 'Jürgen Österle ž'];
      const { updates } = read(encode(`${HEAD}\r\n${line(value, update)}\r\n`));
      // Where VALUE is read wrong, the directory does not hold it, and nothing is written.
      expect(updates).toEqual([misread(update)]);
    },
  );

  test('what is not decided on is read, and says what would be refused', () => {
    const { encode } = codePage('windows-1250');
    const text = `${HEAD}\r\n${line('Tóth', 'Győr', '')}\r\n${line('Tóth', 'Győr', 'REMOVE')}\r\n`;
    const { rows, refused } = readSheet(encode(text));
    expect(refused).toEqual([]);
    expect(rows.map(({ doubts }) => doubts)).toEqual([
      { value: undefined, update: UNPROVEN },
      { value: undefined, update: UNPROVEN },
    ]);
  });

  test('a question mark that VALUE does not have may stand for a letter that the page lacks', () => {
    const ansi = (update: string) =>
      read(Buffer.from(`${HEAD}\r\n${line('Zo\xeb', update)}\r\n`, 'latin1'));
    expect(ansi('Zo\xeb ?ukasz').reasons).toEqual([UNPROVEN]);
    expect(ansi('Zoe').updates).toEqual(['Zoe']);
    expect(read(Buffer.from(`${HEAD}\r\n${line('Zoë', 'Who?')}\r\n`)).updates).toEqual(['Who?']);
  });

  test('a proposal that its seal proves to be read right is taken, another is not', () => {
    const columns = COLUMNS.map(([, key]) => [key, '']);
    const empty = { ...Object.fromEntries(columns), guid: undefined } as SheetRow;
    const given = { dn: 'CN=x', attribute: 'displayName', value: 'Zoe', update: 'Zoë' };
    const own = sealed({ ...empty, ...given, action: 'EDIT' });
    const { encode } = codePage('windows-1252');
    const updates = (update: string) =>
      read(encode(sheetHeader().slice(1) + sheetLine({ ...own, update }))).updates;
    expect([updates('Zoë'), updates('Zoé')]).toEqual([['Zoë'], []]);
    const { encode: encodeEastern } = codePage('windows-1250');
    const eastern = sealed({ ...own, update: 'Győr' });
    expect(read(encodeEastern(sheetHeader().slice(1) + sheetLine(eastern))).updates).toEqual([]);
  });
});
