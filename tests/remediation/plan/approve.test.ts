import { describe, expect, test } from '@jest/globals';
import type { SheetRow } from '../../../src/model/change.js';
import { approve } from '../../../src/remediation/plan/approve.js';

const ROW: SheetRow = {
  dn: 'CN=Joe,DC=contoso,DC=com',
  commonName: 'Joe',
  objectClass: 'user',
  attribute: 'mail',
  errors: 'Character',
  value: 'joe x@contoso.com',
  update: 'joex@contoso.com',
  proposedAction: 'EDIT',
  action: 'EDIT',
  severity: 'error',
  safety: 'safe',
  rules: 'forbidden-character',
  message: '',
  related: '',
  guid: '0f8fad5b-d9cb-469f-a165-70867728950e',
  id: 'abc',
  seal: '',
};
const OTHER = '11111111-d9cb-469f-a165-70867728950e';

const decide = (...rows: Partial<SheetRow>[]) =>
  approve(rows.map((row, index) => ({ row: index + 2, sheetRow: { ...ROW, ...row } })));
const numbers = (...rows: Partial<SheetRow>[]) => {
  const { approved, refused } = decide(...rows);
  return { approved: approved.map(({ row }) => row), refused: refused.map(({ row }) => row) };
};
const reasons = (...rows: Partial<SheetRow>[]) =>
  decide(...rows).refused.map(({ row, reason }) => `${row}: ${reason}`);

describe('what a row asks for', () => {
  test('EDIT puts UPDATE in the place of VALUE', () => {
    expect(decide({})).toEqual({
      approved: [
        {
          row: 2,
          id: 'abc',
          edit: {
            entry: { dn: ROW.dn, guid: ROW.guid, kind: 'user' },
            attribute: 'mail',
            before: ['joe x@contoso.com'],
            after: ['joex@contoso.com'],
          },
        },
      ],
      refused: [],
      left: 0,
    });
  });

  test('EDIT without VALUE adds UPDATE to an absent attribute', () => {
    const [edit] = decide({ value: undefined }).approved;
    expect(edit?.edit).toMatchObject({ before: [], after: ['joex@contoso.com'] });
  });

  test('REMOVE deletes VALUE, whatever UPDATE proposes', () => {
    const [edit] = decide({ action: 'REMOVE', update: ROW.value }).approved;
    expect(edit?.edit).toMatchObject({ before: ['joe x@contoso.com'], after: [] });
  });

  test('an empty text is a value and bytes are kept', () => {
    const value = new Uint8Array([255]);
    const { approved } = decide({ value: '' }, { value, action: 'REMOVE' });
    expect(approved.map(({ edit }) => edit.before)).toEqual([[''], [value]]);
  });

  test('COMPLETE, FAIL and no ACTION are left alone and counted, whatever the row holds', () => {
    const done = [{ action: 'COMPLETE' }, { action: 'FAIL' }];
    const rows = [{ action: '' }, ...done, { action: '', update: undefined }, {}];
    expect(decide(...rows)).toMatchObject({ left: 4, refused: [], approved: [{ row: 6 }] });
  });

  test('half a character is no text to write', () => {
    expect(reasons({ action: 'EDIT', update: 'a\ud83db' })).toEqual([
      expect.stringContaining('2: UPDATE has half a character'),
    ]);
  });

  test.each(['UNDO', 'EDTI', 'REMOVE!'])('the word %s is refused by name', (action) => {
    expect(decide({ action })).toMatchObject({ approved: [], left: 0 });
    expect(reasons({ action })).toEqual([
      `2: ACTION "${action}" is none of EDIT, REMOVE, COMPLETE`,
    ]);
  });

  test('a hostile word is shown short and on one line', () => {
    const [reason] = reasons({ action: `X\n${'Y'.repeat(500)}` });
    expect(reason?.length).toBeLessThan(120);
    expect(reason).not.toContain('\n');
  });

  test('EDIT that would change nothing or delete by an empty cell, REMOVE of nothing', () => {
    expect(
      reasons(
        { update: undefined },
        { update: ROW.value },
        { value: new Uint8Array([97]), update: 'a' },
        { action: 'REMOVE', value: undefined },
      ),
    ).toEqual([
      '2: UPDATE is empty: use REMOVE to delete the value',
      '3: UPDATE is the same as VALUE',
      '4: UPDATE is the same as VALUE',
      '5: VALUE is empty: there is nothing to remove',
    ]);
  });

  test('a change of case alone is a change', () => {
    expect(numbers({ value: 'SMTP:a@x', update: 'smtp:a@x' }).approved).toEqual([2]);
  });

  test.each([
    ['user', 'user'],
    ['INETORGPERSON', 'inetOrgPerson'],
    [' Group ', 'group'],
    ['contact', 'contact'],
    ['Computer', 'computer'],
    ['', 'other'],
    ['msExchDynamicDistributionList', 'other'],
  ])('OBJECTCLASS %j is the kind %s', (objectClass, kind) => {
    expect(decide({ objectClass }).approved[0]?.edit.entry.kind).toBe(kind);
  });

  test('a row without ID is called by its number', () => {
    expect(decide({ action: '' }, { id: '' }).approved[0]?.id).toBe('row-3');
  });
});

describe('rows that clash', () => {
  test('the same decision twice: the first stands, the others repeat it', () => {
    expect(numbers({}, {}, {})).toEqual({ approved: [2], refused: [3, 4] });
    expect(reasons({}, {})).toEqual(['3: repeats row 2']);
    expect(numbers({ action: 'REMOVE' }, { action: 'REMOVE' }).approved).toEqual([2]);
  });

  test('contradictory decisions on one value: none stands', () => {
    expect(numbers({}, { update: 'other@x' }, {})).toEqual({ approved: [], refused: [2, 3, 4] });
    expect(numbers({}, { action: 'REMOVE' })).toEqual({ approved: [], refused: [2, 3] });
    expect(reasons({}, { action: 'REMOVE' })).toEqual([
      '2: contradicts row 3, which decides otherwise on this value',
      '3: contradicts row 2, which decides otherwise on this value',
    ]);
  });

  test('two values for one absent attribute contradict each other', () => {
    const value = undefined;
    expect(numbers({ value }, { value, update: 'other@x' }).approved).toEqual([]);
  });

  test('a row that is left or refused clashes with nothing', () => {
    expect(numbers({ action: '' }, {}, { update: undefined }, { action: 'UNDO' })).toEqual({
      approved: [3],
      refused: [4, 5],
    });
  });

  test('the attribute is the same in any case, the value is not', () => {
    expect(numbers({}, { attribute: 'MAIL' }).approved).toEqual([2]);
    const rows = [
      { value: 'A@x', update: 'b@x' },
      { value: 'a@x', update: 'c@x' },
    ];
    expect(numbers(...rows).approved).toEqual([2, 3]);
  });

  test('an entry is the same by GUID, by DN in any case, and by DN where one row lacks the GUID', () => {
    const guid = undefined;
    expect(numbers({}, { dn: 'CN=Moved,DC=x' }).approved).toEqual([2]);
    expect(numbers({ guid }, { guid, dn: ROW.dn.toUpperCase() }).approved).toEqual([2]);
    expect(numbers({ guid, dn: ROW.dn.toUpperCase() }, {}).approved).toEqual([2]);
    expect(numbers({ guid }, { guid, dn: ROW.dn.replaceAll(',', ', ') }).approved).toEqual([2]);
    expect(numbers({}, { guid: OTHER, dn: 'CN=Ann' }).approved).toEqual([2, 3]);
  });

  test('two values of one attribute must not become the same, in any case', () => {
    const rows = [{}, { value: 'joe y@contoso.com', update: 'JOEX@contoso.com' }];
    expect(numbers(...rows)).toEqual({ approved: [2], refused: [3] });
    expect(reasons(...rows)).toEqual(['3: UPDATE is what row 2 writes to the same attribute']);
    expect(numbers({}, { attribute: 'proxyAddresses' }).approved).toEqual([2, 3]);
    const removals = [{ action: 'REMOVE' }, { action: 'REMOVE', value: 'y' }];
    expect(numbers(...removals).approved).toEqual([2, 3]);
  });

  test('a row that fell out of a contradiction does not block the value it wanted', () => {
    const rows = [{}, { action: 'REMOVE' }, { value: 'joe y@contoso.com' }];
    expect(numbers(...rows)).toEqual({ approved: [4], refused: [2, 3] });
  });

  test('refused rows come in the order of the sheet', () => {
    const rows = [{}, { action: 'EDTI' }, {}, { action: 'UNDO' }];
    expect(numbers(...rows).refused).toEqual([3, 4, 5]);
  });

  test('a hundred thousand repetitions are no burden', () => {
    const rows = Array.from({ length: 100_000 }, () => ({}));
    expect(decide(...rows).refused).toHaveLength(99_999);
  });
});
