import { expect, test } from '@jest/globals';
import { nameVariants } from '../../../src/mail/name-variants.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';
import { scanText } from '../../rule-tester.js';

/** A user of the domain by its common name; `lines` are lines of LDIF. */
const user = (cn: string, ...lines: string[]) =>
  `dn: CN=${cn},DC=corp,DC=local\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;

/** What is proposed: `cn attribute: before => after`, in report order. */
async function proposed(entries: readonly string[], settings = settingsFrom()) {
  const { proposals } = await scanText(entries.join(''), settings);
  return proposals.map(({ edit: { entry, attribute, before, after } }) => {
    const [, cn] = /^CN=([^,]*)/.exec(entry.dn) ?? [];
    return `${cn} ${attribute}: ${before} => ${after}`;
  });
}

const owner = (name: string, more = '') =>
  user(
    `own-${name}`,
    `userPrincipalName: ${name}@contoso.com\nmail: ${name}@contoso.com\nproxyAddresses: SMTP:${name}@contoso.com${more}`,
  );

test('an inferred suffix and what was proposed without it leave one primary address', async () => {
  const eve = user(
    'eve',
    'userPrincipalName: eve@corp.local',
    'proxyAddresses: SMTP:eve@contoso.com',
    'proxyAddresses: SMTP:al.e@corp.local',
  );
  const found = await proposed([owner('cc'), eve]);
  expect(found).toContain('eve userPrincipalName: eve@corp.local => eve@contoso.com');
  expect(found.filter((line) => line.includes('=> smtp:'))).toHaveLength(1);
});

test('the next free name is none that the attribute holds already', async () => {
  const second = user(
    'b',
    'mail: joe@contoso.com',
    'proxyAddresses: SMTP:joe@contoso.com',
    'proxyAddresses: smtp:joe2@contoso.com',
  );
  const found = await proposed([owner('joe', '\nhomeMDB: CN=db'), second]);
  expect(found.filter((line) => line.endsWith('SMTP:joe2@contoso.com'))).toEqual([]);
});

test('a mail without effect becomes the primary address as it will be', async () => {
  const stray = (cn: string, primary: string) =>
    user(cn, `userPrincipalName: ${cn}@contoso.com`, 'mail: joe@contoso.com', primary);
  const found = await proposed([
    owner('joe'),
    stray('dot', 'proxyAddresses: SMTP:d..d@contoso.com'),
    stray('old', 'proxyAddresses: SMTP:old@corp.local'),
  ]);
  expect(found).toContain('dot mail: joe@contoso.com => d.d@contoso.com');
  expect(found).toContain('old mail: joe@contoso.com => old@contoso.com');
});

test('a mail without effect gives way to a secondary address, but not where mail is the sign-in name', async () => {
  const entries = [
    user('a', 'mail: info@contoso.com', 'proxyAddresses: SMTP:jd@contoso.com', 'homeMDB: CN=db'),
    user(
      'b',
      'mail: b@contoso.com',
      'proxyAddresses: SMTP:b@contoso.com\nproxyAddresses: smtp:info@contoso.com',
    ),
  ];
  expect(await proposed(entries)).toEqual(['a mail: info@contoso.com => jd@contoso.com']);
  expect(await proposed(entries, settingsFrom({ loginAttribute: 'mail' }))).toEqual([
    'b proxyAddresses: smtp:info@contoso.com => ',
  ]);
});

test('of rivals for a name a sign-in name beats a secondary address, whatever else its entry wants', async () => {
  const pairs = [0, 1, 2, 3, 4, 5].flatMap((n) => [
    user(
      `a${n}`,
      `userPrincipalName: jo e${n}@contoso.com`,
      `mail: jo  e${n}@contoso.com`,
      `proxyAddresses: SMTP:other${n}@contoso.com`,
    ),
    owner(`zz${n}`, `\nproxyAddresses: smtp:j oe${n}@contoso.com`),
  ]);
  const found = await proposed(pairs, settingsFrom({ signInName: 'keep' }));
  for (const n of [0, 1, 2, 3, 4, 5])
    expect(found).toContain(`a${n} userPrincipalName: jo e${n}@contoso.com => joe${n}@contoso.com`);
});

test('who gets which number does not depend on the order of the entries', async () => {
  const entries = ['joe', 'joe', 'joe_', 'joe_'].map((name, at) =>
    user(`u${at}`, `userPrincipalName: ${name}@contoso.com`),
  );
  expect(await proposed(entries.toReversed())).toEqual(await proposed(entries));
});

test('a number makes no address of what is none, and a long name costs no square', async () => {
  const name = 'm'.repeat(20_000);
  expect(await proposed([user('a', `mail: ${name}`), user('b', `mail: ${name}`)])).toEqual([]);
  expect([...nameVariants(`${'x'.repeat(63)}😀@contoso.com`)][0]).toBe(
    `${'x'.repeat(63)}2@contoso.com`,
  );
});

test('six hundred values that become equal in pairs: one of each pair is written, the other goes, in no time', async () => {
  const planned = async (count: number) => {
    const numbers = Array.from({ length: count }, (_, n) => n);
    const pairs = numbers.flatMap((n) => [`smtp:x,${n}@contoso.com`, `smtp:x ${n}@contoso.com`]);
    const lines = pairs.map((value) => `proxyAddresses: ${value}`);
    const found = await proposed([owner('a', `\n${lines.join('\n')}`)]);
    const written = found.filter((line) => !line.endsWith(' => '));
    expect(new Set(written.map((line) => line.split(' => ')[1])).size).toBe(count);
    expect([written.length, found.length]).toEqual([count, 2 * count]);
  };
  // One after the other they took the better part of a minute, and grew with the cube.
  expect(await growth(15, planned)).toBeLessThan(NEARLY_SQUARE);
});
