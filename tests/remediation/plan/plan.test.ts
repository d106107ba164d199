import { describe, expect, test } from '@jest/globals';
import { settingsFrom } from '../../../src/settings/settings.js';
import { scanText } from '../../rule-tester.js';

const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=c\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;

describe('the plan as a set', () => {
  test('where another entry holds the new value, the next free name is proposed for review', async () => {
    const { proposals, findings } = await scanText(
      user('a', 'userPrincipalName: anna@contoso.local') +
        user('b', 'userPrincipalName: anna2@contoso.com', 'mail: anna@contoso.com'),
      settings,
    );
    const own = proposals.filter(({ edit }) => edit.entry.dn === 'CN=a,DC=c');
    expect(own).toMatchObject([{ safety: 'review', edit: { after: ['anna3@contoso.com'] } }]);
    expect(own[0]?.trail).toHaveLength(2);
    expect(findings[0]?.message).toContain('"anna@contoso.com" is taken by b (mail)');
  });

  test('of two entries that want one name, the better claim gets it and both are for review', async () => {
    const { proposals } = await scanText(
      user('a', 'userPrincipalName: x@contoso.local', 'userAccountControl: 514') +
        user('b', 'userPrincipalName: x@contoso.local', 'userAccountControl: 512'),
      settings,
    );
    const after = proposals.map(({ edit, safety }) => [edit.entry.dn, edit.after[0], safety]);
    expect(after.sort()).toEqual([
      ['CN=a,DC=c', 'x2@contoso.com', 'review'],
      ['CN=b,DC=c', 'x@contoso.com', 'review'],
    ]);
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

  test('where nothing good can be proposed, the message says so', async () => {
    const { findings, proposals } = await scanText(user('a', 'userPrincipalName: aa@contoso.corp'));
    expect(proposals).toEqual([]);
    expect(findings.find(({ rule }) => rule === 'unroutable-domain')?.message).toMatch(
      /; presync has no sure proposal\.$/,
    );
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
