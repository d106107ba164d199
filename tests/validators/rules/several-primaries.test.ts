import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { severalPrimaries } from '../../../src/validators/rules/several-primaries.js';

const settings = settingsFrom({ mapSuffix: ['a.local=contoso.com', 'b.local=contoso.com'] });

/** What becomes of each primary address of a user. */
const repairs = (...values: readonly string[]) => {
  const entry = createEntry('CN=x', [
    ['objectClass', ['user']],
    ['proxyAddresses', values],
  ]);
  const subject = { entry, attribute: 'proxyAddresses', limits: undefined, settings };
  return values.map((value) => severalPrimaries.fix?.(value, subject)?.value);
};

test('of primary addresses that a mapping makes one, none gives up its rank: halfway each would rank after the other', () => {
  expect(repairs('SMTP:ab@a.local', 'SMTP:ab@b.local')).toEqual([undefined, undefined]);
  expect(repairs('SMTP:ab@b.local', 'SMTP:ab@a.local')).toEqual([undefined, undefined]);
  expect(repairs('SMTP:áb@contoso.com', 'SMTP:(a)b@contoso.com')).toEqual([undefined, undefined]);
});

test('one that is that address already, or another one, is told from the primary that stays', () => {
  expect(repairs('SMTP:ab@contoso.com', 'SMTP:ab@b.local')[1]).toBe('smtp:ab@b.local');
  expect(repairs('SMTP:ab@a.local', 'SMTP:cd@a.local')[1]).toBe('smtp:cd@a.local');
});
