import { afterEach, expect, jest, test } from '@jest/globals';
import { settingsFrom } from '../../src/settings/settings.js';
import { unroutableDomain } from '../../src/validators/rules/unroutable-domain.js';
import { scanText } from '../rule-tester.js';

afterEach(() => {
  jest.restoreAllMocks();
});

const user = (name: string) => `dn: CN=${name},DC=contoso,DC=com
objectClass: user
cn: ${name}
displayName: ${name}
sAMAccountName: ${name}
userPrincipalName: ${name}@contoso.local
mail: ${name}@contoso.local

`;

test('a fix that throws is told as a check that throws: a finding an entry, and no proposal', async () => {
  const text = `${user('anna')}${user('bruno')}`;
  const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });
  const sound = await scanText(text, settings);
  expect(sound.proposals.length).toBe(4);
  jest.spyOn(unroutableDomain, 'fix').mockImplementation(() => {
    throw new Error('no such suffix');
  });
  const { findings, proposals, summary } = await scanText(text, settings);
  expect(proposals).toEqual([]);
  const told = findings.filter(({ rule }) => rule === 'rule-failed');
  expect(told.map(({ entry, severity }) => [entry.dn, severity])).toEqual([
    ['CN=anna,DC=contoso,DC=com', 'warning'],
    ['CN=bruno,DC=contoso,DC=com', 'warning'],
  ]);
  for (const { message } of told)
    expect(message).toContain('unroutable-domain failed on this entry (no such suffix), so it');
  expect(summary.rules['rule-failed']).toMatchObject({ warning: 2 });
  expect(findings.filter(({ rule }) => rule !== 'rule-failed').length).toBe(sound.findings.length);
});
