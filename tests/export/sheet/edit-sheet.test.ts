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

  test.each([
    ['\r\n', '\n'],
    ['\r\n', '\r\n'],
    ['\n', '\n'],
    ['\n', '\r\n'],
    ['\r', '\n'],
  ])(
    'a column is added to what can be read, and nothing else changes: lines end in %j, those of a cell in %j',
    (end, within) => {
      const head = 'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;ACTION';
      /** Rows as people leave them, and what becomes of each. */
      const rows: readonly (readonly [before: string, after: string])[] = [
        [head, `${head};RESULT`],
        [
          `CN=A;info;"a${within}b";"c${within}d";EDIT`,
          `CN=A;info;"a${within}b";"c${within}d";EDIT;applied`,
        ],
        // Nobody writes to this one: it keeps its quotation marks, too.
        [`"CN=B";info;"a${within}b";;`, `"CN=B";info;"a${within}b";;;`],
        ['CN=C;mail;a;b;EDIT', 'CN=C;mail;a;b;EDIT;stale'],
        // An empty last column is often cut off.
        ['CN=D;mail;a;b', 'CN=D;mail;a;b;;'],
        // Without UPDATE, or VALUE, it is no row that can be trusted, and must not come to look like one.
        ['CN=E;mail;a', 'CN=E;mail;a'],
        ['CN=F;mail', 'CN=F;mail'],
        ['CN=G', 'CN=G'],
        // As many cells as there are columns by now, and more.
        ['CN=H;mail;a;b;EDIT;x', 'CN=H;mail;a;b;EDIT;x'],
        ['CN=I;mail;a;b;EDIT;x;y', 'CN=I;mail;a;b;EDIT;x;y'],
        [';;;;', ';;;;'],
        [' ; ', ' ; '],
        ['', ''],
        ['CN=J;mail;"a;b', 'CN=J;mail;"a;b'],
        // Two open quotation marks that close each other over a row between them.
        [
          `CN=L;mail;"a${end}CN=M;mail;x;y;EDIT${end}";b;EDIT`,
          `CN=L;mail;"a${end}CN=M;mail;x;y;EDIT${end}";b;EDIT`,
        ],
        ['CN=K;mail;c;d;', 'CN=K;mail;c;d;;'],
      ];
      const text = (column: 0 | 1) => rows.map((row) => row[column]).join(end);
      for (const last of ['', end]) {
        const sheet = editSheet(Buffer.from(text(0) + last));
        sheet.write(2, { RESULT: 'applied' });
        sheet.write(4, { RESULT: 'stale' });
        expect(sheet.bytes().toString()).toBe(text(1) + last);
      }
    },
  );

  test('what stands above the header gets no column', () => {
    const text = '\r\n  \r\nATTRIBUTE;DISTINGUISHEDNAME;VALUE;UPDATE\r\nmail;CN=A;a;b\r\n';
    const sheet = editSheet(Buffer.from(text));
    sheet.write(4, { ACTION: 'EDIT' });
    expect(sheet.bytes().toString()).toBe(
      text.replace('UPDATE\r', 'UPDATE;ACTION\r').replace('a;b\r', 'a;b;EDIT\r'),
    );
    expect(() => sheet.write(3, { ACTION: 'EDIT' })).toThrow('row 3 cannot be written');
    expect(() => sheet.write(2, { ACTION: 'EDIT' })).toThrow('row 2 cannot be written');
  });

  test('columns that are none of ours may lack, and a second one is added beside the first', () => {
    const text =
      'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;NOTE;OWNER\nCN=A;mail;a;b\nCN=B;mail;a;b;me\nCN=C;mail;a;b\nCN=D;mail;a\n';
    const sheet = editSheet(Buffer.from(text));
    sheet.write(2, { ACTION: 'EDIT' });
    sheet.write(3, { RESULT: 'applied' });
    expect(sheet.bytes().toString()).toBe(
      'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;NOTE;OWNER;ACTION;RESULT\nCN=A;mail;a;b;;;EDIT;\nCN=B;mail;a;b;me;;;applied\nCN=C;mail;a;b;;;;\nCN=D;mail;a\n',
    );
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
