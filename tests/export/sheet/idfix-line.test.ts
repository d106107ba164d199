import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COLUMNS } from '../../../src/export/sheet/cells.js';
import { idfixCells } from '../../../src/export/sheet/idfix-line.js';

const NINE = COLUMNS.slice(0, 9).map(([column]) => column);

/** IdFix puts quotation marks around what has a comma in it, and doubles none. */
const cell = (text: string) => (text.includes(',') ? `"${text}"` : text);
const line = (cells: readonly string[]) => cells.map(cell).join(',');
const DN = 'CN=joe,DC=contoso,DC=com';
const row = (value: string, update: string, dn = DN) => [
  ...[dn, 'joe', 'user', 'displayName', 'Character', value, update, 'EDIT', 'EDIT'],
];

describe('T26: a line of IdFix with bare quotation marks', () => {
  test.each([
    ['5" disk', '5 disk'],
    ['"joe x"@contoso.com', 'joex@contoso.com'],
    ['"', 'x'],
    ['"open', 'open'],
    ['open"', 'open'],
    ['Smith, "Joe"', 'Smith, Joe'],
    ['"Joe", Smith', 'Joe, Smith'],
    ['Smith, 5" tall, and 3" wide', 'Smith'],
    ['a', 'the "new" a'],
  ])('is read: %s, %s', (value, update) => {
    expect(idfixCells(`${line(row(value, update))}\r\n`, NINE)).toEqual(row(value, update));
    const named = row(value, update, 'CN=Joe "x" Smith,OU=a,DC=contoso,DC=com');
    expect(idfixCells(line(named), NINE)).toEqual(named);
  });

  test.each([
    ['cells that could end elsewhere', '"a', ',b'],
    ['a cell that another program may have quoted', '"joe"', 'joe"'],
    ['quotation marks that another program may have doubled', 'Smith, ""Joe"" x"', 'x'],
  ])('is given up where it could mean something else: %s', (_, value, update) => {
    const text = line(row(value, update));
    expect(idfixCells(text, NINE)).toBeUndefined();
  });

  test('is given up where IdFix cannot have written it', () => {
    const raw = (value: string) => line(row('HERE', 'x')).replace('HERE', value);
    for (const value of ['"open, to the end', 'a, b"', '5" x,'])
      expect(idfixCells(raw(value), NINE)).toBeUndefined();
    expect(idfixCells(raw('a"'), NINE)).toBeDefined();
    expect(idfixCells(raw('"').repeat(20), NINE)).toBeUndefined();
  });

  test('is only looked for in a sheet of IdFix', () => {
    const text = line(row('5" disk', '5 disk'));
    expect(idfixCells(text, NINE.slice(1))).toBeUndefined();
    expect(idfixCells(`${text},x`, [...NINE, 'ID'])).toBeUndefined();
    expect(idfixCells(`${text},x`, [...NINE, 'SEAL'])).toBeUndefined();
    expect(idfixCells(`${text},`, [...NINE, 'RESULT'])).toEqual([...row('5" disk', '5 disk'), '']);
  });

  test('whatever the values are, it is what IdFix meant, or nothing', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', ' ', 'a', 'b'), maxLength: 8 });
    let read = 0;
    fc.assert(
      fc.property(text, text, text, (value, update, cn) => {
        const meant = row(value, update, `CN=${cn},DC=com`);
        const cells = idfixCells(line(meant), NINE);
        if (cells) {
          read += 1;
          expect(cells).toEqual(meant);
        }
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
