import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../../src/settings/settings.js';
import { repeatedValue } from '../../../src/validators/rules/repeated-value.js';

/** The values that are told of as repetitions, and whether the rule itself proposes to remove each. */
const removals = (...values: readonly string[]) => {
  const entry = createEntry('CN=x', [
    ['objectClass', ['user']],
    ['proxyAddresses', values],
  ]);
  const subject = {
    ...{ entry, attribute: 'proxyAddresses', limits: undefined },
    settings: settingsFrom(),
  };
  return repeatedValue.check(subject).map(({ value }) => {
    const fix = repeatedValue.fix?.(String(value), subject);
    return [value, fix === undefined ? 'kept' : (fix.value ?? 'removed')];
  });
};

test('a repetition of a sound spelling goes, as does one of the primary address', () => {
  expect(removals('smtp:cd@contoso.com', 'cd@contoso.com')).toEqual([
    ['cd@contoso.com', 'removed'],
  ]);
  expect(removals(' SMTP:cd@contoso.com', 'cd@contoso.com')).toEqual([
    ['cd@contoso.com', 'removed'],
  ]);
  expect(removals('X500:/o=c/cn=A', 'x500:/O=C/cn=a')).toEqual([['x500:/O=C/cn=a', 'removed']]);
});

test('of spellings that are all to be repaired none goes: either could give way to the other, and none be left', () => {
  expect(removals(' smtp:cd@contoso.com', 'cd@contoso.com')).toEqual([['cd@contoso.com', 'kept']]);
  expect(removals(' SMTP:cd@contoso.com', 'SMTP: cd@contoso.com')).toEqual([
    ['SMTP: cd@contoso.com', 'kept'],
  ]);
  expect(removals(' X500:/o=c/cn=A', ' x500:/O=C/cn=a')).toEqual([[' x500:/O=C/cn=a', 'kept']]);
});
