import { describe, expect, test } from '@jest/globals';
import type { Row } from '../../../src/review/api.js';
import { ALL, choices, decidedOf, type Filter, shownRows } from '../../../web/review/filter.js';

const row = (number: number, part: Partial<Row> = {}): Row => ({
  ...{
    row: number,
    status: 'open',
    action: '',
    update: null,
    result: '',
    dn: `CN=P${number},OU=A,DC=x`,
  },
  ...{ name: `P${number}`, ou: 'OU=A,DC=x', kind: 'user', attribute: 'mail', errors: 'Format' },
  ...{
    value: `p${number}@contoso.local`,
    proposed: '',
    severity: 'error',
    safety: '',
    rules: ['one'],
  },
  ...{ message: '', related: '', group: '', ...part },
});
const ROWS = [
  row(2, { ou: 'OU=Sub,OU=A,DC=x', safety: 'safe', rules: ['one', 'two'] }),
  row(3, { status: 'accepted', severity: 'info', ou: 'OU=BA,DC=x' }),
  row(4, { attribute: 'displayName', value: { base64: 'AA==' }, safety: 'review' }),
];
const numbers = (filter: Partial<Filter>) =>
  shownRows(ROWS, { ...ALL, ...filter }, null).map((one) => one.row);

describe('a filter', () => {
  test('shows what fits all of it', () => {
    expect(numbers({})).toEqual([2, 3, 4]);
    expect(numbers({ rule: 'two' })).toEqual([2]);
    expect(numbers({ status: 'open', attribute: 'mail' })).toEqual([2]);
    expect(numbers({ severity: 'info' })).toEqual([3]);
    expect(numbers({ safety: 'none' })).toEqual([3]);
    expect(numbers({ safety: 'review' })).toEqual([4]);
  });

  test('of a unit shows what lies below it too, and no unit that only ends alike', () => {
    expect(numbers({ ou: 'OU=A,DC=x' })).toEqual([2, 4]);
    expect(numbers({ ou: 'OU=Sub,OU=A,DC=x' })).toEqual([2]);
  });

  test('finds all words of a search, in any case and place', () => {
    expect(numbers({ search: 'P3 CONTOSO' })).toEqual([3]);
    expect(numbers({ search: 'p3 displayname' })).toEqual([]);
    expect(numbers({ search: ' ' })).toEqual([2, 3, 4]);
  });

  test('orders by a column, and leaves the rows alone', () => {
    const order = { by: 'attribute', down: false } as const;
    expect(shownRows(ROWS, ALL, order).map((one) => one.row)).toEqual([4, 2, 3]);
    expect(shownRows(ROWS, ALL, { ...order, down: true }).map((one) => one.row)).toEqual([2, 3, 4]);
  });
});

test('choices are counted, the most frequent first', () => {
  expect(choices(ROWS, ({ rules }) => rules)).toEqual([
    ['one', 3],
    ['two', 1],
  ]);
});

test('what needs no decision is shown on request only, and has a name of its own', () => {
  const rows = [
    row(2),
    row(3, { proposed: 'COMPLETE' }),
    row(4, { status: 'rejected', proposed: 'COMPLETE' }),
  ];
  const shown = (status: Filter['status']) =>
    shownRows(rows, { ...ALL, status }, null).map((one) => one.row);
  expect(shown('')).toEqual([2, 4]);
  expect(shown('noted')).toEqual([3]);
  expect(shown('open')).toEqual([2]);
  expect(rows.map(decidedOf)).toEqual(['open', 'noted', 'rejected']);
});
