import { describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../src/errors.js';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { sheetRows } from '../../src/export/sheet/rows.js';
import { type SelectionFlags, select } from '../../src/jobs/selection.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import type { SheetRow } from '../../src/model/change.js';
import type { Finding } from '../../src/model/finding.js';
import { sealed } from '../sealed.js';

function sheetRow(n: number, fields: Partial<SheetRow>): SheetRow {
  const texts = { errors: '', proposedAction: 'EDIT', severity: 'error', message: '', related: '' };
  const entry = { dn: `CN=U${n},DC=c`, commonName: `U${n}`, objectClass: 'user', guid: undefined };
  const change = { attribute: 'mail', value: `a${n}`, update: `b${n}`, action: 'EDIT' };
  const row = {
    ...texts,
    ...entry,
    ...change,
    safety: 'safe',
    rules: 'blank-value',
    id: '',
    seal: '',
    ...fields,
  };
  return sealed(row);
}

const decisions = async (rows: readonly SheetRow[]) => {
  const sheet = await textIn(Buffer.from(sheetHeader() + rows.map(sheetLine).join('')));
  return decisionsIn(sheet, { acceptForeign: false });
};

const SHEET = [
  sheetRow(1, { rules: 'blank-value, duplicate-address' }),
  sheetRow(2, { safety: 'review', rules: 'duplicate-address' }),
  sheetRow(1, { attribute: 'displayName', safety: 'review' }),
  sheetRow(3, { rules: 'of-tomorrow', action: 'EDTI' }),
  sheetRow(4, {}),
];

describe('T2: what is for other servers', () => {
  const parts = new Map([
    ['CN=U1,DC=c', 'one.com'],
    ['CN=U3,DC=c', 'three.com'],
  ]);
  const rowsOf = async (flags: SelectionFlags, rows = SHEET) => {
    const { approved, refused, later, elsewhere } = select(await decisions(rows), flags, parts);
    return [approved.map(({ row }) => row), refused.length, later, elsewhere];
  };
  const aside = (isAll: boolean, ...rows: (readonly [string, number])[]) => ({
    rows: new Map(rows),
    isAll,
  });

  test('is left out before the first entries are counted, refused rows too', async () => {
    const away = aside(false, ['one.com', 2], ['three.com', 1]);
    expect(await rowsOf({})).toEqual([[3, 6], 0, 0, away]);
    expect(await rowsOf({ limit: 1 })).toEqual([[3], 0, 1, away]);
  });

  test('is counted so far as it is asked for', async () => {
    const one = ['one.com', 1] as const;
    expect(await rowsOf({ rule: ['duplicate-address'] })).toEqual([[3], 0, 1, aside(false, one)]);
    const rest = SHEET.filter(({ dn }) => dn !== 'CN=U2,DC=c' && dn !== 'CN=U3,DC=c');
    const foreign = await rowsOf({ rule: ['duplicate-address'] }, rest);
    expect(foreign).toEqual([[], 0, 1, aside(true, one)]);
  });

  test('counts neither as edited nor as foreign', async () => {
    const typed = SHEET.map((row) => ({ ...row, update: 'typed' }));
    const strange = [
      { ...SHEET[0], id: 'x' },
      { ...SHEET[1], id: 'x' },
    ] as SheetRow[];
    expect(select(await decisions(typed), {}, parts).edited).toBe(2);
    expect(select(await decisions(strange), {}, parts).foreign).toBe(1);
    expect(select(await decisions(strange), {}).foreign).toBe(2);
  });
});

describe('which of the approved rows', () => {
  const rowsOf = async (flags: SelectionFlags) => {
    const { approved, refused, later } = select(await decisions(SHEET), flags);
    return [approved.map(({ row }) => row), refused.map(({ row }) => row), later];
  };

  test.each<[string, SelectionFlags, unknown]>([
    ['all', {}, [[2, 3, 4, 6], [5], 0]],
    ['--only safe', { only: ['safe'] }, [[2, 6], [5], 2]],
    ['--rule', { rule: ['duplicate-address'] }, [[2, 3], [], 2]],
    ['two rules', { rule: ['duplicate-address', 'of-tomorrow'] }, [[2, 3], [5], 2]],
    ['--limit counts entries, not rows', { limit: 2 }, [[2, 3, 4], [5], 1]],
    ['--limit after the others', { only: ['safe'], limit: 1 }, [[2], [5], 3]],
  ])('%s', async (_, flags, expected) => {
    expect(await rowsOf(flags)).toEqual(expected);
  });

  test.each<[string, SelectionFlags]>([
    ['an unknown rule', { rule: ['duplicate-adress'] }],
    ['no entry', { limit: 0 }],
    ['half an entry', { limit: 0.5 }],
    ['no number', { limit: Number.NaN }],
  ])('%s is refused', async (_, flags) => {
    await expect(rowsOf(flags)).rejects.toThrow(ExpectedError);
  });
});

describe('an incomplete scan', () => {
  const finding: Finding = {
    ...{ rule: 'blank-value', error: 'Blank', severity: 'error', message: 'm.' },
    ...{ attribute: 'mail', value: 'a', related: [], relatedCount: 0 },
    entry: { dn: 'CN=A,DC=c', guid: undefined, kind: 'user' },
  };
  const sheet = (complete: boolean) => [...sheetRows([finding], [], () => 'id1', complete)];

  test('marks every id of its sheet, and the sheet is known by it', async () => {
    expect(sheet(true)[0]?.id).toBe('id1');
    expect(sheet(false)[0]?.id).toBe('id1-incomplete');
    expect((await decisions(sheet(true))).incomplete).toBe(false);
    expect((await decisions(sheet(false))).incomplete).toBe(true);
  });
});
