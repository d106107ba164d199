import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { textIn } from '../../../src/export/sheet/read-lines.js';
import { readSheet } from '../../../src/export/sheet/read-sheet.js';
import { type RowResult, resultSheet } from '../../../src/export/sheet/result-sheet.js';

const HEADER = 'OBJECTGUID;DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;Action;OWNER';
const guid = '00000000-0000-0000-0000-00000000000';
const SHEET = [
  HEADER,
  `${guid}1;CN=A;mail;'=a;"b ""q""";edit;me`,
  '',
  `${guid}2;CN=B;mail;c;d;EDIT;you`,
  `${guid}3;CN=C;mail;e;f;EDIT`,
  `${guid}4;CN=D;mail;g;h;EDIT;a;b`,
].join('\n');

const cells = (text: string) =>
  parse(text, { bom: true, relax_column_count: true, columns: false }) as unknown as string[][];
/** The pieces of a sheet with its results, as they are written. */
async function pieces(bytes: Uint8Array, results: ReadonlyMap<number, RowResult>) {
  const { text, encode } = resultSheet(await textIn(bytes), results);
  const pieces: Uint8Array[] = [];
  for await (const piece of text()) pieces.push(encode(piece));
  return Buffer.concat(pieces);
}
const written = async (sheet: string, results: ReadonlyMap<number, RowResult>) =>
  (await pieces(Buffer.from(sheet), results)).toString();

describe('the sheet with its results', () => {
  let text = '';
  beforeAll(async () => {
    text = await written(
      SHEET,
      new Map([
        [2, { action: 'COMPLETE', words: '' }],
        [4, { action: 'FAIL', words: '=insufficientAccessRights (50)\n"no"' }],
        [6, { action: 'FAIL', words: 'refused: the line is broken' }],
      ]),
    );
  });

  test('ACTION and RESULT are filled in, everything else stays as it was', () => {
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(cells(text)).toEqual([
      [...HEADER.split(';'), 'RESULT'],
      [`${guid}1`, 'CN=A', 'mail', "'=a", 'b "q"', 'COMPLETE', 'me', ''],
      Array(8).fill(''),
      [
        ...[`${guid}2`, 'CN=B', 'mail', 'c', 'd', 'FAIL', 'you'],
        '{escaped}=insufficientAccessRights (50)\\u000A"no"',
      ],
      [`${guid}3`, 'CN=C', 'mail', 'e', 'f', 'EDIT', '', ''],
      [`${guid}4`, 'CN=D', 'mail', 'g', 'h', 'FAIL', 'a', 'refused: the line is broken', 'b'],
    ]);
  });

  test('a line that cannot be read is kept as it was written', async () => {
    const sheet = `OBJECTGUID,ATTRIBUTE,VALUE,ACTION\n${guid}1,mail,"a,EDIT\n`;
    const again = await written(sheet, new Map([[2, { action: 'FAIL', words: 'refused' }]]));
    expect(cells(again)[1]).toEqual([`${guid}1,mail,"a,EDIT`, '', '', 'FAIL', 'refused']);
  });

  test('it is a sheet again: what is left to do is still to be done', () => {
    const { rows } = readSheet(Buffer.from(text));
    const actions = rows.map(({ sheetRow }) => [sheetRow.guid?.at(-1), sheetRow.action]);
    expect(actions).toContainEqual(['1', 'COMPLETE']);
    expect(actions).toContainEqual(['3', 'EDIT']);
  });

  test('a cell over several lines stays one cell', async () => {
    const note = 'a\nb\rc;d';
    const sheet = `OBJECTGUID,ATTRIBUTE,VALUE,ACTION,NOTE\n${guid}1,mail,a,REMOVE,"${note}"\n`;
    const again = await written(sheet, new Map([[2, { action: 'COMPLETE', words: '' }]]));
    expect(cells(again)[1]).toEqual([`${guid}1`, 'mail', 'a', 'COMPLETE', note, '']);
    expect(readSheet(Buffer.from(again)).rows).toHaveLength(1);
  });

  test('results on results replace what is new and keep what is not', async () => {
    const again = await written(text, new Map([[5, { action: 'COMPLETE', words: 'replaced' }]]));
    const [header, , , two, three] = cells(again);
    expect(header?.filter((name) => name === 'RESULT')).toHaveLength(1);
    expect(two?.at(-1)).toContain('insufficientAccessRights');
    expect(three?.slice(-3)).toEqual(['COMPLETE', '', 'replaced']);
  });

  test('T14: what was guessed of an encoding is not told as UTF-8', async () => {
    const sheet = `${HEADER}\n${guid}1;CN=A;displayName;T\xf3th;Gy\xf5r;EDIT;\n`;
    const results = new Map([[2, { action: 'FAIL', words: 'refusé: Łódź' } as const]]);
    const bytes = await pieces(Buffer.from(sheet, 'latin1'), results);
    expect(bytes.toString('latin1')).toBe(
      `${[...HEADER.split(';'), 'RESULT'].join(',')}\r\n` +
        `${guid}1,CN=A,displayName,T\xf3th,Gy\xf5r,FAIL,,"{escaped}refus\\u00E9: \\u0141\\u00F3d\\u017A"\r\n`,
    );
    const again = Buffer.from(bytes.toString('latin1').replace('FAIL', 'EDIT'), 'latin1');
    expect(readSheet(again).refused).toEqual([
      { row: 2, reason: expect.stringContaining('save it as CSV UTF-8') },
    ]);
  });
});
