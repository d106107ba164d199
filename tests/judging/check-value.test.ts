import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createChecker } from '../../src/judging/check-value.js';
import { createClaims, type Named } from '../../src/judging/claims.js';
import { offlineEngine } from '../../src/judging/offline-engine.js';
import { createProposals } from '../../src/judging/proposals.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { Entry } from '../../src/model/entry.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import { ReviewedSheet } from '../../src/review/decisions.js';
import { createGroups } from '../../src/review/groups.js';
import { openSheetFile } from '../../src/review/sheet-file.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { type Cells, scratch, writeCells } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const settings = settingsFrom();
const dn = (name: string) => `CN=${name},DC=contoso,DC=com`;
const row = (name: string, attribute: string, value: string, cells: Cells = {}): Cells => ({
  ...{ DISTINGUISHEDNAME: dn(name), OBJECTCLASS: 'user', ATTRIBUTE: attribute, VALUE: value },
  ...{ UPDATE: '', PROPOSEDACTION: '', ACTION: '', SAFETY: '', RULES: 'x', ID: '', ...cells },
});

/** A directory in memory that a checker can ask; it finds everything, as a server without an index may. */
function directory(entries: readonly Entry[]): Target {
  const memory = memoryDirectory(entries);
  const count = async () => entries.length;
  return { ...memory, count, find: async () => entries, close: async () => {} };
}

async function start(
  rows: readonly Cells[],
  { named = [] as Named[], target = undefined as Target | undefined } = {},
) {
  writeFileSync(path('sheet.csv'), '');
  writeCells(path('sheet.csv'), rows);
  const reviewed = new ReviewedSheet(
    await openSheetFile(path('sheet.csv'), { out: async () => {} }),
  );
  const claims = createClaims(reviewed.rows, named, offlineEngine(settings));
  const { rows: marked, doubted } = reviewed;
  const proposals = createProposals(marked, doubted);
  const checker = createChecker({ settings, rows: marked, claims, proposals, target });
  const check = async (number: number, update: string) => {
    const one = reviewed.rows.get(number);
    if (!one) throw new Error(`no row ${number}`);
    const { faults, taken, reach } = await checker.check(one, update);
    const holders = taken.map((held) => `${held.dn} ${held.attribute} ${held.by} ${held.givesUp}`);
    return { rules: faults.map(({ rule }) => rule), holders, reach };
  };
  const groups = createGroups({ settings, rows: reviewed.rows, claims, target });
  return { reviewed, claims, check, groups };
}

describe('offline', () => {
  test('rules speak of the typed value, and conclude nothing from what the sheet does not have', async () => {
    const { check } = await start([row('A', 'proxyAddresses', 'smtp:a@contoso.local')]);
    expect((await check(2, 'smtp:a@contoso.com')).rules).toEqual([]);
    expect((await check(2, 'smtp:a@contoso.local')).rules).toEqual(['unroutable-domain']);
    expect((await check(2, 'smtp:a@@contoso.com')).rules).toContain('malformed-address');
    expect((await check(2, 'a@contoso.com')).rules).toEqual(['missing-prefix']);
    expect((await check(2, 'smtp:a@contoso.com')).reach).toContain('by this sheet alone');
  });

  test('other rows of the entry count as they are marked', async () => {
    const { reviewed, check } = await start([
      row('A', 'proxyAddresses', 'SMTP:a@contoso.local'),
      row('A', 'proxyAddresses', 'smtp:b@contoso.local'),
      row('B', 'proxyAddresses', 'SMTP:c@contoso.local'),
    ]);
    expect((await check(3, 'SMTP:b@contoso.com')).rules).toEqual(['several-primaries']);
    const removed = { row: 2, is: 'remove' } as const;
    await reviewed.decide({ is: 'choose', choices: [removed], insist: true });
    expect((await check(3, 'SMTP:b@contoso.com')).rules).toEqual([]);
  });

  test('a value is taken by what rows hold, propose and are to get, in every attribute of its pool', async () => {
    const { reviewed, claims, check } = await start([
      row('A', 'mail', 'a@contoso.com'),
      row('B', 'proxyAddresses', 'smtp:b@contoso.com', { UPDATE: 'smtp:new@contoso.com' }),
      row('C', 'userPrincipalName', 'c@contoso.com'),
    ]);
    expect((await check(4, 'B@contoso.com')).holders).toEqual([
      `${dn('B')} proxyAddresses stored false`,
    ]);
    expect((await check(4, 'new@contoso.com')).holders).toEqual([
      `${dn('B')} proxyAddresses update false`,
    ]);
    // One's own is not taken, in whatever attribute.
    expect((await check(2, 'a@contoso.com')).holders).toEqual([]);
    const decide = async (is: 'accept' | 'reject') => {
      await reviewed.decide({ is, rows: [3] });
      const one = reviewed.rows.get(3);
      if (one) claims.refresh([one]);
    };
    await decide('reject');
    expect((await check(4, 'new@contoso.com')).holders).toEqual([]);
    await decide('accept');
    expect((await check(4, 'b@contoso.com')).holders).toEqual([
      `${dn('B')} proxyAddresses stored true`,
    ]);
  });

  test('holders that the report of the scan names are known', async () => {
    const named = [{ dn: dn('Z'), attribute: 'mail', value: 'z@contoso.com' }];
    const { check } = await start([row('A', 'mail', 'a@contoso.com')], { named });
    expect((await check(2, 'z@contoso.com')).holders).toEqual([`${dn('Z')} mail stored false`]);
  });
});

describe('with a directory', () => {
  const user = (name: string, attributes: Record<string, readonly string[]>) =>
    createEntry(dn(name), [['objectClass', ['user']], ...Object.entries(attributes)]);

  test('the whole entry is judged, and only what was not wrong before is told', async () => {
    const entry = user('A', {
      userPrincipalName: ['a b@contoso.local'],
      mail: ['a@contoso.com'],
      proxyAddresses: ['SMTP:a@contoso.com', 'smtp:b@contoso.local'],
    });
    const rows = [row('A', 'proxyAddresses', 'smtp:b@contoso.local')];
    const { check } = await start(rows, { target: directory([entry]) });
    expect((await check(2, 'smtp:b@contoso.com')).rules).toEqual([]);
    expect((await check(2, 'SMTP:b@contoso.com')).rules).toContain('several-primaries');
  });

  test('who holds a value is told once, however it is spelled there', async () => {
    const a = user('A', { mail: ['a@contoso.com'] });
    const z = user('Z', { mail: ['Z@contoso.com'], proxyAddresses: ['SMTP:z@contoso.com'] });
    const y = user('Y', { mail: ['y@contoso.com'] });
    const { check } = await start(
      [row('A', 'mail', 'a@contoso.com'), row('Y', 'mail', 'y@contoso.com')],
      {
        target: directory([a, y, z]),
      },
    );
    expect((await check(2, 'z@contoso.com')).holders).toEqual([
      `${dn('Z')} mail stored false`,
      `${dn('Z')} proxyAddresses stored false`,
    ]);
    expect((await check(2, 'y@contoso.com')).holders).toEqual([`${dn('Y')} mail stored false`]);
    expect((await check(2, 'a@contoso.com')).holders).toEqual([]);
  });
});

describe('duplicates', () => {
  const RULES = 'duplicate-address';

  test('rows of one address are one group, across attributes; an entry by itself is none', async () => {
    const { groups } = await start([
      row('A', 'mail', 'x@contoso.com', { RULES }),
      row('B', 'proxyAddresses', 'SMTP:X@contoso.com', { RULES }),
      row('C', 'mail', 'y@contoso.com', { RULES }),
      row('C', 'proxyAddresses', 'smtp:y@contoso.com', { RULES }),
      row('D', 'mail', 'x@contoso.com'),
    ]);
    expect(groups.groupOf(2)).toBe(groups.groupOf(3));
    expect(groups.groupOf(2)).not.toBe('');
    expect([4, 5, 6].map(groups.groupOf)).toEqual(['', '', '']);
  });

  test('a loser gets the proposal of the scan, else loses a secondary address, else gets a free name', async () => {
    const { groups } = await start([
      row('A', 'mail', 'x@contoso.com', { RULES, UPDATE: 'own@contoso.com' }),
      row('B', 'proxyAddresses', 'smtp:x@contoso.com', { RULES }),
      row('C', 'mail', 'x@contoso.com', { RULES: `${RULES}, surrounding-space` }),
      row('D', 'mail', 'x2@contoso.com'),
    ]);
    const group = await groups.show(groups.groupOf(2));
    expect(
      group?.members.flatMap(({ rows }) => rows.map(({ kept, lost }) => [kept, lost])),
    ).toEqual([
      [
        { row: 2, is: 'keep' },
        { row: 2, is: 'write', update: 'own@contoso.com' },
      ],
      [
        { row: 3, is: 'keep' },
        { row: 3, is: 'remove' },
      ],
      [null, { row: 4, is: 'write', update: 'x3@contoso.com' }],
    ]);
  });
});
