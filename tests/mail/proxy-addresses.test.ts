import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scan } from '../../src/index.js';
import { createEntry, withValue } from '../../src/ldap/entry/entry.js';
import { proxyAddresses } from '../../src/mail/proxy-addresses.js';
import type { Proposal } from '../../src/model/change.js';
import type { Entry } from '../../src/model/entry.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { createEngine } from '../../src/validators/engine/engine.js';
import { profileFor } from '../../src/validators/profiles/index.js';
import { growth, NEARLY_SQUARE } from '../growth.js';
import { faultsOf, fixOf } from '../profile-lines.js';

const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com', '*.local=zeta.com'] });
const engine = createEngine(profileFor(settings), settings);

/** The rules whose repairs meet on the primary address of an entry. */
const MEETING = [
  'repeated-value',
  'several-primaries',
  'missing-prefix',
  'several-colons',
  'missing-primary',
];

const JUDGES_FORM = [
  ...MEETING,
  ...['reserved-suffix', 'legacy-address-type', 'malformed-typed-address', 'too-many-values'],
];

function entryOf(proxies: readonly string[], mail?: string, upn?: string): Entry {
  return createEntry('CN=Joe,DC=contoso,DC=com', [
    ['objectClass', ['user']],
    ['cn', ['Joe']],
    ['displayName', ['Joe']],
    ['sAMAccountName', ['joe']],
    ['mailNickname', ['joe']],
    ['mail', mail === undefined ? [] : [mail]],
    ['userPrincipalName', upn === undefined ? [] : [upn]],
    ['proxyAddresses', proxies],
  ]);
}

async function proposalsFor(entry: Entry): Promise<readonly Proposal[]> {
  const source = {
    name: 'test',
    undelivered: async () => new Map<string, string>(),
    async *pages() {
      yield { entries: [entry], gaps: [] };
    },
  };
  return (await scan([source], { settings })).proposals;
}

const isAddress = ({ edit }: Proposal) => edit.attribute === 'proxyAddresses';
const apply = (entry: Entry, proposals: readonly Proposal[]) =>
  proposals.reduce(
    (now, { edit }) => withValue(now, edit.attribute, edit.before[0], edit.after[0]),
    entry,
  );
const primaries = (entry: Entry) => [
  ...new Set(proxyAddresses(entry).flatMap(({ key, isPrimary }) => (isPrimary ? [key] : []))),
];
const open = (entry: Entry) =>
  engine
    .check(entry)
    .filter(({ rule }) => MEETING.includes(rule))
    .map(({ rule, value }) => `${rule} ${value}`);

const count = (entry: Entry, rule: string) =>
  open(entry).filter((one) => one.startsWith(`${rule} `)).length;

async function repaired(proxies: readonly string[], mail?: string, upn?: string) {
  const entry = entryOf(proxies, mail, upn);
  return apply(entry, await proposalsFor(entry))
    .values('proxyAddresses')
    .toSorted();
}

describe('all repairs of one entry together', () => {
  test.each([
    [
      'an untyped mail address and a second primary',
      ['joe@contoso.com', 'SMTP:a@contoso.com', 'SMTP:b@contoso.com'],
      ['SMTP:a@contoso.com', 'smtp:b@contoso.com', 'smtp:joe@contoso.com'],
    ],
    [
      'no primary, and mail in an untyped, a doubled and a typed spelling',
      ['joe@contoso.com', 'smtp:smtp:joe@contoso.com', 'smtp:joe@contoso.com'],
      ['SMTP:joe@contoso.com'],
    ],
    [
      'the primary address in a spelling to repair',
      [' SMTP:joe@contoso.com', 'smtp:joe@contoso.com', 'SMTP:x@contoso.com'],
      // Its repaired form goes by the name of the value that is removed: a matter for the next scan.
      [' SMTP:joe@contoso.com', 'smtp:x@contoso.com'],
    ],
    [
      'a second primary in a spelling to repair, beside a good one',
      ['SMTP:joe@contoso.com', ' SMTP:x@contoso.com', 'smtp:x@contoso.com'],
      ['SMTP:joe@contoso.com', 'smtp:x@contoso.com'],
    ],
    [
      'two primaries of which the one that stays moves to another domain',
      ['SMTP:ab@contoso.local', 'SMTP:ab@fabrikam.local', 'SMTP:ab@contoso.net'],
      ['SMTP:ab@contoso.com', 'smtp:ab@contoso.net', 'smtp:ab@zeta.com'],
    ],
    [
      'two primaries that move to one address',
      ['SMTP:ab@contoso.local', 'SMTP:áb@contoso.com'],
      // Neither gives up its rank before the address is there.
      ['SMTP:ab@contoso.com', 'SMTP:ab@contoso.local'],
    ],
    [
      'a primary address without an @ beside a good one',
      ['SMTP:ab', 'SMTP:xy@contoso.com'],
      // What it stands for, only a person knows: it is left alone altogether.
      ['SMTP:ab', 'SMTP:xy@contoso.com'],
    ],
  ])('%s', async (_case, proxies, expected) => {
    expect(await repaired(proxies, 'joe@contoso.com', 'joe@contoso.com')).toEqual(expected);
  });

  test('the address equal to mail stays primary, else the sign-in name, whatever the order', async () => {
    const values = ['SMTP:a@contoso.com', 'SMTP:m@contoso.com', 'SMTP:u@contoso.com'];
    for (const proxies of [values, values.toReversed()]) {
      const kept = async (mail?: string, upn?: string) =>
        (await repaired(proxies, mail, upn)).filter((value) => String(value).startsWith('SMTP:'));
      expect(await kept('M@contoso.com', 'u@contoso.com')).toEqual(['SMTP:m@contoso.com']);
      expect(await kept('other@contoso.com', 'u@contoso.com')).toEqual(['SMTP:u@contoso.com']);
      expect(await kept()).toEqual(['SMTP:a@contoso.com']);
    }
  });

  const local = fc.constantFrom('ab', 'ab', 'cd', 'José', 'o neil', 'x..y', '(z)w', '');
  const domain = fc.constantFrom('contoso.com', 'contoso.local', 'b.local', 'bücher.com', 'a.net');
  const address = fc.tuple(local, domain).map(([name, host]) => `${name}@${host}`);
  const prefix = fc.constantFrom(
    ...['', 'SMTP:', 'SMTP:', 'SMTP:', 'smtp:', 'Smtp:', ' SMTP:', ' smtp:', ':', 'X500:'],
    ...['SMTP:smtp:', 'smtp:SMTP:', 'SMTP: '],
  );
  const proxies = fc.uniqueArray(
    fc.tuple(prefix, address).map((parts) => parts.join('')),
    { maxLength: 5, selector: (value) => value.toLowerCase() },
  );

  test('never take the primary address from an entry that has one, nor give it two', async () => {
    await fc.assert(
      fc.asyncProperty(proxies, fc.option(address), fc.option(address), async (...drawn) => {
        const [values, mail, upn] = drawn;
        const entry = entryOf(values, mail ?? undefined, upn ?? undefined);
        const all = await proposalsFor(entry);
        const before = primaries(entry).length;
        // Each alone, all of the attribute, and those of other attributes as well.
        for (const chosen of [all.filter(isAddress), all]) {
          const after = primaries(apply(entry, chosen)).length;
          if (before > 0) expect(after).toBeGreaterThan(0);
          expect(after).toBeLessThanOrEqual(Math.max(before, 1));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('settle what they claim, and bring nothing new of their own', async () => {
    await fc.assert(
      fc.asyncProperty(proxies, fc.option(address), fc.option(address), async (...drawn) => {
        const [values, mail, upn] = drawn;
        const entry = entryOf(values, mail ?? undefined, upn ?? undefined);
        const chosen = (await proposalsFor(entry)).filter(isAddress);
        const then = apply(entry, chosen);
        for (const { findings, edit } of chosen)
          for (const rule of findings) expect(open(then)).not.toContain(`${rule} ${edit.after[0]}`);
        for (const rule of MEETING)
          expect(count(then, rule)).toBeLessThanOrEqual(count(entry, rule));
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['types', (n: number) => 'smtp:'.repeat(n / 5)],
  ['blanks', (n: number) => `smtp:${' '.repeat(n)}x`],
  ['colons', (n: number) => ':'.repeat(n)],
  ['parts of X.400', (n: number) => `X400:${'a=;'.repeat(n / 3)}b`],
  ['at signs', (n: number) => `sip:${'a@'.repeat(n / 2)}`],
  ['other letters', (n: number) => `SMTP:${'é'.repeat(n / 2)}@${'ü'.repeat(n / 2)}.com`],
])('a hostile value of a million characters costs no square: %s', async (_, hostile) => {
  const own = profileFor(settings).filter(
    ({ meta, attribute }) => JUDGES_FORM.includes(meta.id) && attribute === 'proxyAddresses',
  );
  const judged = (size: number) => {
    const value = hostile(size);
    const entry = entryOf([value, `${value} `], 'joe@contoso.com');
    for (const line of own)
      for (const fault of faultsOf(line, entry, settings))
        if (typeof fault.value === 'string') fixOf(line, fault.value, entry, settings);
  };
  expect(await growth(50_000, judged)).toBeLessThan(NEARLY_SQUARE);
});
