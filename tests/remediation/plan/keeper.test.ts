import { describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { nameVariants } from '../../../src/mail/name-variants.js';
import type { Claim, Standing } from '../../../src/model/rule.js';
import { chooseKeeper, KEEP_ORDER } from '../../../src/remediation/plan/keeper.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { scanText } from '../../rule-tester.js';

const claim = (name: string, value: string, standing: Partial<Standing> = {}): Claim => ({
  entry: { dn: `CN=${name}`, guid: undefined, kind: 'user' },
  attribute: value.includes(':') ? 'proxyAddresses' : 'mail',
  value,
  standing: {
    mailbox: false,
    enabled: true,
    created: '',
    primary: undefined,
    mail: undefined,
    ...standing,
  },
});

describe('who keeps a shared value', () => {
  const cases: readonly (readonly [string, Claim, Claim, RegExp])[] = [
    [
      'primary beats secondary',
      claim('b', 'SMTP:x@c'),
      claim('a', 'smtp:x@c', { mailbox: true }),
      /primary/,
    ],
    ['a mailbox beats none', claim('b', 'x@c', { mailbox: true }), claim('a', 'x@c'), /mailbox/],
    ['enabled beats disabled', claim('b', 'x@c'), claim('a', 'x@c', { enabled: false }), /enabled/],
    [
      'what has no account, such as a group, is not enabled: its age tells',
      claim('b', 'x@c', { enabled: false, created: '2018' }),
      claim('a', 'x@c', { enabled: undefined, created: '2019' }),
      /first/,
    ],
    [
      'a mail that is nobody’s primary address gives way, whatever else speaks for it',
      claim('b', 'SMTP:x@c', { primary: 'x@c' }),
      claim('a', 'x@c', { primary: 'a@c', mailbox: true }),
      /primary/,
    ],
    [
      'older beats newer',
      claim('b', 'x@c', { created: '20180101000000.0Z' }),
      claim('a', 'x@c', { created: '20190101000000.0Z' }),
      /first/,
    ],
    [
      'the first name where all is equal',
      claim('a', 'x@c'),
      claim('b', 'x@c'),
      /nothing else tells/,
    ],
    [
      'an unknown age says nothing',
      claim('a', 'x@c'),
      claim('b', 'x@c', { created: '2018' }),
      /nothing/,
    ],
  ];
  test.each(cases)('%s', (_name, keeper, loser, because) => {
    for (const claims of [
      [keeper, loser],
      [loser, keeper],
    ]) {
      const chosen = chooseKeeper(claims, KEEP_ORDER);
      expect(chosen?.dn).toBe(keeper.entry.dn);
      expect(chosen?.because).toMatch(because);
    }
  });

  test('another order decides otherwise, and an unknown criterion is an expected failure', () => {
    const primary = claim('b', 'SMTP:x@c');
    const mailbox = claim('a', 'smtp:x@c', { mailbox: true });
    const { keep } = settingsFrom({ keep: 'mailbox, primary' });
    expect(chooseKeeper([primary, mailbox], keep)?.dn).toBe('CN=a');
    expect(() => settingsFrom({ keep: 'tallest' })).toThrow(ExpectedError);
  });
});

describe('what the others are proposed', () => {
  const user = (cn: string, ...lines: string[]) =>
    `dn: CN=${cn},DC=c\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;

  test('a secondary address is removed; sign-in name, mail and primary move to one free name', async () => {
    const { proposals, findings } = await scanText(
      user(
        'a',
        'userPrincipalName: x@contoso.com',
        'mail: x@contoso.com',
        'proxyAddresses: SMTP:x@contoso.com',
        'homeMDB: CN=db',
      ) +
        user(
          'b',
          'userPrincipalName: X@contoso.com',
          'mail: x@contoso.com',
          'proxyAddresses: SMTP:x@contoso.com',
        ) +
        user(
          'c',
          'userPrincipalName: cc@contoso.com',
          'mail: cc@contoso.com',
          'proxyAddresses: SMTP:cc@contoso.com',
          'proxyAddresses: smtp:x@contoso.com',
        ),
    );
    const edits = proposals.map(({ edit, safety }) => [
      edit.entry.dn,
      edit.attribute,
      edit.after,
      safety,
    ]);
    expect(edits).toEqual([
      ['CN=b,DC=c', 'mail', ['x2@contoso.com'], 'review'],
      ['CN=b,DC=c', 'proxyAddresses', ['SMTP:x2@contoso.com'], 'review'],
      ['CN=b,DC=c', 'userPrincipalName', ['x2@contoso.com'], 'review'],
      ['CN=c,DC=c', 'proxyAddresses', [], 'review'],
    ]);
    const messages = findings
      .filter(({ rule }) => rule === 'duplicate-address')
      .map(({ message }) => message);
    expect(messages[0]).toContain('; this entry keeps it, because it has a mailbox.');
    expect(messages.at(-1)).toContain('; a keeps it, because it has a mailbox.');
  });
});

test('a sign-in name may become the address that its own entry keeps, once the other gives it up', async () => {
  const user = (cn: string, ...lines: string[]) =>
    `dn: CN=${cn},DC=c\nobjectClass: user\ncn: ${cn}\nsAMAccountName: ${cn}\n${lines.join('\n')}\n\n`;
  const { proposals } = await scanText(
    user(
      'jo',
      'userPrincipalName: jo@contoso.local',
      'mail: jo@contoso.com',
      'proxyAddresses: SMTP:jo@contoso.com',
    ) +
      user(
        'kim',
        'userPrincipalName: kim@contoso.com',
        'mail: kim@contoso.com',
        'proxyAddresses: SMTP:kim@contoso.com',
        'proxyAddresses: smtp:jo@contoso.com',
      ),
    settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] }),
  );
  expect(proposals.map(({ edit, safety }) => [edit.entry.dn, edit.after, safety])).toEqual([
    ['CN=jo,DC=c', ['jo@contoso.com'], 'review'],
    ['CN=kim,DC=c', [], 'review'],
  ]);
});

test('variants keep prefix and domain, and a local part at its limit gives way by whole characters', () => {
  const first = (value: string) => nameVariants(value).next().value;
  expect(first('SMTP:anna.berg@contoso.com')).toBe('SMTP:anna.berg2@contoso.com');
  expect(first('anna.berg')).toBe('anna.berg2');
  expect(first(`${'a'.repeat(64)}@contoso.com`)).toBe(`${'a'.repeat(63)}2@contoso.com`);
  expect(first(`${'a'.repeat(62)}.b@contoso.com`)).toBe(`${'a'.repeat(62)}2@contoso.com`);
  expect([...nameVariants('x@y')]).toHaveLength(98);
});
