import { describe, expect, test } from '@jest/globals';
import { asChosen, asFlag, SETTINGS } from '../../../src/commands/flags/setting-names.js';
import { presync } from '../../presync.js';

test('every setting is called by a flag that some command takes', async () => {
  const help = await Promise.all(
    ['scan', 'apply', 'review', 'undo'].map(
      async (command) => (await presync([command, '--help'])).out,
    ),
  );
  const known = new Set(help.join('\n').match(/--[a-z-]+/g));
  expect(SETTINGS.map(asFlag).filter((flag) => !known.has(flag))).toEqual([]);
});

describe('a failure blames the place where a setting was chosen', () => {
  const config = {
    bindDn: 'job@contoso.com',
    passwordFile: 'pw',
    suffixMap: { 'a.local': 'contoso.com' },
  };
  const called = (typed: Readonly<Record<string, unknown>>) =>
    asChosen(typed, { path: 'jobs/presync.config.json', config });

  test('the file for what it says, a flag for all else', () => {
    const nameOf = called({});
    expect(nameOf('bindDn')).toBe('bindDn in jobs/presync.config.json');
    expect(nameOf('password')).toBe('passwordFile in jobs/presync.config.json');
    expect(nameOf('mapSuffix')).toBe('suffixMap in jobs/presync.config.json');
    expect(nameOf('verifiedDomains')).toBe('--verified-domains');
    expect(nameOf('startTls')).toBe('--start-tls');
  });

  test('a flag for what it overrules, and with the account its password', () => {
    const nameOf = called({ 'bind-dn': ['me@contoso.com'] });
    expect([nameOf('bindDn'), nameOf('password')]).toEqual(['--bind-dn', '--password-file']);
    expect(called({ 'password-file': ['other'] })('password')).toBe('--password-file');
    expect(called({ 'password-file': ['other'] })('bindDn')).toMatch(/^bindDn in/);
  });
});
