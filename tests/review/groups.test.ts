import { describe, expect, test } from '@jest/globals';
import { createClaims } from '../../src/judging/claims.js';
import { asIs } from '../../src/judging/marked-row.js';
import { offlineEngine } from '../../src/judging/offline-engine.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { SheetRow } from '../../src/model/change.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import { createGroups } from '../../src/review/groups.js';
import { rowView } from '../../src/review/row-view.js';
import { settingsFrom } from '../../src/settings/settings.js';

const settings = settingsFrom();
const dnOf = (name: string) => `CN=${name},OU=People,DC=contoso,DC=com`;

/** A row of the sheet about the value of a person. */
function row(
  name: string,
  attribute: string,
  value: string,
  cells: Partial<SheetRow> = {},
): SheetRow {
  return {
    ...{ dn: dnOf(name), guid: undefined, commonName: name, objectClass: 'user', attribute, value },
    ...{
      update: undefined,
      proposedAction: '',
      action: '',
      errors: 'Duplicate',
      severity: 'error',
    },
    ...{ safety: '', rules: 'duplicate-address', message: '', related: '', id: '', seal: '' },
    ...cells,
  };
}

function groupsOf(sheet: readonly SheetRow[], target?: Target) {
  const rows = new Map(sheet.map((sheetRow, at) => [at + 2, asIs({ row: at + 2, sheetRow })]));
  const claims = createClaims(rows, [], offlineEngine(settings));
  const groups = createGroups({ settings, rows, claims, target });
  const names = [...rows.keys()].map((number) => groups.groupOf(number));
  const show = async () => groups.show(names.find((name) => name !== '') ?? '');
  /** What becomes of each row where another entry keeps the value. */
  const lost = async () =>
    (await show())?.members.flatMap(({ rows: own }) => own.map((one) => one.lost));
  return { groups, names, show, lost };
}

describe('the duplicates of a sheet', () => {
  test('are the rows whose values are one to the cloud, of two entries at least', () => {
    const { names } = groupsOf([
      row('a', 'mail', 'X@contoso.com'),
      row('b', 'proxyAddresses', 'smtp:x@contoso.com'),
      // Told of for another reason, and another value.
      row('c', 'mail', 'x@contoso.com', { rules: 'surrounding-space' }),
      row('d', 'mail', 'y@contoso.com'),
      // Twice in one entry is no choice between two.
      row('e', 'mail', 'z@contoso.com'),
      row('e', 'proxyAddresses', 'SMTP:z@contoso.com'),
      // The same letters in another pool.
      row('f', 'mailNickname', 'x@contoso.com', { rules: 'duplicate-mail-nickname' }),
      // Shared in a pool to which the value does not belong: nobody knows what is meant.
      row('g', 'mail', 'v@contoso.com', { rules: 'duplicate-account-name' }),
      row('h', 'mail', 'v@contoso.com', { rules: 'duplicate-account-name' }),
    ]);
    const [shared] = names;
    expect(shared).not.toBe('');
    expect(names).toEqual([shared, shared, '', '', '', '', '', '', '']);
  });

  test('are shown by entry; whoever keeps the value keeps each row of it that says nothing else', async () => {
    const { show, groups } = groupsOf([
      row('a', 'mail', 'x@contoso.com'),
      row('a', 'userPrincipalName', 'x@contoso.com'),
      row('b', 'mail', 'x@contoso.com', { rules: 'duplicate-address, surrounding-space' }),
    ]);
    const group = await show();
    expect(group?.value).toBe('x@contoso.com');
    expect(group?.reach).toMatch(/^Free names by this sheet alone\. /);
    expect(
      group?.members.map(({ dn, name, kind, facts, rows }) => ({
        ...{ dn, name, kind, facts },
        kept: rows.map(({ kept }) => kept),
      })),
    ).toEqual([
      {
        ...{ dn: dnOf('a'), name: 'a', kind: 'user', facts: [] },
        kept: [
          { row: 2, is: 'keep' },
          { row: 3, is: 'keep' },
        ],
      },
      { dn: dnOf('b'), name: 'b', kind: 'user', facts: [], kept: [null] },
    ]);
    expect(await groups.show('no such group')).toBeUndefined();
  });

  const other = row('z', 'mail', 'x@contoso.com');

  test('who gives the value up does what the scan proposed, unless that is the value still', async () => {
    const proposed = { update: 'free@contoso.com', proposedAction: 'EDIT' };
    const { lost } = groupsOf([
      row('a', 'mail', 'x@contoso.com', proposed),
      row('b', 'proxyAddresses', 'SMTP:x@contoso.com', { proposedAction: ' remove ' }),
      // Only another spelling is proposed, for it keeps the value in the scan.
      row('c', 'mail', 'x@contoso.com', { update: 'X@contoso.com', proposedAction: 'EDIT' }),
      other,
    ]);
    expect(await lost()).toEqual([
      { row: 2, is: 'write', update: 'free@contoso.com' },
      { row: 3, is: 'remove' },
      // free@ is spoken for, x2@ is the next free name, for all that have no proposal alike.
      { row: 4, is: 'write', update: 'x2@contoso.com' },
      { row: 5, is: 'write', update: 'x2@contoso.com' },
    ]);
  });

  test('a secondary address goes; where no number may stand behind a name, or a rename is due, only a person can say', async () => {
    const { lost } = groupsOf([row('a', 'proxyAddresses', 'smtp:x@contoso.com'), other]);
    expect(await lost()).toContainEqual({ row: 2, is: 'remove' });
    // What names the entry is changed by a rename only.
    const named = row('a', 'mail', 'x@contoso.com', { dn: 'mail=x@contoso.com,DC=contoso,DC=com' });
    expect(await groupsOf([named, other]).lost()).toEqual([
      null,
      { row: 3, is: 'write', update: 'x2@contoso.com' },
    ]);
    const sip = groupsOf(
      ['a', 'b'].map((name) =>
        row(name, 'msRTCSIP-PrimaryUserAddress', 'sip:x@contoso.com', {
          rules: 'duplicate-sip-address',
        }),
      ),
    );
    expect(await sip.lost()).toEqual([null, null]);
  });

  test('a name that the sheet or the directory knows is not free', async () => {
    const sheet = [
      row('a', 'mail', 'x@contoso.com'),
      other,
      row('c', 'mail', 'x2@contoso.com', { rules: 'surrounding-space' }),
    ];
    const [first] = (await groupsOf(sheet).lost()) ?? [];
    expect(first).toEqual({ row: 2, is: 'write', update: 'x3@contoso.com' });
    const held = createEntry(dnOf('d'), [
      ['objectClass', ['user']],
      ['mail', ['x3@contoso.com']],
    ]);
    const memory = memoryDirectory([
      held,
      createEntry(dnOf('a'), [
        ['objectClass', ['user']],
        ['displayName', ['Anna']],
        ['userAccountControl', ['514']],
        ['whenCreated', ['20180203040506.0Z']],
        ['mail', ['x@contoso.com']],
      ]),
    ]);
    const asked: string[] = [];
    const target: Target = {
      ...memory,
      count: async () => 2,
      close: async () => {},
      find: async (filter) => {
        asked.push(filter);
        return filter.includes('x3@contoso.com') ? [held] : [];
      },
    };
    const group = await groupsOf(sheet, target).show();
    expect(group?.members[0]?.rows[0]?.lost).toEqual({
      row: 2,
      is: 'write',
      update: 'x4@contoso.com',
    });
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(group?.members.map(({ facts }) => facts)).toEqual([
      [
        { name: 'Display name', value: 'Anna' },
        { name: 'Mailbox', value: 'none seen' },
        { name: 'Account', value: 'disabled' },
        { name: 'Created', value: '2018-02-03' },
      ],
      [{ name: 'Entry', value: 'not there any more' }],
    ]);
    expect(group?.reach).toMatch(/^Facts and free names by /);
  });
});

describe('a row as the page shows it', () => {
  const view = (cells: Partial<SheetRow>) =>
    rowView(asIs({ row: 2, sheetRow: row('a', 'mail', 'x@contoso.com', cells) }), 'g');

  test('has its name, its unit and its rules', () => {
    expect(view({ rules: 'duplicate-address; value-too-long' })).toMatchObject({
      ...{ row: 2, name: 'a', ou: 'OU=People,DC=contoso,DC=com', kind: 'user', group: 'g' },
      ...{ rules: ['duplicate-address', 'value-too-long'], value: 'x@contoso.com', status: 'open' },
    });
    expect([view({ commonName: '' }).name, view({ commonName: '', dn: 'x' }).name]).toEqual([
      'a',
      'x',
    ]);
  });

  test('is safe only where the scan itself said so', () => {
    const claimed = { safety: 'Safe', update: 'y@contoso.com', proposedAction: 'EDIT' };
    expect(view(claimed).safety).toBe('review');
    expect(view({ ...claimed, safety: 'review' }).safety).toBe('review');
  });
});
