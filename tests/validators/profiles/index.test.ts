import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../../src/model/rule.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { scanText } from '../../rule-tester.js';

const DEFAULT = settingsFrom();
const DEDICATED = settingsFrom({ profile: 'dedicated' });
const DEDICATED_BY_MAIL = settingsFrom({ profile: 'dedicated', loginAttribute: 'mail' });

async function found(lines: readonly string[], attribute: string, settings: Settings) {
  const text = `dn: CN=Joe,DC=contoso,DC=com\n${lines.join('\n')}\n`;
  const { findings } = await scanText(text, settings);
  return findings
    .filter((finding) => finding.attribute === attribute)
    .map(({ rule, severity }) => `${rule} ${severity}`);
}

const USER = ['objectClass: user', 'sAMAccountName: joe', 'userPrincipalName: joe@contoso.com'];
const CONTACT = ['objectClass: contact', 'displayName: Joe'];

describe('the dedicated profile weighs a fault anew and does not tell it twice', () => {
  test.each([
    [
      'displayName',
      ['displayName: Joe ', ...USER],
      'surrounding-space info',
      'surrounding-space warning',
    ],
    ['mailNickname', ['mailNickname: jo!e', ...USER], undefined, 'forbidden-character warning'],
    [
      'mailNickname',
      ['mailNickname: jo&e', ...USER],
      'forbidden-character error',
      'forbidden-character error',
    ],
    [
      'mail',
      ['mail:: IGpvZUBjb250b3NvLmNvbQ==', ...USER],
      'forbidden-character info',
      'forbidden-character warning',
    ],
  ] as const)('%s %j', async (attribute, lines, before, after) => {
    expect(await found(lines, attribute, DEFAULT)).toEqual(before === undefined ? [] : [before]);
    expect(await found(lines, attribute, DEDICATED)).toEqual([after]);
  });

  test('mail as the sign-in name stays an error, that of a contact does not become one', async () => {
    const lines = ['mail:: IGpvZUBjb250b3NvLmNvbQ=='];
    expect(await found([...USER, ...lines], 'mail', DEDICATED_BY_MAIL)).toEqual([
      'forbidden-character error',
    ]);
    expect(await found([...CONTACT, ...lines], 'mail', DEDICATED_BY_MAIL)).toEqual([
      'forbidden-character warning',
    ]);
  });
});
