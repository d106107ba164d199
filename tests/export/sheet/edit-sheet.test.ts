import { describe, expect, test } from '@jest/globals';
import { editSheet } from '../../../src/export/sheet/edit-sheet.js';
import { readSheet } from '../../../src/export/sheet/read-sheet.js';

const HEAD = 'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;ACTION;NOTE';
const encode = {
  'UTF-8': (text: string) => Buffer.from(text),
  'UTF-8 with a mark': (text: string) => Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 BE': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'Windows-1252': (text: string) => Buffer.from(text, 'latin1'),
};

describe('single cells of a sheet', () => {
  test.each(Object.entries(encode))(
    '%s: nothing but the cells changes, to the byte',
    (_, bytes) => {
      const lines = (action: string) =>
        `${[HEAD, `CN=Zoë;mail;a;"b";${action};me`, 'CN=B;mail;"c ""x"" d";e;;', ''].join('\n')}`;
      const sheet = editSheet(bytes(lines('')));
      expect(Buffer.compare(sheet.bytes(), bytes(lines('')))).toBe(0);
      sheet.write(2, { ACTION: 'EDIT' });
      const expected = lines('EDIT').replace('"b"', 'b');
      expect(Buffer.compare(sheet.bytes(), bytes(expected))).toBe(0);
    },
  );

  test('a line that nobody can read stays what it is', () => {
    const text = `${HEAD}\r\nCN=A;mail;a;b;;\r\nCN=B;mail;"c;d;;\r\nCN=C;mail;e;f;;\r\n`;
    const sheet = editSheet(Buffer.from(text));
    sheet.write(4, { ACTION: 'REMOVE' });
    expect(sheet.bytes().toString()).toBe(text.replace('e;f;;', 'e;f;REMOVE;'));
  });

  test('a first line that names the separator stays, and columns that lack are added', () => {
    const text =
      'sep=|\r\nATTRIBUTE|DISTINGUISHEDNAME|VALUE|ACTION\r\nmail|CN=A|a|\r\nmail|CN=B|b|\r\n';
    const sheet = editSheet(Buffer.from(text));
    expect(sheet.cell(2, 'RESULT')).toBe('');
    sheet.write(2, { UPDATE: 'x|y', ACTION: 'EDIT', RESULT: 'applied' });
    expect(sheet.bytes().toString()).toBe(
      'sep=|\r\nATTRIBUTE|DISTINGUISHEDNAME|VALUE|ACTION|UPDATE|RESULT\r\nmail|CN=A|a|EDIT|"x|y"|applied\r\nmail|CN=B|b|||\r\n',
    );
    expect(editSheet(sheet.bytes()).cell(2, 'RESULT')).toBe('applied');
    const { rows, refused } = readSheet(sheet.bytes());
    expect([rows.map(({ sheetRow }) => sheetRow.update), refused]).toEqual([
      ['x|y', undefined],
      [],
    ]);
  });

  test('where the encoding was guessed, letters are written so that nothing has to be guessed', () => {
    const text = (update: string) => `${HEAD}\nCN=Zoë;mail;a;${update};;\nCN=B;mail;c;\xf5;;\n`;
    const before = encode['Windows-1252'](text('ë'));
    const sheet = editSheet(before);
    sheet.write(2, { UPDATE: 'Łódź € 😀' });
    const escaped = '"{escaped}\\u0141\\u00F3d\\u017A \\u20AC \\uD83D\\uDE00"';
    expect(Buffer.from(sheet.bytes()).toString('latin1')).toBe(text(escaped));
    expect(readSheet(sheet.bytes()).rows[0]?.sheetRow.update).toBe('Łódź € 😀');
    sheet.write(2, { UPDATE: 'ë' });
    expect(Buffer.compare(sheet.bytes(), before)).toBe(0);
  });

  test('a file without a header is refused', () => {
    expect(() => editSheet(Buffer.from('\n\n'))).toThrow('no header line');
  });
});
