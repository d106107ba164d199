import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import type { Value } from '../../../src/model/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { profileFor } from '../../../src/validators/profiles/index.js';
import { COUNTRIES } from '../../../src/validators/rule-parts/country-codes.js';
import { LANGUAGES } from '../../../src/validators/rule-parts/language-codes.js';
import { linkedMailbox } from '../../../src/validators/rules/linked-mailbox.js';
import { faultsOf } from '../../profile-lines.js';

const settings = settingsFrom({ memberLimit: 3 });

/** What the profile says of one attribute of an entry by one rule. */
function faults(rule: string, attribute: string, objectClass: string, values: readonly Value[]) {
  const entry = createEntry('CN=x,DC=contoso,DC=com', [
    ['objectClass', [objectClass]],
    [attribute, values],
  ]);
  const line = profileFor(settings).find(
    (check) => check.meta.id === rule && check.attribute === attribute,
  );
  return (line ? faultsOf(line, entry, settings) : []).map((fault) => ({
    ...fault,
    severity: fault.severity ?? line?.severity,
  }));
}

describe('photos', () => {
  test.each([
    [10_240, []],
    [10_241, ['info']],
    [102_400, ['info']],
    [102_401, ['error']],
  ])('of %i bytes', (size, severities) => {
    const found = faults('large-photo', 'thumbnailPhoto', 'user', [Buffer.alloc(size)]);
    expect(found.map(({ severity }) => severity)).toEqual(severities);
    for (const { message } of found) expect(message).toContain(String(size));
  });
});

describe('members', () => {
  const overflow = (flag: string) => {
    const entry = createEntry('CN=g,DC=contoso,DC=com', [
      ['objectClass', ['group']],
      ['presync-memberOverflow', [flag]],
    ]);
    const line = profileFor(settings).find(({ meta }) => meta.id === 'too-many-members');
    expect(line?.meta.reads).toEqual(['presync-memberOverflow']);
    return line ? faultsOf(line, entry, settings) : [];
  };

  test('are counted against the limit', () => {
    const members = ['CN=a', 'CN=b', 'CN=c', 'CN=d'];
    expect(faults('too-many-members', 'member', 'group', members.slice(0, 3))).toEqual([]);
    expect(faults('too-many-members', 'member', 'group', members)).toMatchObject([
      { error: 'Length', severity: 'error', value: undefined },
    ]);
  });

  test('or a directory says that there are more', () => {
    expect(overflow('TRUE')).toHaveLength(1);
    expect(overflow('FALSE')).toEqual([]);
  });
});

describe('code tables', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((a) => letters.map((b) => a + b));
  const named = (type: 'region' | 'language', code: string) =>
    new Intl.DisplayNames('en', { type, fallback: 'none' }).of(code) !== undefined;

  test('hold what is assigned, and nothing that nobody knows', () => {
    expect(COUNTRIES.size).toBe(249);
    expect(LANGUAGES.size).toBe(183);
    expect([...COUNTRIES].filter((code) => !named('region', code))).toEqual([]);
    expect([...LANGUAGES].filter((code) => !named('language', code))).toEqual([]);
  });

  test.each(['c', 'msExchUsageLocation'])('decide every pair of letters in %s', (attribute) => {
    for (const code of codes) {
      const expected = COUNTRIES.has(code) ? 0 : 1;
      expect(faults('malformed-country-code', attribute, 'user', [code])).toHaveLength(expected);
      expect(
        faults('malformed-country-code', attribute, 'user', [code.toLowerCase()]),
      ).toHaveLength(1);
    }
  });
});

test('a linked mailbox names its master account', () => {
  const sid = Buffer.from('010500000000000515000000dcf4dc3b833d2b46828ba62800020000', 'hex');
  for (const name of ['msExchMasterAccountSid', 'msRTCSIP-OriginatorSid']) {
    const entry = createEntry('CN=x,DC=contoso,DC=com', [
      ['objectClass', ['user']],
      ['msExchRecipientTypeDetails', ['2']],
      [name, [sid]],
    ]);
    const subject = { entry, attribute: 'msExchRecipientTypeDetails', limits: undefined, settings };
    const [fault] = linkedMailbox.check(subject);
    expect(fault?.message).toContain('S-1-5-21-1004336348-1177238915-682003330-512');
  }
});
