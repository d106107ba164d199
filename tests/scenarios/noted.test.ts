import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { asIs } from '../../src/judging/marked-row.js';
import type { SheetRow } from '../../src/model/change.js';
import { rowView } from '../../src/review/row-view.js';
import { presync, readCells, scratch, writeCells } from '../presync.js';
import { sealed } from '../sealed.js';

const { path, remove } = scratch();
afterAll(remove);

const person = (name: string, more: readonly string[]) =>
  [
    ...[`dn: CN=${name},DC=contoso,DC=com`, 'objectClass: user', `cn: ${name}`],
    ...[`displayName: ${name}`, `sAMAccountName: ${name}`, ...more, ''],
  ].join('\n');

const TEXT = [
  person('Anna', ['userPrincipalName: anna@contoso.com', 'mail: anna@contoso.com']),
  person('Bert', ['userPrincipalName: bert@contoso.com', 'mail: anna@contoso.com']),
  person('Carl', ['userPrincipalName: c@contoso.com', 'mail: c@contoso.com']),
  person('Dora', ['userPrincipalName: dora@contoso.com', 'mail: dora@con_toso.com']),
].join('\n');

describe('a row that needs no decision (F20)', () => {
  test('has the proposed ACTION COMPLETE: a note, and a value that its entry keeps; what is faulty has not', async () => {
    writeFileSync(path('export.ldif'), TEXT);
    await presync(['scan', path('export.ldif'), '--csv', path('sheet.csv')]);
    const rows = readCells(path('sheet.csv')).map((row) => [
      ...[
        row['COMMONNAME'],
        row['ATTRIBUTE'],
        row['SEVERITY'],
        row['PROPOSEDACTION'],
        row['ACTION'],
      ],
    ]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['Anna', 'mail', 'error', 'COMPLETE', ''],
        ['Anna', 'userPrincipalName', 'error', 'COMPLETE', ''],
        ['Bert', 'mail', 'error', 'EDIT', ''],
        ['Carl', 'userPrincipalName', 'info', 'COMPLETE', ''],
        ['Dora', 'mail', 'warning', '', ''],
      ]),
    );
  });

  test('approved as proposed with all others, it is left alone', async () => {
    const rows = readCells(path('sheet.csv'));
    writeCells(
      path('all.csv'),
      rows.map((row) => ({ ...row, ACTION: row['PROPOSEDACTION'] ?? '' })),
    );
    const { out } = await presync(['ldif', path('all.csv'), '--out', '-']);
    expect([...out.matchAll(/^dn: (.*)$/gm)].map(([, dn]) => dn)).toEqual([
      'CN=Bert,DC=contoso,DC=com',
    ]);
  });
});

test('the page believes that nothing is to be decided where the scan said so of just this row', () => {
  const row: SheetRow = {
    ...{ dn: 'CN=Anna,DC=contoso,DC=com', commonName: 'Anna', objectClass: 'user', id: '' },
    ...{ attribute: 'mail', errors: 'Duplicate', value: 'a@contoso.com', update: undefined },
    ...{ proposedAction: 'COMPLETE', action: '', severity: 'error', safety: '', message: '' },
    ...{ rules: 'duplicate-address', related: '', guid: undefined, seal: '' },
  };
  const proposed = (sheetRow: SheetRow) => rowView(asIs({ row: 2, sheetRow }), '').proposed;
  expect(proposed(sealed(row))).toBe('COMPLETE');
  expect(
    proposed({
      ...sealed({ ...row, proposedAction: '' }),
      proposedAction: 'COMPLETE',
    }),
  ).toBe('');
});
