import { describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/ldap/format/dn.js';
import type { Claim, Standing } from '../../../src/model/rule.js';
import { KEEP_ORDER } from '../../../src/remediation/plan/keeper.js';
import { plan } from '../../../src/remediation/plan/plan.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { scanText } from '../../rule-tester.js';

const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=c\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;

const NO_STANDING: Standing = {
  ...{ mailbox: false, enabled: true, created: '' },
  ...{ primary: undefined, mail: undefined },
};

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

  test('whoever keeps a contested name keeps it although the new value claims an uncontested one as well', async () => {
    const { proposals } = await scanText(
      user(
        'a',
        'userPrincipalName: xe@contoso.local',
        'mailNickname: aa',
        'userAccountControl: 514',
      ) +
        // Without an alias of its own the cloud makes one of the new name: nobody else wants that.
        user('b', 'userPrincipalName: xé@contoso.local', 'userAccountControl: 512'),
      settings,
    );
    const after = proposals.map(({ edit, safety }) => [edit.entry.dn, edit.after[0], safety]);
    expect(after.sort()).toEqual([
      ['CN=a,DC=c', 'xe2@contoso.com', 'review'],
      ['CN=b,DC=c', 'xe@contoso.com', 'review'],
    ]);
  });

  test('a value that somebody else keeps is never moved unseen, not even where the keeper stays', async () => {
    const mail = 'mail: anna@contoso.local';
    const { proposals } = await scanText(
      // Only a rename changes what names the entry.
      user('a', mail, 'homeMDB: CN=db').replace('CN=a,', 'mail=anna@contoso.local,') +
        user('b', mail, 'proxyAddresses: SMTP:anna@contoso.local'),
      settings,
    );
    const moves = proposals.map(({ edit, safety }) => [edit.entry.dn, edit.after[0], safety]);
    expect(moves).toContainEqual(['CN=b,DC=c', 'anna@contoso.com', 'review']);
    expect(moves.filter(([, , safety]) => safety === 'safe')).toEqual([]);
  });

  test('no number is put into a name of a kind that no other one can stand for', async () => {
    const { proposals, findings } = await scanText(
      user('a', 'mail: a@contoso.com', 'targetAddress: SMTP:hugo@contoso.local') +
        user('b', 'mail: b@contoso.com', 'targetAddress: SMTP:hugo@contoso.com'),
      settings,
    );
    expect(proposals.filter(({ edit }) => edit.attribute === 'targetAddress')).toEqual([]);
    expect(findings.find(({ rule }) => rule === 'unroutable-domain')?.message).toContain(
      '; no proposal, for "SMTP:hugo@contoso.com" is taken by b (targetAddress)',
    );
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

test('of the addresses of a user only a plain one becomes the sign-in name, whatever was found wrong with it', () => {
  const planned = (mail: string) => {
    const claim = (cn: string, standing: Partial<Standing>): Claim => ({
      entry: { dn: `CN=${cn},DC=c`, guid: undefined, kind: 'user' },
      ...{ attribute: 'userPrincipalName', value: 'x@contoso.com' },
      standing: { ...NO_STANDING, ...standing },
    });
    const holders = [claim('a', { mailbox: true }), claim('b', { mail })];
    const key = { pool: 'duplicate-address', key: 'x@contoso.com' };
    return plan({
      ...{ drafts: [], shared: [{ key, holders }], order: KEEP_ORDER },
      ...{ judge: { holders: () => [] }, isFaulty: () => false, personOf: identityOf },
    }).proposals.map(({ edit }) => [edit.entry.dn, edit.after]);
  };
  expect(planned('kathe@contoso.com')).toEqual([['CN=b,DC=c', ['kathe@contoso.com']]]);
  for (const mail of ['käthe@contoso.com', 'ka the@contoso.com', 'ka@the@contoso.com', 'kathe'])
    expect(planned(mail)).toEqual([['CN=b,DC=c', ['x2@contoso.com']]]);
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
