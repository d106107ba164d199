import { describe, expect, test } from '@jest/globals';
import { type Choices, settingsFrom } from '../../../src/settings/settings.js';
import { scanText } from '../../rule-tester.js';

/** A user of the domain by its common name; `lines` are lines of LDIF. */
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=contoso,DC=com\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\nmailNickname: ${cn}\ndisplayName: ${cn}\n${lines.join('\n')}\n\n`;

/** What is proposed: `cn attribute: after safety`, in report order. */
async function proposed(entries: readonly string[], choices: Choices = {}) {
  const { proposals } = await scanText(entries.join(''), settingsFrom(choices));
  return proposals.map(({ edit: { entry, attribute, after }, safety }) => {
    const [, cn] = /^CN=([^,]*)/.exec(entry.dn) ?? [];
    return `${cn} ${attribute}: ${after} ${safety}`;
  });
}

const upn = (value: string) => `userPrincipalName:: ${Buffer.from(value).toString('base64')}`;
const mail = (value: string) => `mail: ${value}`;
const proxy = (value: string) => `proxyAddresses: ${value}`;

/** The whole company moves from one public domain to another. */
const MOVE: Choices = { verifiedDomains: ['new.com'], mapSuffix: ['old.com=new.com'] };

describe('F24 the move to another domain', () => {
  const old = 'anna.berg@old.com';

  test('sign-in name, mail and primary address move together, and stay equal', async () => {
    expect(await proposed([user('a', upn(old), mail(old), proxy(`SMTP:${old}`))], MOVE)).toEqual([
      'a mail: anna.berg@new.com safe',
      'a proxyAddresses: SMTP:anna.berg@new.com safe',
      'a userPrincipalName: anna.berg@new.com safe',
    ]);
  });

  test('without proxyAddresses as well, and with aliases', async () => {
    expect(await proposed([user('a', upn(old), mail(old))], MOVE)).toEqual([
      'a mail: anna.berg@new.com safe',
      'a userPrincipalName: anna.berg@new.com safe',
    ]);
    const aliases = [proxy(`SMTP:${old}`), proxy('smtp:aberg@old.com')];
    expect(await proposed([user('a', upn(old), mail(old), ...aliases)], MOVE)).toHaveLength(4);
  });

  test('an entry that moved in part already moves the rest', async () => {
    const moved = 'anna.berg@new.com';
    expect(
      await proposed([user('a', upn(old), mail(moved), proxy(`SMTP:${moved}`))], MOVE),
    ).toEqual(['a userPrincipalName: anna.berg@new.com safe']);
  });
});

describe('F25 a shared sign-in name in a move', () => {
  const anna = (name: string) =>
    user(
      name,
      upn('anna.berg@old.com'),
      mail('anna.berg@old.com'),
      proxy('SMTP:anna.berg@old.com'),
    );
  const jan = (name: string) => user(name, upn('anna.berg@old.com'), mail('jan.vos@old.com'));

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])(
    'who receives with it too keeps it unnumbered, the other takes its own (%s, %s)',
    async (keeps, gives) => {
      expect((await proposed([anna(keeps), jan(gives)], MOVE)).toSorted()).toEqual(
        [
          `${keeps} mail: anna.berg@new.com review`,
          `${keeps} proxyAddresses: SMTP:anna.berg@new.com review`,
          `${keeps} userPrincipalName: anna.berg@new.com review`,
          `${gives} mail: jan.vos@new.com safe`,
          `${gives} userPrincipalName: jan.vos@new.com review`,
        ].toSorted(),
      );
    },
  );
});

describe('F26 a sign-in name that is somebody else’s', () => {
  const anna = user('a', upn('anna@c.com'), mail('anna@c.com'), proxy('SMTP:anna@c.com'));

  test('the own address comes before any number', async () => {
    const jan = user('b', upn('anna@c.com'), mail('jan@c.com'), proxy('SMTP:jan@c.com'));
    expect(await proposed([anna, jan])).toEqual(['b userPrincipalName: jan@c.com review']);
  });

  test('a number where there is no own one, or it is taken', async () => {
    expect(await proposed([anna, user('b', upn('anna@c.com'))])).toEqual([
      'b userPrincipalName: anna2@c.com review',
    ]);
  });
});

describe('F3 who keeps an address', () => {
  test('a user before a group before a contact, whatever their names', async () => {
    const contact = `dn: CN=a,DC=contoso,DC=com\nobjectClass: contact\ncn: a\nmailNickname: a\ntargetAddress: SMTP:x@out.org\n${mail('joe@c.com')}\n\n`;
    const joe = user('z', upn('joe@c.com'), mail('joe@c.com'), proxy('SMTP:joe@c.com'));
    const found = await proposed([contact, joe]);
    expect(found.filter((line) => line.startsWith('z'))).toEqual([]);
    expect(found.map((line) => line.split(':')[0])).toEqual(['a mail']);
  });
});

describe('F16, F17 a sign-in name whose local part is faulty', () => {
  const bruno = (name: string, own = 'bruno.meyer@c.com') =>
    user('b', upn(name), mail(own), proxy(`SMTP:${own}`));

  test.each<[string, string, Choices, string]>([
    ['becomes the own mail', 'bruno meyer@c.com', {}, 'bruno.meyer@c.com review'],
    [
      'at a mapped suffix too',
      'bruno meyer@c.local',
      { mapSuffix: ['c.local=c.com'] },
      'bruno.meyer@c.com review',
    ],
    [
      'a sound one keeps itself at the mapped suffix',
      'bmeyer@c.local',
      { mapSuffix: ['c.local=c.com'] },
      'bmeyer@c.com safe',
    ],
    ['the mail comes before an inferred suffix', 'bmeyer@c.local', {}, 'bruno.meyer@c.com review'],
    [
      'not if names are to be kept',
      'bruno meyer@c.com',
      { signInName: 'keep' },
      'brunomeyer@c.com review',
    ],
    ['blanks at its ends make no other name', ' bmeyer@c.com', {}, 'bmeyer@c.com safe'],
    ['everybody, if so chosen', 'bmeyer@c.com', { signInName: 'mail' }, 'bruno.meyer@c.com review'],
    ['the account prefix goes', 'CORP\\bruno@c.com', { signInName: 'keep' }, 'bruno@c.com review'],
  ])('%s', async (_, name, choices, expected) => {
    const found = await proposed([bruno(name)], choices);
    expect(found.filter((line) => line.includes('userPrincipalName'))).toEqual([
      `b userPrincipalName: ${expected}`,
    ]);
  });

  test('of two sign-in names nobody can say which the mail would stand for', async () => {
    const names = [upn('bruno meyer@c.com'), upn('bruno.meyer@d.com')];
    const found = await proposed([user('b', ...names, mail('bruno.meyer@c.com'))]);
    expect(found.filter((line) => line.startsWith('b userPrincipalName'))).toEqual([
      'b userPrincipalName: brunomeyer@c.com review',
    ]);
  });

  test('a mail that another entry keeps is not proposed', async () => {
    const other = user('a', upn('bruno.meyer@c.com'), mail('bruno.meyer@c.com'));
    const found = await proposed([
      user('b', upn('bruno meyer@c.com'), mail('bruno.meyer@c.com')),
      other,
    ]);
    expect(found).not.toContain('b userPrincipalName: bruno.meyer@c.com review');
  });
});

test('F18 the primary address is mended before its alias, which goes where it would be the same', async () => {
  const entry = user(
    'w',
    upn('anna.wolff@c.com'),
    proxy('SMTP:anna..wolff@c.com'),
    proxy('smtp:anna.wolff@c.local'),
  );
  expect((await proposed([entry], { mapSuffix: ['c.local=c.com'] })).toSorted()).toEqual([
    'w proxyAddresses:  review',
    'w proxyAddresses: SMTP:anna.wolff@c.com safe',
  ]);
});

test('F28 one faulty name in three attributes is mended alike', async () => {
  const name = 'anna(berg)@c.com';
  const found = await proposed([user('a', upn(name), mail(name), proxy(`SMTP:${name}`))]);
  expect(found.map((line) => line.replace('SMTP:', '').split(': ')[1])).toEqual(
    Array(3).fill('annaberg@c.com review'),
  );
});

test('F27 edits of one sheet do not swap two addresses of an entry', async () => {
  const anna = user('a', upn('anna@c.com'), mail('anna@c.com'), proxy('SMTP:anna@c.com'));
  const jan = user(
    'b',
    upn('jan@c.com'),
    mail('anna@c.com'),
    proxy('SMTP:jan@c.com'),
    'targetAddress: SMTP:jan@c.com',
  );
  for (const profile of ['default', 'dedicated'] as const) {
    const found = await proposed([anna, jan], { profile });
    const gives = found.filter((line) => line.includes('anna@c.com'));
    expect(gives).toEqual([]);
  }
});
