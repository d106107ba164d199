import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../../src/errors.js';
import { COLUMNS, decodeCell, encodeCell } from '../../../src/export/sheet/cells.js';
import { sheetHeader, sheetLine } from '../../../src/export/sheet/csv.js';
import { readSheet } from '../../../src/export/sheet/read-sheet.js';
import type { SheetRow } from '../../../src/model/change.js';
import type { Value } from '../../../src/model/entry.js';

const GUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const ROW: SheetRow = {
  dn: 'CN=Smith\\, Joe,OU=People,DC=contoso,DC=com',
  commonName: 'Smith, Joe',
  objectClass: 'user',
  attribute: 'proxyAddresses',
  errors: 'Character, Format',
  value: 'smtp:joe x@contoso.com',
  update: 'smtp:joex@contoso.com',
  proposedAction: 'EDIT',
  action: '',
  severity: 'error',
  safety: 'safe',
  rules: 'forbidden-character, malformed-address',
  message: 'A blank. Remove it.',
  related: 'CN=Ann,DC=contoso,DC=com (mail); and 2 more',
  guid: GUID,
  id: '1234567890e1',
  seal: 'v2-0123456789-abcdef0123-456789abcd',
};

const write = (...rows: Partial<SheetRow>[]) =>
  [sheetHeader(), ...rows.map((row) => sheetLine({ ...ROW, ...row }))].join('');
const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readSheet(utf8(text));
const only = (text: string) => {
  const { rows, refused } = read(text);
  expect(refused).toEqual([]);
  expect(rows).toHaveLength(1);
  return rows[0]?.sheetRow;
};
const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

const NINE =
  'DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION';
const idfix = (value: string, update: string, action = '', dn = '"CN=joe,DC=contoso,DC=com"') =>
  `${dn},joe,user,mail,Character,${value},${update},EDIT,${action}`;

describe('cells', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)) }),
    fc.string({
      unit: fc.constantFrom(
        ...'\'=+-@|;\\"u0019/:.,eEmay \t\r\n{}\u202e\u200b\ud800＝',
        '{escaped}',
        '{base64}',
      ),
    }),
  );

  test('every text comes back as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decodeCell(encodeCell(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('all bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeCell(encodeCell(bytes))).toEqual(bytes);
      }),
    );
  });

  test('no cell starts a formula, shows a number or hides a character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cell = encodeCell(text);
        expect(cell).not.toMatch(/^\s*[=+\-@|＝＋－＠]/);
        expect(cell).not.toMatch(/^\s*[.,:/-]*\d[\d.,:/-]*\s*$/);
        expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(cell).not.toMatch(/;[\s"']*[=+\-@|]/);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '=1+1',
    '+49 30 1',
    '-1',
    '@SUM(A1)',
    '|x',
    ' =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠a',
    '00123',
    '1E5',
    '1.5e-3',
    '1-2',
    '12:30',
    '12:30 PM',
    '3/4',
    '1 3/4',
    '(5)',
    '5%',
    '$5',
    '€ 5',
    '12345678901234567890',
    '1,234',
    '2024-05-01',
    '2024-05-01T10:00Z',
    '１２３',
    '2024年5月1日',
    'TRUE',
    'false',
    'Wahr',
    'Mar-5',
    '5-Mar',
    'March 2024',
    'March 5, 2024',
    'MARCH1',
    'SEPT2',
    'Dez 24',
    '5. März',
    'Monday, March 5, 2024',
    "'=1",
    "''=1",
    "'00123",
  ])('guards %j with one apostrophe', (text) => {
    expect(encodeCell(text)).toBe(`'${text}`);
    expect(decodeCell(`'${text}`)).toBe(text);
  });

  test.each([
    'joe@contoso.com',
    'SMTP:joe@contoso.com',
    "O'Brien",
    "'joe'",
    "'",
    'Mark1',
    'julia2',
    'May',
    'e5',
    '10 Downing Street',
    'back\\slash',
    'a;b',
    'X400:c=US;a= ;p=Org;',
    ' joe ',
    'José',
    'Ａ',
    '😀',
    '{Escaped}x',
    'a {base64}',
  ])('leaves %j alone', (text) => {
    expect(encodeCell(text)).toBe(text);
    expect(decodeCell(text)).toBe(text);
  });

  test('a cell that was never guarded means what it says', () => {
    for (const typed of ['00123', '=1+1', '-', 'TRUE', 'Mar-5', "'joe"])
      expect(decodeCell(typed)).toBe(typed);
  });

  test.each([
    ['a\nb', '{escaped}a\\u000Ab'],
    ['=1\r\n', '{escaped}=1\\u000D\\u000A'],
    ['\tx', '{escaped}\\u0009x'],
    ['nul\0\\', '{escaped}nul\\u0000\\\\'],
    ['\u007f\u0085', '{escaped}\\u007F\\u0085'],
    ['\u2028\u2029', '{escaped}\\u2028\\u2029'],
    ['evil\u202egnp', '{escaped}evil\\u202Egnp'],
    ['zero\u200bwidth\ufeff', '{escaped}zero\\u200Bwidth\\uFEFF'],
    ['half\ud83d', '{escaped}half\\uD83D'],
    ['gone in xml\uffff', '{escaped}gone in xml\\uFFFF'],
    ['tag\u{e0041}', '{escaped}tag\\uDB40\\uDC41'],
    ['{base64}x', '{escaped}{base64}x'],
    ['{escaped}x', '{escaped}{escaped}x'],
    ['a;=1', '{escaped}a\\u003B=1'],
    ['a; "=1"', '{escaped}a\\u003B "=1"'],
    ['', '{escaped}'],
  ])('escapes %j readably', (text, cell) => {
    expect(encodeCell(text)).toBe(cell);
    expect(decodeCell(cell)).toBe(text);
  });

  test('an absent value, an empty text and no bytes are three cells', () => {
    expect([undefined, '', new Uint8Array()].map(encodeCell)).toEqual([
      '',
      '{escaped}',
      '{base64}',
    ]);
    expect(['', '{escaped}', '{base64}'].map(decodeCell)).toEqual([
      undefined,
      '',
      new Uint8Array(),
    ]);
  });

  test('hex digits may be typed in either case', () => {
    expect(decodeCell('{escaped}\\u00e9\\u000a')).toBe('é\n');
  });

  test.each([
    '{escaped}\\',
    '{escaped}\\n',
    '{escaped}\\u12',
    '{escaped}\\u{41}',
    '{escaped}\\\\\\x',
    '{base64}?',
    '{base64}YQ',
    '{base64}YQ== ',
  ])('refuses the typed cell %j with a reason', (cell) => {
    expect(() => decodeCell(cell)).toThrow(ExpectedError);
  });

  test.each(['1', ' ', "'", ';', '; ', 'may ', '\\', '\n', '#', 'a@'])(
    'long hostile texts of %j take no more than linear time',
    (unit) => {
      const timeOf = (count: number) => {
        const started = performance.now();
        for (const text of [unit.repeat(count), `${unit.repeat(count)}x`])
          expect(decodeCell(encodeCell(text)) === text).toBe(true);
        return performance.now() - started;
      };
      timeOf(20_000);
      const few = Math.min(timeOf(20_000), timeOf(20_000), timeOf(20_000));
      // Ten times as long: a square would take a hundred times the time.
      expect(timeOf(200_000) / Math.max(few, 1)).toBeLessThan(50);
    },
  );
});

describe('writing', () => {
  test('starts with a byte order mark and the columns that IdFix users know', () => {
    const [header] = write().split('\r\n');
    expect(header).toBe(`\uFEFF${NINE},SEVERITY,SAFETY,RULES,MESSAGE,RELATED,OBJECTGUID,ID,SEAL`);
  });

  test('cells in which a spreadsheet may see another separator are quoted', () => {
    const text = write({
      value: 'X400:C=US;A= ;S=Joe',
      update: 'a b',
      rules: 'a|b',
      message: 'a:b',
    });
    expect(text).toContain(',"X400:C=US;A= ;S=Joe","a b",EDIT,');
    expect(text).toContain(',"a|b","a:b",');
  });

  test('quotes by RFC 4180, ends every line with CRLF, guards all columns', () => {
    const text = write({ dn: 'CN="A",DC=x', commonName: '=A', guid: undefined });
    expect(text.split('\r\n')).toHaveLength(3);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text).toContain('"CN=""A"",DC=x",\'=A,user,');
    expect(text).toContain(",,'1234567890e1,v2-0123456789-abcdef0123-456789abcd\r\n");
  });
});

describe('round trip', () => {
  const HOSTILE: readonly Value[] = [
    "=cmd|' /C calc'!A0",
    '@x',
    '+1',
    '-1',
    'a\r\nb',
    'line1\nvalue: evil',
    '"joe x"@contoso.com',
    'Smith, "Joe"',
    '"',
    '""',
    ',',
    ';',
    '\t',
    'a\u202eb',
    'a\0b',
    'x'.repeat(100_000),
    '"\n'.repeat(50_000),
    '😀👨‍👩‍👧',
    "'=1",
    "''=1",
    "'",
    '{base64}x',
    '{escaped}',
    '\\u000A',
    '',
    ' ',
    ' joe ',
    '00123',
    '\ud83d',
    '\ufeff',
    'x\ufffe\u{1ffff}',
    'X400:C=US;A= ;P=Org;O=X;S=Joe',
    'é',
    'e\u0301',
    'sep=;',
    new Uint8Array([0, 255, 10]),
    new Uint8Array(),
  ];

  test('hostile values come back to the byte in VALUE and UPDATE', () => {
    const written = HOSTILE.map((value) => ({ ...ROW, value, update: value }));
    const { rows, refused } = read(write(...written));
    expect(refused).toEqual([]);
    expect(rows.map(({ row, sheetRow }) => ({ row, sheetRow }))).toEqual(
      written.map((sheetRow, index) => ({ row: index + 2, sheetRow })),
    );
  });

  test('hostile texts come back in the other columns', () => {
    for (const text of HOSTILE.filter((value) => typeof value === 'string')) {
      const row = { ...ROW, dn: `CN=${text},DC=x`, commonName: text, message: text, related: text };
      expect(only(write(row))).toEqual(row);
    }
  });

  test('any rows, in any separator and encoding that a spreadsheet saves', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.constant(undefined));
    const row = fc.record({
      value,
      update: value,
      dn: fc.string({ unit: 'binary', minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(row), (parts) => {
        const rows = parts.map((part) => ({ ...ROW, ...part }));
        const text = write(...rows);
        for (const bytes of [utf8(text), utf16(text), utf16(text, true), utf16(text.slice(1))]) {
          const sheet = readSheet(bytes);
          expect(sheet.refused).toEqual([]);
          expect(sheet.rows.map(({ sheetRow }) => sheetRow)).toEqual(rows);
        }
      }),
    );
  });
});

describe('reading what spreadsheets save', () => {
  const HEADER = ['OBJECTGUID', 'ATTRIBUTE', 'VALUE', 'UPDATE', 'ACTION'];
  const CELLS = [GUID, 'mail', 'a,b;c@x', 'é@x', 'EDIT'];
  const table = (separator: string, end = '\r\n') =>
    [HEADER, CELLS].map((cells) => cells.map((cell) => `"${cell}"`).join(separator) + end).join('');
  const expected = expect.objectContaining({
    dn: '',
    guid: GUID,
    attribute: 'mail',
    value: 'a,b;c@x',
    update: 'é@x',
    action: 'EDIT',
    id: '',
    message: '',
  });

  test.each([',', ';', '\t'])('finds the separator %j from the header', (separator) => {
    expect(only(table(separator))).toEqual(expected);
  });

  test.each(['sep=;\r\n', '"sep=;"\n', 'SEP=;;;;;\r'])(
    'obeys %j, which counts as no row',
    (line) => {
      const { rows } = read(line + table(';'));
      expect(rows).toEqual([{ row: 2, sheetRow: expected }]);
    },
  );

  test.each(['\n', '\r\n', '\r'])('takes the line end %j', (end) => {
    expect(only(table(',', end))).toEqual(expected);
  });

  test('takes line ends that change within the file', () => {
    const [header, line] = table(',').split('\r\n');
    expect(read(`${header}\r\n${line}\n${line}\r${line}\r\n`).rows).toHaveLength(3);
  });

  test.each([
    ['UTF-8 with BOM', utf8(`\uFEFF${table(',')}`)],
    ['UTF-8', utf8(table(','))],
    ['UTF-16LE with BOM', utf16(`\uFEFF${table('\t')}`)],
    ['UTF-16BE with BOM', utf16(`\uFEFF${table('\t')}`, true)],
    ['UTF-16LE', utf16(table('\t'))],
  ])('reads %s', (_, bytes) => {
    expect(readSheet(bytes).rows).toEqual([{ row: 2, sheetRow: expected }]);
  });

  test('reads Windows-1252, which is not Latin-1, where VALUE proves it', () => {
    const letters = '\x80\x92\x81\x9f\xff';
    const bytes = Buffer.from(table(';').replaceAll(/é|b;c/g, letters), 'latin1');
    const row = readSheet(bytes).rows[0]?.sheetRow;
    expect([row?.value, row?.update]).toEqual(['a,€’\x81Ÿÿ@x', '€’\x81Ÿÿ@x']);
  });

  test('writes no letters whose encoding nothing proves', () => {
    // What Windows-1251 has for Продажи, beside an empty VALUE: it would read as Ïðîäàæè.
    const text =
      'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;ACTION\r\nCN=a;displayName;;\xcf\xf0\xee;EDIT\r\n';
    expect(readSheet(Buffer.from(text, 'latin1'))).toMatchObject({
      rows: [],
      refused: [{ row: 2, reason: expect.stringContaining('save it as CSV UTF-8') }],
    });
    const left = readSheet(Buffer.from(text.replace('EDIT', ''), 'latin1'));
    expect(left.rows).toHaveLength(1);
  });

  test('columns may be moved, added, left out, and named in any case', () => {
    const text = `note, action ,Update,x y,value,ATTRIBUTE\u00a0,DiStinguishedname,\nn, edit ,b,z,a,mail,CN=x,\n`;
    expect(only(text)).toEqual({
      ...Object.fromEntries(COLUMNS.map(([, key]) => [key, ''])),
      dn: 'CN=x',
      guid: undefined,
      attribute: 'mail',
      value: 'a',
      update: 'b',
      action: 'EDIT',
    });
  });

  test('reads the header that IdFix wrote under Turkish settings', () => {
    const text = `DİSTİNGUİSHEDNAME,ATTRİBUTE,VALUE,ACTİON\nCN=x,mail,a,remove\n`;
    expect(only(text)).toMatchObject({ dn: 'CN=x', action: 'REMOVE' });
  });

  test('blank lines and empty rows are passed over, and counted', () => {
    const text = `ATTRIBUTE,VALUE,ACTION,DISTINGUISHEDNAME\n\nmail,a,,CN=x\n,,,\n , ,,\n\nmail,b,,CN=y\n\n,,,,,,\n`;
    const { rows, refused } = read(text);
    expect(rows.map(({ row, sheetRow }) => [row, sheetRow.value])).toEqual([
      [3, 'a'],
      [7, 'b'],
    ]);
    expect(refused).toEqual([]);
  });

  test('a cell over several lines is one row', () => {
    const text = `ATTRIBUTE,VALUE,ACTION,OBJECTGUID,NOTE\nmail,"a\r\nb\nc",,${GUID},"x\n\ny"\nmail,d,,${GUID},\n`;
    const { rows } = read(text);
    expect(rows.map(({ row, sheetRow }) => [row, sheetRow.value])).toEqual([
      [2, 'a\r\nb\nc'],
      [3, 'd'],
    ]);
  });

  test('Excel may leave out the separators before empty cells at the end', () => {
    const text = `DISTINGUISHEDNAME,ATTRIBUTE,VALUE,ACTION,NOTE\nCN=x,mail,a\nCN=y,mail,b,REMOVE\n`;
    const { rows } = read(text);
    expect(rows.map(({ sheetRow }) => sheetRow.action)).toEqual(['', 'REMOVE']);
  });

  test('a GUID may stand in braces and capitals, with blanks around it', () => {
    expect(only(write({ guid: `{${GUID.toUpperCase()}}` }))?.guid).toBe(GUID);
    expect(only(write({ guid: ` {${GUID}} ` }))?.guid).toBe(GUID);
  });
});

describe('an IdFix sheet', () => {
  test.each(['\n', '\r\n'])('is read, what is broken refused by number, line end %j', (end) => {
    const text = [
      NINE,
      idfix('joe x@contoso.com', 'joex@contoso.com', 'EDIT'),
      idfix('"joe x"@contoso.com', 'joex@contoso.com', 'EDIT'),
      idfix('"Smith, "Joe""', '"Smith, Joe"', 'EDIT'),
      idfix('5" disk', '5 disk', 'EDIT'),
      idfix('"open', 'open', 'EDIT'),
      idfix('two', 'two', 'COMPLETE'),
      idfix('"open, to the end', 'x', 'EDIT'),
      idfix('=1', '', 'REMOVE'),
      '',
    ].join(end);
    const { rows, refused } = read(text);
    expect(
      rows.map(({ row, sheetRow }) => [row, sheetRow.value, sheetRow.update, sheetRow.action]),
    ).toEqual([
      [2, 'joe x@contoso.com', 'joex@contoso.com', 'EDIT'],
      [3, '"joe x"@contoso.com', 'joex@contoso.com', 'EDIT'],
      [4, 'Smith, "Joe"', 'Smith, Joe', 'EDIT'],
      [5, '5" disk', '5 disk', 'EDIT'],
      [6, '"open', 'open', 'EDIT'],
      [7, 'two', 'two', 'COMPLETE'],
      [9, '=1', undefined, 'REMOVE'],
    ]);
    expect(rows[0]?.sheetRow).toMatchObject({
      dn: 'CN=joe,DC=contoso,DC=com',
      guid: undefined,
      id: '',
    });
    expect(refused).toEqual([{ row: 8, reason: expect.stringContaining('quotation mark') }]);
  });

  test('a value with a line break is two broken lines, not a forged row', () => {
    const { rows, refused } = read(
      `${NINE}\n${idfix('line1\nvalue: evil', 'x', 'EDIT')}\n${idfix('a', 'b', 'EDIT')}\n`,
    );
    expect(rows.map(({ row }) => row)).toEqual([4]);
    expect(refused.map(({ row }) => row)).toEqual([2, 3]);
    expect(refused[0]?.reason).toContain('6 cells where the header has 9');
  });
});

describe('broken lines', () => {
  test('two that close each other by chance do not make a row', () => {
    const first = idfix('ok', '"first');
    const text = `${NINE}\n${first}\n${idfix('x', 'last"', 'EDIT', 'CN=y')}\n${idfix('a', 'b', 'EDIT')}\n`;
    const { rows, refused } = read(text);
    expect(refused).toEqual([{ row: 2, reason: expect.stringContaining('another row') }]);
    expect(rows.map(({ row }) => row)).toEqual([3]);
  });

  test('many separators in a cell of one line are no second row', () => {
    const dn = `CN=x${',OU=y'.repeat(20)}`;
    expect(only(write({ dn, message: ','.repeat(30) }))?.dn).toBe(dn);
  });

  test('a row inside a well quoted value is never taken for a row', () => {
    const forged = `x,\n${idfix('a', 'evil@x', 'EDIT', 'CN=victim')}\n`;
    for (const cells of [`"${forged}"`, `"${forged}",one too many`]) {
      const { rows, refused } = read(`${NINE}\n${idfix(cells, 'b', 'EDIT')}\n${idfix('a', 'b')}\n`);
      expect(refused.map(({ row }) => row)).toEqual([2]);
      expect(rows.map(({ row }) => row)).toEqual([3]);
    }
  });

  test('an open quotation mark that swallows half a row costs one line', () => {
    const text = `${NINE}\n"CN=x,joe\n${idfix('a', 'b', 'EDIT')}\n`;
    const { rows, refused } = read(text);
    expect(refused.map(({ row }) => row)).toEqual([2]);
    expect(rows.map(({ row }) => row)).toEqual([3]);
  });

  test('too many cells are refused, even where they are empty', () => {
    const { rows, refused } = read(
      `${NINE}\nCN=x,DC=y,joe,user,mail,Format,a,b,EDIT,\n${idfix('a', 'b')}\n`,
    );
    expect(refused).toEqual([
      { row: 2, reason: expect.stringContaining('10 cells where the header has 9') },
    ]);
    expect(rows.map(({ row }) => row)).toEqual([3]);
  });

  test.each([
    ['given up', '"joe" x, y"', `${NINE},ID`],
    ['held against the dialect of IdFix', `"${'","'.repeat(20)}",x`, NINE],
  ])('many of them, %s, take no more than linear time', (_, value, header) => {
    const line = `${idfix(value, 'x', 'EDIT')}\n`;
    const timeOf = (count: number) => {
      const started = performance.now();
      expect(read(`${header}\n${line.repeat(count)}`).refused).toHaveLength(count);
      return performance.now() - started;
    };
    timeOf(1_000);
    const few = Math.min(timeOf(4_000), timeOf(4_000));
    // Five times as many: a square would take 25 times as long.
    expect(timeOf(20_000) / few).toBeLessThan(15);
  });
});

describe('refused rows', () => {
  const refusedOf = (row: Partial<SheetRow>, from = '', to = '') => {
    const { rows, refused } = read(write(row, {}).replace(from, to));
    expect(rows.map(({ row: number }) => number)).toEqual([3]);
    expect(refused.map(({ row: number }) => number)).toEqual([2]);
    return refused[0]?.reason;
  };

  test('a malformed escape, named by its column', () => {
    expect(refusedOf({ update: 'HERE' }, 'HERE', '{escaped}\\q')).toMatch(/^UPDATE: .*backslash/);
    expect(refusedOf({ value: 'HERE' }, 'HERE', '{base64}?')).toMatch(/^VALUE: .*base64/);
    expect(refusedOf({ dn: 'HERE' }, 'HERE', '{base64}YQ==')).toBe(
      'DISTINGUISHEDNAME holds bytes and not text',
    );
  });

  test('an identity that is none', () => {
    expect(refusedOf({ guid: 'not\u202ea guid' })).toBe(
      'OBJECTGUID is no GUID: not\\u{202e}a guid',
    );
    expect(refusedOf({ guid: `{${GUID}` })).toContain('OBJECTGUID is no GUID');
    expect(refusedOf({ guid: undefined, dn: '' })).toContain('names no entry');
  });

  test.each(['', 'mail\nreplace: x', 'mail: x', '1mail', '2.5.4.3'])(
    'the attribute name %j',
    (attribute) => {
      expect(refusedOf({ attribute })).toContain('ATTRIBUTE is no attribute name');
    },
  );

  test('a decision on a VALUE or an UPDATE that a spreadsheet may have cut', () => {
    const long = 'x'.repeat(32_767);
    expect(refusedOf({ action: 'EDIT', update: long })).toContain('Excel cuts a cell at 32,767');
    for (const value of [long, 'x'.repeat(65_535)]) {
      expect(refusedOf({ action: 'EDIT', value })).toContain('where a spreadsheet cuts a cell');
      expect(refusedOf({ action: 'REMOVE', value })).toContain('where a spreadsheet cuts a cell');
      expect(only(write({ value }))?.value).toBe(value);
    }
    for (const value of [long.slice(1), `${long}x`])
      expect(only(write({ action: 'EDIT', update: 'x', value }))?.value).toBe(value);
    expect(only(write({ action: '', update: long }))?.update).toBe(long);
  });
});

describe('files that are no review sheet', () => {
  const complaint = (bytes: Uint8Array) => {
    try {
      readSheet(bytes);
    } catch (error) {
      if (error instanceof ExpectedError) return `${error.message} / ${error.hint}`;
      throw error;
    }
    return undefined;
  };

  test.each([
    ['', 'DISTINGUISHEDNAME or OBJECTGUID, ATTRIBUTE, VALUE, ACTION'],
    ['a,b\n1,2\n', 'DISTINGUISHEDNAME or OBJECTGUID, ATTRIBUTE, VALUE, ACTION'],
    ['DISTINGUISHEDNAME,ATTRIBUTE,VALUE\nCN=x,mail,a\n', 'no column ACTION /'],
    ['DISTINGUISHEDNAME,ATTRIBUTE,VALUE,ACTION\nCN=x,mail,a,EDIT\n', 'no column UPDATE /'],
    ['"ATTRIBUTE,VALUE', 'no column DISTINGUISHEDNAME or OBJECTGUID, ATTRIBUTE'],
  ])('%j names the missing columns', (text, part) => {
    expect(complaint(utf8(text))).toContain(`not a review sheet: `);
    expect(complaint(utf8(text))).toContain(part);
    expect(complaint(utf8(text))).not.toContain('\n');
  });

  test('bytes of another format', () => {
    expect(complaint(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))).toContain(
      'not a review sheet',
    );
  });

  test.each(['ï»¿D', 'п»їD', 'ÔªøD', '锘緿', '癤풡', '嚜籀'])(
    'a byte order mark that a spreadsheet took for the letters %j: the values are not to be trusted',
    (start) => {
      const text = write().replace('\uFEFFD', start);
      expect(complaint(utf8(text))).toMatch(/another encoding than UTF-8.* \/ .*UTF-8/);
      expect(complaint(utf16(`\uFEFF${text}`))).toMatch(/another encoding than UTF-8/);
    },
  );

  test('a column that stands twice', () => {
    expect(complaint(utf8('OBJECTGUID,ATTRIBUTE,VALUE,ACTION,Action\n'))).toContain(
      'ACTION stands in it twice',
    );
  });

  test('UPDATE is not needed where nothing is edited', () => {
    expect(
      complaint(utf8('DISTINGUISHEDNAME,ATTRIBUTE,VALUE,ACTION\nCN=x,mail,a,REMOVE\n')),
    ).toBeUndefined();
  });
});
