import { describe, expect, test } from '@jest/globals';
import { findingId, scan, settingsFrom } from '../../src/index.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import type { Entry, EntrySource } from '../../src/model/entry.js';
import type { ScanResult } from '../../src/model/scan.js';
import { onDay, type Suppression, suppress } from '../../src/scan/suppress.js';
import { memorySource } from '../generator.js';

const GUID = '03020100-0504-0706-0809-0a0b0c0d0e0f';
const MAPPED = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });

function user(name: string, dn: string, more: Readonly<Record<string, readonly string[]>>): Entry {
  const guid = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  return createEntry(dn, [
    ['objectClass', ['user']],
    ...(name === 'anna' ? [['objectGUID', [guid]] as const] : []),
    ['sAMAccountName', [name]],
    ...Object.entries({ userPrincipalName: [`${name}@contoso.com`], displayName: [name], ...more }),
  ]);
}

const scanned = (...entries: readonly Entry[]) =>
  scan([memorySource(entries)], { settings: MAPPED });
const told = ({ findings }: ScanResult) =>
  findings.map(({ entry, rule, attribute }) => `${entry.dn} ${rule} ${attribute}`);
const without = (result: ScanResult, ...valid: readonly Suppression[]) => suppress(result, valid);

describe('a suppression leaves out what fits all that it names', () => {
  const control: Suppression = { rule: 'forbidden-character', reason: 'known' };
  const people = () =>
    scanned(
      user('anna', 'CN=Anna,OU=Sales,DC=x', { displayName: ['an\u0001na'], title: ['a\u0001'] }),
      user('bert', 'CN=Bert,OU=Other,DC=x', { displayName: ['be\u0001rt'] }),
    );
  const [NAME, TITLE] = ['forbidden-character displayName', 'forbidden-character title'];
  const [ANNA, BERT] = ['CN=Anna,OU=Sales,DC=x', 'CN=Bert,OU=Other,DC=x'];

  test.each<readonly [string, Partial<Suppression>, readonly string[]]>([
    ['a rule', {}, []],
    [
      'another rule',
      { rule: 'unroutable-domain' },
      [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`, `${BERT} ${NAME}`],
    ],
    ['a DN', { entry: 'cn=anna, ou=sales,dc=X' }, [`${BERT} ${NAME}`]],
    ['an objectGUID', { entry: `{${GUID.toUpperCase()}}` }, [`${BERT} ${NAME}`]],
    ['a base', { under: 'ou=other, dc=x' }, [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`]],
    [
      'no part of a name',
      { under: 'U=Other,DC=x' },
      [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`, `${BERT} ${NAME}`],
    ],
    ['an attribute', { attribute: 'DISPLAYNAME' }, [`${ANNA} ${TITLE}`]],
    ['a value', { value: 'be\u0001rt' }, [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`]],
    [
      'another spelling',
      { value: 'Be\u0001rt' },
      [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`, `${BERT} ${NAME}`],
    ],
    [
      'all of it',
      { entry: GUID, under: 'DC=x', attribute: 'title', value: 'a\u0001' },
      [`${ANNA} ${NAME}`, `${BERT} ${NAME}`],
    ],
    [
      'what excludes itself',
      { entry: GUID, under: 'OU=Other,DC=x' },
      [`${ANNA} ${NAME}`, `${ANNA} ${TITLE}`, `${BERT} ${NAME}`],
    ],
  ])('%s', async (_name, part, left) => {
    const before = await people();
    const { result, unused } = without(before, { ...control, ...part });
    expect(told(result)).toEqual(left);
    expect(result.suppressed?.map(({ reason }) => reason)).toEqual(
      Array(before.findings.length - left.length).fill('known'),
    );
    expect(unused.length).toBe(left.length === before.findings.length ? 1 : 0);
    expect(
      result.summary.findings.warning +
        result.summary.findings.error +
        result.summary.findings.info,
    ).toBe(left.length);
    const ids = new Set(result.findings.map(findingId));
    expect(result.proposals.every(({ id }) => ids.has(id))).toBe(true);
    expect(result.proposals.length).toBe(left.length);
  });

  test('what remains of an entry with a suppressed repair is for review', async () => {
    const { result } = without(await people(), { ...control, attribute: 'title' });
    expect(result.proposals.map(({ edit, safety }) => [edit.entry.dn, safety])).toEqual([
      [ANNA, 'review'],
      [BERT, 'safe'],
    ]);
  });
});

describe('the proposal for a value of which one finding is suppressed', () => {
  const upn = ' anna@contoso.local';
  const person = (value: string) =>
    scanned(user('anna', 'CN=Anna,DC=x', { userPrincipalName: [value], mail: ['a@contoso.com'] }));

  test('goes where it repairs that too, and the message says why', async () => {
    const before = await person(upn);
    expect(before.proposals.map(({ edit }) => edit.after)).toEqual([['anna@contoso.com']]);
    const { result } = without(before, { rule: 'forbidden-character', reason: 'x' });
    expect(result.proposals).toEqual([]);
    expect(told(result).join()).toContain('unroutable-domain');
    const unroutable = result.findings.find(({ rule }) => rule === 'unroutable-domain');
    expect(unroutable?.message).toContain(
      '; no proposal, for it would also repair what forbidden-character found',
    );
  });

  test('stays where it stands without that', async () => {
    const before = await person('anna@contoso.local');
    expect(told(before).join()).toContain('differing-sign-in-name');
    const { result } = without(before, { rule: 'differing-sign-in-name', reason: 'x' });
    expect(result.proposals).toEqual(before.proposals);
    expect(told(result)).toEqual(['CN=Anna,DC=x unroutable-domain userPrincipalName']);
  });

  test('goes with its last finding, and with it the registration of its suffix', async () => {
    const partitions = { dn: 'CN=Partitions,DC=x', guid: undefined, kind: 'other' as const };
    const source: EntrySource = {
      ...memorySource([
        user('anna', 'CN=Anna,DC=x', { userPrincipalName: ['anna@contoso.local'] }),
      ]),
      suffixes: async () => ({ partitions, suffixes: [], domains: [] }),
    };
    const before = await scan([source], { settings: MAPPED });
    expect(before.registrations.map(({ after }) => after)).toEqual([['contoso.com']]);
    const other = without(before, { rule: 'differing-sign-in-name', reason: 'x' }).result;
    expect(other.registrations).toEqual(before.registrations);
    const { result } = without(before, { rule: 'unroutable-domain', reason: 'x' });
    expect([result.proposals, result.registrations]).toEqual([[], []]);
  });
});

test('a suppression holds through its last day, in UTC', () => {
  const one = { rule: 'surrounding-space', reason: 'x', expires: '2027-03-31' };
  const forever = { rule: 'surrounding-space', reason: 'x' };
  const last = onDay([one, forever], new Date('2027-03-31T23:59:59.999Z'));
  expect(last).toEqual({ valid: [one, forever], expired: [] });
  const next = onDay([one, forever], new Date('2027-04-01T00:00:00Z'));
  expect(next).toEqual({ valid: [forever], expired: [one] });
});

test('a suppression that leaves nothing out is told only where the scan could have used it', async () => {
  const result = await scanned(user('anna', 'CN=Anna,DC=x', {}));
  const idle = { rule: 'large-photo', reason: 'x' };
  const { summary } = result;
  const notRun = [{ rule: 'large-photo', attribute: 'thumbnailPhoto', reason: 'no photos' }];
  expect(without(result, idle).unused).toEqual([idle]);
  expect(without({ ...result, summary: { ...summary, complete: false } }, idle).unused).toEqual([]);
  expect(without({ ...result, summary: { ...summary, notRun } }, idle).unused).toEqual([]);
});
