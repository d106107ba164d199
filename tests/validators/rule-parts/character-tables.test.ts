import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import type { Severity } from '../../../src/model/finding.js';
import type { EntryRule } from '../../../src/model/rule.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { isBlank, listCharacters, trimUnseen, UNSEEN } from '../../../src/text/characters.js';
import {
  besideSignInName,
  hasGoodSignInName,
} from '../../../src/validators/profiles/beside-sign-in-name.js';
import {
  ACCOUNT_CHARACTERS,
  ALIAS_CHARACTERS,
  type CharacterTable,
  MAIL_CHARACTERS,
  NAME_CHARACTERS,
  PROXY_CHARACTERS,
  SIGN_IN_CHARACTERS,
  TARGET_CHARACTERS,
} from '../../../src/validators/rule-parts/character-tables.js';
import { ADDRESS_LENGTHS, SIGN_IN_LENGTHS } from '../../../src/validators/rule-parts/lengths.js';
import { shorten } from '../../../src/validators/rule-parts/shorten.js';
import { forbiddenCharacter } from '../../../src/validators/rules/forbidden-character.js';
import { valueTooLong } from '../../../src/validators/rules/value-too-long.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';

const PRINTED = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
const BLANKS = [...' \t\n\v\f\r\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u3000'];
const HIDDEN = [...'\0\u0007\u007f\u00ad\u061c\u200b\u200e\u200f\u202a\u202e\u2060\u2066\ufeff'];

function shown<Limits>(
  rule: EntryRule<Limits>,
  attribute: string,
  value: string,
  limits: Limits,
  objectClass = 'user',
) {
  const entry = createEntry('CN=x', [
    ['objectClass', [objectClass]],
    [attribute, [value]],
  ]);
  const subject = { entry, attribute, limits, settings: settingsFrom() };
  return { faults: rule.check(subject), fix: rule.fix?.(value, subject) };
}

const judge = (table: CharacterTable, attribute: string, value: string, kind?: string) =>
  shown(forbiddenCharacter, attribute, value, table, kind);

interface Case {
  readonly attribute: string;
  readonly table: CharacterTable;
  readonly kind: string;
  /** The value with a character in a place where it is judged. */
  readonly value: (character: string) => string;
  readonly expected: Readonly<Partial<Record<Severity, string>>>;
  readonly blanks: Severity | undefined;
}

const CASES: readonly Case[] = [
  {
    attribute: 'userPrincipalName',
    table: SIGN_IN_CHARACTERS,
    kind: 'user',
    value: (c) => `jo${c}e@contoso.com`,
    expected: { error: '\\%&*+/=?{}|<>();:,[]"$`' },
    blanks: 'error',
  },
  {
    attribute: 'mail',
    table: MAIL_CHARACTERS,
    kind: 'contact',
    value: (c) => `jo${c}e@contoso.com`,
    expected: { warning: '`()|=?/%' },
    blanks: 'warning',
  },
  {
    attribute: 'proxyAddresses',
    table: PROXY_CHARACTERS,
    kind: 'group',
    value: (c) => `smtp:jo${c}e@contoso.com`,
    expected: { error: '<>();,[]"', warning: '`|=?/%' },
    blanks: 'error',
  },
  {
    attribute: 'targetAddress',
    table: TARGET_CHARACTERS,
    kind: 'contact',
    value: (c) => `SMTP:jo${c}e@contoso.com`,
    expected: { error: '\\<>();,[]"' },
    blanks: 'error',
  },
  {
    attribute: 'mailNickname',
    table: ALIAS_CHARACTERS,
    kind: 'user',
    value: (c) => `jo${c}e`,
    expected: { error: '&', warning: '"(),:;<>@[\\]' },
    blanks: 'warning',
  },
  {
    attribute: 'mailNickname',
    table: ALIAS_CHARACTERS,
    kind: 'group',
    value: (c) => `jo${c}e`,
    expected: { error: '&', warning: '"(),:;<>@[\\]' },
    blanks: 'warning',
  },
  {
    attribute: 'sAMAccountName',
    table: ACCOUNT_CHARACTERS,
    kind: 'user',
    value: (c) => `jo${c}e`,
    expected: { error: '[]\\"|,/:<>+=;?*' },
    blanks: undefined,
  },
  {
    attribute: 'displayName',
    table: NAME_CHARACTERS,
    kind: 'contact',
    value: (c) => `Jo${c}e`,
    expected: {},
    blanks: undefined,
  },
];

describe.each(CASES)('characters in $attribute of a $kind', (one) => {
  const { attribute, table, kind, value, expected, blanks } = one;
  const severityOf = (character: string) =>
    judge(table, attribute, value(character), kind).faults[0]?.severity;

  test.each(PRINTED)('%s', (character) => {
    const [severity] = Object.entries(expected).find(([, list]) => list.includes(character)) ?? [];
    const { faults, fix } = judge(table, attribute, value(character), kind);
    expect(faults.map((fault) => fault.severity)).toEqual(severity ? [severity] : []);
    if (severity) expect(faults[0]?.message).toContain(character);
    // What stands before a backslash in a sign-in name is the domain of the account.
    const isAccount = character === '\\' && attribute === 'userPrincipalName';
    const rest = isAccount ? 'e@contoso.com' : value('');
    if (severity && character !== '@') expect(fix).toEqual({ value: rest, safety: 'review' });
  });

  test('blanks and what nobody sees', () => {
    for (const hidden of HIDDEN)
      expect([hidden, severityOf(hidden)]).toEqual([
        hidden,
        expect.stringMatching(/error|warning/),
      ]);
    if (blanks) expect(BLANKS.map(severityOf)).toEqual(BLANKS.map(() => blanks));
    else expect(severityOf(' ')).toBeUndefined();
  });
});

describe('forbidden-character', () => {
  const upn = (value: string) => judge(SIGN_IN_CHARACTERS, 'userPrincipalName', value);

  test('names each character once, and what cannot be seen by name or number', () => {
    const { faults } = upn('a b c\u00a0d\u2003e++@contoso.com');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain(' holds a space, a no-break space, U+2003 and +. ');
  });

  test('is safe at the ends only', () => {
    expect(upn('\ufeff joe@contoso.com\u00a0').fix).toEqual({
      value: 'joe@contoso.com',
      safety: 'safe',
    });
    expect(upn(' jo e@contoso.com').fix).toEqual({ value: 'joe@contoso.com', safety: 'review' });
    expect(upn('jo\u200be@contoso.com').fix).toEqual({
      value: 'joe@contoso.com',
      safety: 'review',
    });
  });

  test('weighs less where Connect trims it, which it does with blanks only', () => {
    const severityOf = (value: string) => judge(MAIL_CHARACTERS, 'mail', value).faults[0]?.severity;
    expect(severityOf(' joe@contoso.com\u00a0')).toBe('info');
    for (const value of ['joe@contoso.com\u200b', '\ufeffjoe@contoso.com', ' jo e@contoso.com'])
      expect(severityOf(value)).toBe('warning');
    const proxy = judge(PROXY_CHARACTERS, 'proxyAddresses', 'smtp:joe@contoso.com ');
    expect(proxy.faults[0]?.severity).toBe('warning');
  });

  test('never changes a domain, and never leaves nothing', () => {
    expect(upn('joe@con toso.com').fix).toBeUndefined();
    expect(upn('jo e@contoso,com').fix).toBeUndefined();
    expect(upn('?*@contoso.com').fix).toBeUndefined();
    expect(judge(PROXY_CHARACTERS, 'proxyAddresses', 'smtp:()@contoso.com').fix).toBeUndefined();
    expect(upn('joe@contoso.com ').fix?.value).toBe('joe@contoso.com');
  });

  test('judges only the ends of other address types', () => {
    const proxy = (value: string) => judge(PROXY_CHARACTERS, 'proxyAddresses', value);
    const { faults, fix } = proxy(' X500:/o=a (b) /cn=c\u00a0');
    expect(faults.map(({ severity }) => severity)).toEqual(['warning']);
    expect(faults[0]?.message).toContain(' begins or ends with a space and a no-break space. ');
    expect(fix).toEqual({ value: 'X500:/o=a (b) /cn=c' });
    expect(proxy('sip:joe@contoso.com\u200b').faults[0]?.severity).toBe('error');
  });

  test('looks for characters that the cloud replaces before the @ only', () => {
    const mail = (value: string) => judge(MAIL_CHARACTERS, 'mail', value);
    expect(mail('joe@con/toso.com').faults).toEqual([]);
    expect(mail('jo/e@contoso.com').faults[0]?.message).toContain('arrives in the cloud with _');
  });

  test('leaves other address types and blank values to other rules', () => {
    for (const value of ['X500:/o=a (b)/cn=c', 'sip:a b@contoso.com', 'smtp: ', ' ', ''])
      expect(judge(PROXY_CHARACTERS, 'proxyAddresses', value).faults).toEqual([]);
    expect(judge(PROXY_CHARACTERS, 'proxyAddresses', ' smtp:a@contoso.com').faults).toHaveLength(1);
  });

  test('turns a line break in a name into a space, and leaves joiners alone', () => {
    const name = (value: string) => judge(NAME_CHARACTERS, 'sn', value);
    expect(name('Ford\r\n\tFox').fix).toEqual({ value: 'Ford Fox', safety: 'safe' });
    expect(name('می\u200cخواهم 👩\u200d👧').faults).toEqual([]);
  });

  test('writes an alias in plain letters where Exchange does not take them', () => {
    expect(judge(ALIAS_CHARACTERS, 'mailNickname', 'łukaſz.ž').fix?.value).toBe('lukasz.z');
    expect(judge(ALIAS_CHARACTERS, 'mailNickname', 'josé').faults).toEqual([]);
    expect(judge(ALIAS_CHARACTERS, 'mailNickname', '山田').fix).toBeUndefined();
  });

  test('takes any text, and repairs for good: nothing that it reports is left', () => {
    const cases = fc.constantFrom(...CASES);
    const unit = fc.constantFrom(
      ...PRINTED,
      ...BLANKS,
      ...HIDDEN,
      'a',
      'é',
      'ł',
      '\u0301',
      '山',
      '👩',
    );
    const text = fc.string({ unit, maxLength: 20 });
    fc.assert(
      fc.property(cases, text, ({ attribute, table, kind, value }, characters) => {
        const { fix } = judge(table, attribute, value(characters), kind);
        if (fix?.value === undefined) return;
        expect(judge(table, attribute, fix.value, kind).faults).toEqual([]);
      }),
    );
  });

  test.each([' ', 'a ', '\u200b@'])('takes megabytes of %j in linear time', async (unit) => {
    const judged = (count: number) => upn(`${unit.repeat(count)}x@contoso.com`);
    expect(await growth(15_000, judged)).toBeLessThan(NEARLY_SQUARE);
  });
});

describe('what nobody sees', () => {
  test('trimUnseen takes all of it from the ends, and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ...BLANKS, ...HIDDEN) }), (text) => {
        const trimmed = trimUnseen(text);
        expect(text).toContain(trimmed);
        expect(UNSEEN.test(trimmed.charAt(0)) || UNSEEN.test(trimmed.slice(-1))).toBe(false);
        expect(isBlank(text)).toBe(trimmed === '');
      }),
    );
  });

  test('a list of characters names none twice, and is cut when it is hostile', () => {
    expect(listCharacters(['a', 'b', 'a'])).toBe('a and b');
    expect(listCharacters(['"'])).toBe('a quotation mark (")');
    const many = Array.from({ length: 500 }, (_, at) => String.fromCodePoint(0x4e00 + at));
    expect(listCharacters(many)).toMatch(/ and 494 more$/);
  });
});

describe('a good sign-in name', () => {
  const user = (name: string | undefined) =>
    createEntry('CN=x', [
      ['objectClass', ['user']],
      ['sAMAccountName', ['jo/e']],
      ['userPrincipalName', name === undefined ? [] : [name]],
    ]);
  const at64 = 'a'.repeat(64);
  const domain48 = `${'d'.repeat(44)}.com`;

  test.each(["o'neil@contoso.com", 'a.b-c_d!#^~@x', `${at64}@${domain48}`])('%s', (name) => {
    expect(hasGoodSignInName(user(name))).toBe(true);
  });

  test.each([
    undefined,
    '',
    'joe',
    '@contoso.com',
    'joe@',
    'joe.@contoso.com',
    'jo e@contoso.com',
    'joe@@contoso.com',
    'josé@contoso.com',
    'joe@contoso..com',
    `a${at64}@contoso.com`,
    `joe@d${domain48}`,
  ])('not %s', (name) => {
    expect(hasGoodSignInName(user(name))).toBe(false);
  });

  test('softens what is wrong with the account name, and must be known', () => {
    const rule = besideSignInName(forbiddenCharacter);
    const check = (name: string) =>
      rule.check({
        entry: user(name),
        attribute: 'sAMAccountName',
        limits: ACCOUNT_CHARACTERS,
        settings: settingsFrom(),
      });
    expect(check('joe@contoso.com').map(({ severity }) => severity)).toEqual(['warning']);
    expect(check('jo e@contoso.com').map(({ severity }) => severity)).toEqual(['error']);
    expect(rule.meta.absence).toContain('userPrincipalName');
    expect(forbiddenCharacter.meta.absence).toEqual([]);
  });
});

describe('shortening', () => {
  test('ends at a word, else at a character as people see it', () => {
    expect(shorten('anna.maria.berg', 12)).toBe('anna.maria');
    expect(shorten('annaberg2019', 10)).toBe('annaberg');
    expect(shorten('Anna Maria Berg', 14)).toBe('Anna Maria');
    expect(shorten('a.bcdefghijklmnop', 10)).toBe('a.bcdefghi');
    expect(shorten('é'.normalize('NFD').repeat(4), 5)).toBe('é'.normalize('NFD').repeat(2));
    expect(shorten('👍🏽👍🏽', 6)).toBe('👍🏽');
    expect(shorten('👩‍👩‍👧', 3)).toBeUndefined();
    expect(shorten('anna', 0)).toBeUndefined();
    expect(shorten('anna', -3)).toBeUndefined();
    expect(shorten('....', 2)).toBeUndefined();
  });

  test('gives a beginning that fits and splits nothing', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: -2, max: 70 }), (whole, room) => {
        const short = shorten(whole, room);
        if (short === undefined) return;
        expect(short.length).toBeLessThanOrEqual(Math.max(room, 0));
        expect(whole.startsWith(short)).toBe(true);
        expect(short).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('value-too-long', () => {
  const long = (value: string, limits = SIGN_IN_LENGTHS, attribute = 'userPrincipalName') =>
    shown(valueTooLong, attribute, value, limits);

  test('tells of every part with its length and its limit, in one finding', () => {
    const { faults } = long(`${'a'.repeat(65)}@${'b'.repeat(49)}`);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain('115 characters, where 113 is the limit');
    expect(faults[0]?.message).toContain('65 characters before the @, where 64 is the limit');
    expect(faults[0]?.message).toContain('49 characters after the @, where 48 is the limit');
  });

  test('keeps the prefix and the domain', () => {
    const domain = `${'d'.repeat(240)}.com`;
    const proxy = (value: string) => long(value, ADDRESS_LENGTHS, 'proxyAddresses').fix;
    expect(proxy(`SMTP:smtpberg@${domain}`)?.value).toBe(`SMTP:smtpbe@${domain}`);
    expect(proxy(`SMTP:a@${domain}${'e'.repeat(20)}`)).toBeUndefined();
    expect(proxy(`X500:${'a'.repeat(300)}`)).toBeUndefined();
    expect(long(`${'a'.repeat(200)}`).fix).toBeUndefined();
    expect(long(`${'a'.repeat(70)}@${'b'.repeat(49)}`).fix).toBeUndefined();
  });

  test.each(['a', 'a.', '\u0301', '@'])('takes megabytes of %j in linear time', async (unit) => {
    const judged = (count: number) => long(`${unit.repeat(count)}x@contoso.com`);
    expect(await growth(15_000, judged)).toBeLessThan(NEARLY_SQUARE);
  });
});
