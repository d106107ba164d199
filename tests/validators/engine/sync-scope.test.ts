import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { createEngine } from '../../../src/validators/engine/engine.js';
import { skipOf } from '../../../src/validators/engine/sync-scope.js';
import { scanText } from '../../rule-tester.js';

const CLASSES = {
  user: ['user'],
  inetOrgPerson: ['user', 'inetOrgPerson'],
  group: ['group'],
  contact: ['contact'],
  computer: ['user', 'computer'],
} as const;

function skip(kind: keyof typeof CLASSES, attributes: Record<string, string>, dn = 'CN=x,DC=c') {
  const sam = kind === 'contact' || 'sAMAccountName' in attributes ? {} : { sAMAccountName: 'x' };
  const all = Object.entries({ ...sam, ...attributes }).map(
    ([name, value]) => [name, [value]] as const,
  );
  return skipOf(createEntry(dn, [['objectClass', CLASSES[kind]], ...all]))?.reason;
}

describe('what is left out, with the exact prefixes and bits', () => {
  test.each([
    ['user', { isCriticalSystemObject: 'TRUE' }, 'critical system object'],
    ['group', { isCriticalSystemObject: 'true' }, 'critical system object'],
    ['user', { sAMAccountName: 'SUPPORT_388945a0' }, 'service account by its sAMAccountName'],
    ['user', { sAMAccountName: 'AAD_1' }, 'service account by its sAMAccountName'],
    ['inetOrgPerson', { sAMAccountName: 'msol_1' }, 'service account by its sAMAccountName'],
    ['user', { sAMAccountName: 'CAS_{1}' }, 'service account by its sAMAccountName'],
    ['user', { mailNickname: 'SystemMailbox{1}' }, 'system mailbox by its mailNickname'],
    ['user', { mailNickname: 'CAS_1}' }, 'system mailbox by its mailNickname'],
    ['user', { msExchRecipientTypeDetails: '4096' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '8192' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '16384' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '4194304' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '8388608' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '16777216' }, 'system mailbox by its recipient type'],
    ['user', { msExchRecipientTypeDetails: '536870912' }, 'system mailbox by its recipient type'],
    ['user', { adminDescription: 'User_1' }, 'written back from the cloud'],
    ['group', { adminDescription: 'Group_1' }, 'written back from the cloud'],
    ['group', { msExchRecipientTypeDetails: '1073741824' }, 'excluded by its recipient type'],
    [
      'group',
      { sAMAccountName: 'MSOL_AD_Sync_RichCoexistence' },
      'service account by its sAMAccountName',
    ],
    ['group', { groupType: '2' }, 'distribution group without mail'],
    [
      'group',
      { groupType: '8', mail: 'g@contoso.com', proxyAddresses: 'X500:/o=c' },
      'distribution group without mail',
    ],
    ['contact', {}, 'contact without mail'],
    ['contact', { mail: 'nobody' }, 'contact without mail address'],
    ['contact', { mail: 'a@b.com', mailNickname: 'cas_x}' }, 'system mailbox by its mailNickname'],
    [
      'contact',
      { mail: 'a@b.com', displayName: 'A (MSOL)', msExchHideFromAddressLists: 'TRUE' },
      'written back from the cloud',
    ],
    ['computer', {}, 'not a user, group or contact'],
  ] as const)('%s %j: %s', (kind, attributes, reason) => {
    expect(skip(kind, attributes)).toBe(reason);
  });

  test('the loser of a replication conflict, as LDAP spells its name', () => {
    expect(skip('user', {}, 'CN=Joe\\0ACNF:0084a6c5-2d9a-476d-abbf-3553cf026219,DC=c')).toBe(
      'replication conflict',
    );
  });
});

describe('what takes part', () => {
  test.each([
    ['replication conflict', 'ACNF:'],
    ['deleted object', 'ADEL:'],
  ])('whoever has in the name what a %s has behind a line break: %s', (reason, mark) => {
    // An account with an underscore is looked at closely.
    expect(skip('user', {}, `CN=_${mark}Joe,DC=c`)).toBeUndefined();
    for (const one of [mark, mark.toLowerCase()])
      expect(skip('user', {}, `CN=Joe\\0${one}0084a6c5,DC=c`)).toBe(reason);
  });

  test.each([
    ['user', {}],
    ['user', { isCriticalSystemObject: 'FALSE' }],
    ['user', { sAMAccountName: 'Guest.Speaker' }],
    ['user', { sAMAccountName: 'support_team' }],
    ['user', { sAMAccountName: 'cas_sandra' }],
    ['user', { mailNickname: 'systemmailboxes' }],
    ['user', { msExchRecipientTypeDetails: '1' }],
    ['user', { msExchRecipientTypeDetails: '2147483648' }],
    ['user', { msExchRecipientTypeDetails: '9223372036854775807'.replace(/./g, '0') }],
    ['inetOrgPerson', { adminDescription: 'User_1' }],
    ['group', { groupType: '-2147483646' }],
    ['group', {}],
    ['group', { groupType: '2', mail: 'g@contoso.com' }],
    ['group', { groupType: '2', proxyAddresses: 'smtp:g@contoso.com' }],
    ['contact', { mail: 'a@b.com' }],
    ['contact', { mail: 'x', proxyAddresses: 'SMTP:a@b.com' }],
    ['contact', { mail: 'a@b.com', displayName: 'A (MSOL)' }],
  ] as const)('%s %j', (kind, attributes) => {
    expect(skip(kind, attributes)).toBeUndefined();
  });
});

describe('unknown is not absent', () => {
  test('a directory that does not deliver what decides the scope is said not to', () => {
    const engine = createEngine([], settingsFrom());
    const reader = engine.reader(
      new Map([['isCriticalSystemObject', 'the global catalog does not hold it']]),
    );
    expect(reader.notRun('gc')).toEqual([
      {
        rule: 'scope',
        attribute: 'isCriticalSystemObject',
        reason: 'gc: isCriticalSystemObject: the global catalog does not hold it',
      },
    ]);
  });

  test('so is an export in which nobody is marked as critical: the built-in accounts are judged like others', async () => {
    const entry = (more: string) =>
      `dn: CN=a,DC=c\nobjectClass: user\ncn: a\nsAMAccountName: a\n${more}`;
    const scopes = async (text: string) =>
      (await scanText(text)).summary.notRun.filter(({ rule }) => rule === 'scope');
    const reason = expect.stringContaining(': no entry of the export carries it');
    expect(await scopes(entry(''))).toEqual([
      { rule: 'scope', attribute: 'isCriticalSystemObject', reason },
    ]);
    expect(await scopes(entry('isCriticalSystemObject: FALSE\n'))).toEqual([]);
  });

  test('an export without sAMAccountName skips nobody for the lack of it', async () => {
    const { summary, findings } = await scanText(
      'dn: CN=a,DC=c\nobjectClass: user\ncn: a\nmail: a@contoso.local\n',
    );
    expect([summary.entries, summary.skipped]).toEqual([1, {}]);
    expect(findings).toMatchObject([{ rule: 'unroutable-domain', attribute: 'mail' }]);
  });

  test('an export in which someone has it skips the one who has not, in either order', async () => {
    const has = 'dn: CN=a,DC=c\nobjectClass: user\ncn: a\nsAMAccountName: a\n\n';
    const lacks = 'dn: CN=b,DC=c\nobjectClass: user\ncn: b\n\n';
    for (const text of [has + lacks, lacks + has])
      expect((await scanText(text)).summary.skipped).toEqual({ 'user without sAMAccountName': 1 });
  });

  test('a rule that reads absence does not run where the export carries the attribute nowhere', async () => {
    const { findings, summary } = await scanText(
      'dn: CN=g,DC=c\nobjectClass: group\ncn: g\nmail: g@contoso.com\n',
    );
    expect(findings.filter(({ rule }) => rule === 'missing-display-name')).toEqual([]);
    expect(summary.notRun).toContainEqual({
      rule: 'missing-display-name',
      attribute: 'displayName',
      reason: 'fixture: displayName: no entry of the export carries it',
    });
  });
});

test.each(['jose', 'jo_se'])(
  'an account name that is no text counts as none, beside %s too',
  (nickname) => {
    const account = Buffer.from('Jos\xe9', 'latin1');
    const entry = createEntry('CN=x,DC=c', [
      ['objectClass', ['user']],
      ['sAMAccountName', [account]],
      ['mailNickname', [nickname]],
    ]);
    expect(skipOf(entry)?.reason).toBe('user without sAMAccountName');
  },
);

test('the first of several account names counts', () => {
  const entry = createEntry('CN=x,DC=c', [
    ['objectClass', ['user']],
    ['sAMAccountName', ['', 'joe']],
  ]);
  expect(skipOf(entry)?.reason).toBe('user without sAMAccountName');
});
