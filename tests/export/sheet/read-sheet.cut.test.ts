import { describe, expect, test } from '@jest/globals';
import { readSheet } from '../../../src/export/sheet/read-sheet.js';

const HEAD = 'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;ACTION';
const line = (value: string, update: string, action = 'EDIT') =>
  `CN=x;displayName;${value};${update};${action}`;

describe('T24: a sheet that was cut', () => {
  const CUT = expect.stringContaining('may have been cut');
  const whole = `${HEAD}\r\n${line('a', 'b')}\r\n`;

  test.each([
    [
      'in its last cell',
      'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;ACTION;UPDATE',
      'CN=x;displayName;a;EDIT;ann.be',
    ],
    ['before a cell', HEAD, 'CN=x;displayName;a;b;'],
    ['so that cells are missing', HEAD, 'CN=x;displayName;a'],
    ['within quotation marks', HEAD, 'CN=x;displayName;a;"b'],
    ['within its columns, nothing decided', HEAD, 'CN=x;displayName;a;ann.be;'],
  ])('%s: the row is refused, decided on or not', (_, head, last) => {
    const first = head === HEAD ? `${line('a', 'b')}\r\n` : '';
    const { rows, refused } = readSheet(Buffer.from(`${head}\r\n${first}${last}`));
    expect(refused).toEqual([{ row: first ? 3 : 2, reason: CUT }]);
    expect(rows).toHaveLength(first ? 1 : 0);
  });

  test('within a letter: the rest is read as what it is', () => {
    const bytes = Buffer.from(`${HEAD}\r\n${line('Zoë', 'Łódź')}\r\n${line('a', 'Zoë')}`);
    const at = bytes.lastIndexOf(0xc3) + 1;
    const { rows, refused } = readSheet(bytes.subarray(0, at));
    expect(rows.map(({ sheetRow }) => sheetRow.update)).toEqual(['Łódź']);
    expect(refused).toEqual([{ row: 3, reason: CUT }]);
  });

  test('at every byte: no row is another one than it was', () => {
    const text = `${HEAD}\r\n${line('ann  b', '"ann;b"')}\r\n${line('ü', 'ü2')}\r\n`;
    const bytes = Buffer.from(text);
    const all = readSheet(bytes).rows;
    expect(all).toHaveLength(2);
    const head = Buffer.byteLength(`${HEAD}\r\n`);
    for (let end = head; end < bytes.length; end += 1) {
      const { rows } = readSheet(bytes.subarray(0, end));
      expect(rows).toEqual(all.slice(0, rows.length));
      const isAtLineEnd = /[\r\n]/.test(String.fromCharCode(bytes[end - 1] ?? 0));
      expect(readSheet(bytes.subarray(0, end)).refused).toHaveLength(isAtLineEnd ? 0 : 1);
    }
  });

  test('an empty last line is none, and a whole sheet is whole', () => {
    for (const end of ['', ';;;;', '  ', '\r\n\r\n'])
      expect(readSheet(Buffer.from(whole + end))).toMatchObject({
        rows: [{ row: 2 }],
        refused: [],
      });
  });
});
