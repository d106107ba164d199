import { describe, expect, test } from '@jest/globals';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { judgeEdits } from '../../src/jobs/judge-edits.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { SheetRow } from '../../src/model/change.js';
import type { Entry } from '../../src/model/entry.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { sealed } from '../sealed.js';

const settings = settingsFrom();
const dn = (name: string) => `CN=${name},DC=contoso,DC=com`;

/** A row as the scan wrote it and a person accepted it, then changed by hand. */
const row = (
  name: string,
  attribute: string,
  value: string,
  update: string,
  by: Partial<SheetRow> = {},
) => ({
  ...sealed({
    ...{ dn: dn(name), commonName: name, objectClass: 'user', guid: undefined, errors: 'Format' },
    ...{ attribute, value, update, proposedAction: 'EDIT', action: 'EDIT', severity: 'error' },
    ...{ safety: 'safe', rules: 'malformed-address', message: '', related: '', id: '', seal: '' },
  }),
  ...by,
});

const person = (name: string) =>
  createEntry(dn(name), [
    ['objectClass', ['user']],
    ['mail', [`${name}@@contoso.com`]],
    ['userPrincipalName', [`${name}@contoso.com`]],
  ]);

function directory(entries: readonly Entry[]): Target {
  const memory = memoryDirectory(entries);
  return { ...memory, count: async () => 1, find: async () => entries, close: async () => {} };
}

async function judge(
  rows: readonly SheetRow[],
  { target = undefined as Target | undefined, insists = false } = {},
) {
  const sheet = await textIn(Buffer.from(sheetHeader() + rows.map(sheetLine).join('')));
  const decisions = await decisionsIn(sheet, { acceptForeign: false });
  const judgement = { settings, sheet, rows: decisions.rows, insists: () => insists };
  const { approved, refused } = await judgeEdits(decisions.approved, judgement, target);
  return {
    approved: approved.map((one) => one.row),
    refused: [...decisions.refused, ...refused],
    edited: decisions.edited.length,
  };
}

describe('T3, T4 an UPDATE that is not the proposal', () => {
  const fine = row('a', 'mail', 'a@@contoso.com', 'a@contoso.com');

  test('what the scan proposed is not judged again', async () => {
    const odd = row('b', 'mail', 'b@@contoso.com', 'not an address');
    expect(await judge([fine, odd])).toEqual({ approved: [2, 3], refused: [], edited: 0 });
  });

  test.each<[string, string, RegExp]>([
    ['mail', 'not an address', /not what the scan proposed.*address/],
    ['mail', 'SMTP:a@contoso.com', /not what the scan proposed/],
    ['userPrincipalName', 'somebody', /not what the scan proposed/],
    ['mail', 'a@contoso.com\u0007', /control character/],
    ['mail', '#N/A', /^UPDATE is an error of the spreadsheet, #N\/A/],
    ['mail', '#NAME?', /an error of the spreadsheet/],
    ['mail', '#REF!', /an error of the spreadsheet/],
    ['mail', '#WERT!', /an error of the spreadsheet/],
    ['mail', '#¿NOMBRE?', /an error of the spreadsheet/],
    ['mail', '#ДЕЛ/0!', /an error of the spreadsheet/],
    ['mail', 'Err:508', /an error of the spreadsheet/],
    ['mail', '########', /an error of the spreadsheet/],
  ])('%s: %j is refused', async (attribute, update, reason) => {
    const typed = row('a', attribute, 'a@@contoso.com', 'a@contoso.com');
    // As a spreadsheet saves it: without the guards that presync puts before such a value.
    const line = sheetLine(typed).replace('a@contoso.com', update);
    const sheet = await textIn(Buffer.from(sheetHeader() + line));
    const decisions = await decisionsIn(sheet, { acceptForeign: false });
    const judgement = { settings, sheet, rows: decisions.rows, insists: () => false };
    const judged = await judgeEdits(decisions.approved, judgement, undefined);
    expect(judged.approved).toEqual([]);
    expect([...decisions.refused, ...judged.refused]).toEqual([
      { row: 2, reason: expect.stringMatching(reason) },
    ]);
  });

  test('one value filled down over three people is refused for each of them', async () => {
    const filled = ['a', 'b', 'c'].map((name) =>
      row(name, 'userPrincipalName', `${name}@x@y`, `${name}@contoso.com`, {
        update: 'one@contoso.com',
      }),
    );
    const { approved, refused } = await judge(filled);
    expect(approved).toEqual([]);
    expect(refused.map(({ reason }) => reason)).toEqual(
      Array(3).fill(expect.stringContaining('"one@contoso.com" is proposed for CN=')),
    );
  });

  test('the value of another entry of the directory is refused, its own is not', async () => {
    const target = directory([person('a'), person('b')]);
    const taken = row('a', 'mail', 'a@@contoso.com', 'a@contoso.com', { update: 'b@contoso.com' });
    expect((await judge([taken], { target })).refused).toEqual([
      { row: 2, reason: expect.stringContaining('is held by CN=b,DC=contoso,DC=com') },
    ]);
    const own = { ...taken, update: 'new.a@contoso.com' };
    expect(await judge([own], { target })).toEqual({ approved: [2], refused: [], edited: 1 });
  });

  test('a value that an accepted row of this run gives up is free, one of a row left alone is not', async () => {
    const gives = row('b', 'mail', 'b@contoso.com', 'b2@contoso.com');
    const takes = row('a', 'mail', 'a@@contoso.com', 'a@contoso.com', { update: 'b@contoso.com' });
    expect((await judge([gives, takes])).approved).toEqual([2, 3]);
    expect((await judge([{ ...gives, action: '' }, takes])).approved).toEqual([]);
  });

  describe('that the scan proposed for another row', () => {
    const a = row('a', 'displayName', ' Ann', 'Ann');
    const b = row('b', 'displayName', ' Bob', 'Bob');
    const reason = (name: string, row: number) =>
      `UPDATE is not what the scan proposed, and cannot be: "${name}" is what the scan proposed for ${dn(name === 'Ann' ? 'a' : 'b')} (displayName) in row ${row}: if UPDATE was sorted or shifted by itself, put it back.`;

    test('is refused, though it is valid and free, and the row is named', async () => {
      const swapped = [
        { ...a, update: 'Bob' },
        { ...b, update: 'Ann' },
      ];
      expect(await judge(swapped)).toEqual({
        approved: [],
        refused: [
          { row: 2, reason: reason('Bob', 3) },
          { row: 3, reason: reason('Ann', 2) },
        ],
        edited: 2,
      });
      expect((await judge(swapped, { insists: true })).approved).toEqual([2, 3]);
      expect((await judge([{ ...a, update: 'Robert' }, b])).approved).toEqual([2, 3]);
    });

    test('also where that row is not decided on, or is refused for what its cells hold', async () => {
      const taken = { ...a, update: 'Bob' };
      const left = { ...b, action: '', update: undefined };
      expect((await judge([taken, left])).refused).toEqual([{ row: 2, reason: reason('Bob', 3) }]);
      const cut = { ...b, update: 'x'.repeat(40_000) };
      expect((await judge([taken, cut])).refused).toEqual([
        { row: 3, reason: expect.stringContaining('Excel cuts a cell') },
        { row: 2, reason: reason('Bob', 3) },
      ]);
    });

    test('is taken where both rows have one proposal, or are of one entry and both keep it', async () => {
      const german = ['c', 'd'].map((name) => row(name, 'displayName', ' Team', 'Team'));
      expect(await judge(german)).toEqual({ approved: [2, 3], refused: [], edited: 0 });
      const mail = row('a', 'mail', 'a@@contoso.com', 'a@contoso.com');
      const name = row('a', 'userPrincipalName', 'a b@contoso.com', 'ab@contoso.com');
      const alike = { ...name, update: 'a@contoso.com' };
      expect((await judge([mail, alike])).approved).toEqual([2, 3]);
      const moved = await judge([{ ...mail, update: 'ab@contoso.com' }, alike]);
      expect(moved.refused.map(({ row }) => row)).toEqual([2, 3]);
    });
  });

  test('who insists gets it, and it counts as edited', async () => {
    const typed = { ...fine, update: 'not an address' };
    expect(await judge([typed], { insists: true })).toEqual({
      ...{ approved: [2], refused: [], edited: 1 },
    });
  });
});

describe('T5 a row that no scan wrote', () => {
  test.each(['member', 'userAccountControl', 'servicePrincipalName', 'objectSid', 'rfc822Mailbox'])(
    '%s is refused whatever the cells say',
    async (attribute) => {
      const { approved, refused } = await judge([row('a', attribute, 'x', 'y')], { insists: true });
      expect(approved).toEqual([]);
      expect(refused).toEqual([
        { row: 2, reason: `no rule repairs ${attribute}, and presync writes nothing else` },
      ]);
    },
  );

  test('of an attribute that rules repair it is refused by its ID', async () => {
    const one = row('a', 'mail', 'a@@contoso.com', 'a@contoso.com');
    const forged = [
      { ...one, id: '' },
      { ...one, value: 'b@@contoso.com' },
      { ...one, dn: dn('b') },
      { ...one, attribute: 'userPrincipalName' },
    ];
    const { approved, refused } = await judge(forged);
    expect(approved).toEqual([]);
    expect(refused.map(({ reason }) => reason)).toEqual([
      'ID is empty: nothing proves that a scan wrote this row',
      ...Array(3).fill(
        'ID is not that of this entry, attribute and VALUE: a column was sorted or shifted by itself',
      ),
    ]);
  });
});
