import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { missingPrimary } from '../../../src/validators/rules/missing-primary.js';

const messageFor = (mail: string, options = {}) =>
  missingPrimary.check({
    entry: createEntry('CN=x', [
      ['objectClass', ['user']],
      ['mail', [mail]],
      ['proxyAddresses', [`smtp:${mail}`]],
    ]),
    attribute: 'proxyAddresses',
    limits: undefined,
    settings: settingsFrom(options),
  })[0]?.message;

test('nobody is told to make an address the primary one at which no mail arrives', () => {
  const told = 'Write "smtp:ann@contoso.com" with SMTP: in capitals.';
  expect(messageFor('ann@contoso.com')).toContain(told);
  expect(messageFor('ann@contoso.com', { verifiedDomains: ['contoso.com'] })).toContain(told);
  const dead = /no mail can arrive at "smtp:ann@[a-z.]+".* Write one that works /;
  expect(messageFor('ann@contoso.local')).toMatch(dead);
  expect(messageFor('ann@fabrikam.com', { verifiedDomains: ['contoso.com'] })).toMatch(dead);
  expect(messageFor('ann@contoso.local', { mapSuffix: ['contoso.local=contoso.com'] })).not.toMatch(
    dead,
  );
});
