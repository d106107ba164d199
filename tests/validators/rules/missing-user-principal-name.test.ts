import { describe, expect, test } from '@jest/globals';
import { createEntry, withValue } from '../../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';

import { differingSignInName } from '../../../src/validators/rules/differing-sign-in-name.js';
import { missingUserPrincipalName } from '../../../src/validators/rules/missing-user-principal-name.js';
import { shortSignInName } from '../../../src/validators/rules/short-sign-in-name.js';
import { scanText } from '../../rule-tester.js';

const byMail = settingsFrom({ loginAttribute: 'mail' });
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=contoso,DC=com\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;
const of = (rule: string, { findings }: Awaited<ReturnType<typeof scanText>>) =>
  findings.filter((finding) => finding.rule === rule);

describe('an absent sign-in name', () => {
  const ID = 'missing-user-principal-name';
  const message = async (text: string) => of(ID, await scanText(text + bob))[0]?.message;
  const bob = user('bob', 'userPrincipalName: bob@contoso.com');

  test('is told with the name that Connect makes, and whether its domain is on the internet', async () => {
    expect(await message(user('ann'))).toContain('Connect makes "ann@contoso.com"');
    const local = user('ann').replace('DC=contoso,DC=com', 'OU=x,DC=Corp,DC=contoso,DC=local');
    expect(await message(local)).toMatch(/"ann@corp\.contoso\.local".*not on the internet/);
  });

  test('of which an export says nothing is not told at all', async () => {
    const result = await scanText(user('ann'));
    expect(of(ID, result)).toEqual([]);
    expect(result.summary.notRun.some(({ rule }) => rule === ID)).toBe(true);
  });

  test('is an absent mail where mail is the sign-in name, and userPrincipalName does not matter', async () => {
    const text =
      user('ann', 'proxyAddresses: SMTP:ann@contoso.com') + user('bob', 'mail: bob@contoso.com');
    const result = await scanText(text, byMail);
    const found = of(ID, result);
    expect(found.map(({ attribute, entry }) => [attribute, entry.dn])).toEqual([
      ['mail', 'CN=ann,DC=contoso,DC=com'],
    ]);
    const proposal = result.proposals.find(({ edit }) => edit.attribute === 'mail');
    expect([proposal?.edit.after, proposal?.safety]).toEqual([['ann@contoso.com'], 'review']);
    expect(result.summary.notRun.some(({ rule }) => rule === ID)).toBe(false);
  });

  test('takes the name of a primary address for review, and never more than what stands there', () => {
    const entry = createEntry('CN=x', [
      ['objectClass', ['user']],
      ['mail', [' m@contoso.com ']],
      ['proxyAddresses', ['smtp:s@contoso.com', 'X500:/o=x']],
    ]);
    const attribute = 'userPrincipalName';
    const subject = { entry, attribute, limits: undefined, settings: settingsFrom() };
    expect(missingUserPrincipalName.fix?.(undefined, subject)).toEqual({ value: 'm@contoso.com' });
  });
});

describe('a differing sign-in name', () => {
  const ID = 'differing-sign-in-name';

  test('is compared with the primary address alone where mail itself is the sign-in name', async () => {
    const text =
      user('ann', 'mail: ann@contoso.com', 'proxyAddresses: SMTP:a.b@contoso.com') +
      user('bob', 'mail: bob@contoso.com', 'userPrincipalName: other@contoso.com');
    const found = of(ID, await scanText(text, byMail));
    expect(found.map(({ attribute, value }) => [attribute, value])).toEqual([
      ['mail', 'ann@contoso.com'],
    ]);
  });

  test('is compared with the primary address that stays where there are several', () => {
    const entry = createEntry('CN=x', [
      ['objectClass', ['user']],
      ['userPrincipalName', ['b@contoso.com']],
      ['mail', ['a@contoso.com']],
      ['proxyAddresses', ['SMTP:a@contoso.com', ' SMTP:B@contoso.com']],
    ]);
    const attribute = 'userPrincipalName';
    const subject = { entry, attribute, limits: undefined, settings: settingsFrom() };
    expect(differingSignInName.check(subject)).toHaveLength(1);
    const withoutMail = withValue(entry, 'mail', 'a@contoso.com', undefined);
    expect(differingSignInName.check({ ...subject, entry: withoutMail })).toEqual([]);
  });
});

test.each([
  ['a@contoso.com', 1],
  ['ä@contoso.com', 1],
  ['\u{1f600}@contoso.com', 1],
  [' a @contoso.com', 1],
  ['ab@contoso.com', 0],
  ['@contoso.com', 0],
  ['a@b@contoso.com', 0],
  ['a', 0],
])('%j has one character before the @: %i', (value, count) => {
  const entry = createEntry('CN=x', [['userPrincipalName', [value]]]);
  const attribute = 'userPrincipalName';
  const subject = { entry, attribute, limits: undefined, settings: settingsFrom() };
  expect(shortSignInName.check(subject)).toHaveLength(count);
});
