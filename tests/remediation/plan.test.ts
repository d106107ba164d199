import { describe, expect, test } from '@jest/globals';
import { settingsFrom } from '../../src/config.js';
import { scanText } from '../rule-tester.js';

const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=c\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;

describe('the plan as a set', () => {
  test('a proposal whose new value another entry holds is withdrawn, and the row says who holds it', async () => {
    const { proposals, findings } = await scanText(
      user('a', 'userPrincipalName: anna@contoso.local') +
        user('b', 'proxyAddresses: smtp:Anna@contoso.com', 'proxyAddresses: SMTP:b@contoso.com'),
      settings,
    );
    expect(proposals).toEqual([]);
    expect(findings[0]?.message).toContain(
      'No proposal: "anna@contoso.com" is already held by CN=b,DC=c',
    );
  });

  test('two entries that would end with one value both get no proposal', async () => {
    const { proposals, findings } = await scanText(
      user('a', 'mail: x@contoso.local') + user('b', 'mail: x@contoso.local'),
      settings,
    );
    expect(proposals).toEqual([]);
    const told = findings.filter(({ message }) => message.includes('more than one entry'));
    expect(new Set(told.map(({ entry }) => entry.dn)).size).toBe(2);
  });

  test('the values of one entry move together: it does not stand in its own way', async () => {
    const { proposals } = await scanText(
      user(
        'a',
        'userPrincipalName: a@contoso.local',
        'mail: a@contoso.local',
        'proxyAddresses: SMTP:a@contoso.com',
      ),
      settings,
    );
    expect(proposals.map(({ edit }) => edit.after)).toEqual([['a@contoso.com'], ['a@contoso.com']]);
  });

  test('ids are stable, and name entry, attribute and value', async () => {
    const text = user('a', 'mail: x@contoso.local') + user('b', 'mail: y@contoso.local');
    const ids = async () => (await scanText(text, settings)).proposals.map(({ id }) => id);
    expect(await ids()).toEqual(await ids());
    expect(new Set(await ids()).size).toBe(2);
  });
});

test('the findings do not depend on the order of the entries', async () => {
  const entries = [
    user('a', 'mail: x@contoso.com'),
    user('b', 'mail: X@contoso.com'),
    user('c', 'userPrincipalName: x@contoso.com', 'mail: c@contoso.local'),
  ];
  const forwards = await scanText(entries.join(''), settings);
  const backwards = await scanText(entries.toReversed().join(''), settings);
  expect(backwards).toEqual(forwards);
});
