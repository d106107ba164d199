import { describe, expect, test } from '@jest/globals';
import { parseRange } from '../../../src/ldap/format/range-option.js';
import { mergeEdits } from '../../../src/ldap/protocol/connection.js';
import { parseFilter } from '../../../src/ldap/protocol/filter.js';
import { describeAnswer } from '../../../src/ldap/protocol/result-codes.js';
import { edit, refusal } from '../opening.js';

describe('result codes in words', () => {
  const answer = (status: number, errorMessage = '', matchedDN = '') => ({
    status,
    errorMessage,
    matchedDN,
  });

  test('the words of a server come on one line, without its NUL, controls visible, not endless', () => {
    const text = describeAnswer(answer(10, '0000202B: RefErr\n\tref 1: \u001b[31mx\n\0'));
    expect(text).toBe('referral (10): 0000202B: RefErr ref 1: \\u{1b}[31mx');
    expect(describeAnswer(answer(80, 'x'.repeat(10_000))).length).toBeLessThan(600);
    expect(describeAnswer(answer(4711))).toBe('unknown result (4711)');
  });
});

describe('parseFilter', () => {
  test.each([
    '(',
    '(cn=a',
    '(cn=a))',
    '(&)',
    'cn',
    '(cn=\\ff)',
    '(cn=\\zz)',
    '',
    '(!(a=b)x',
    '(&(a=b)',
  ])('refuses %j', (text) => {
    expect(() => parseFilter(text)).toThrow('The filter is malformed');
  });

  test('an endless filter is refused in few words', async () => {
    const error = await refusal(Promise.resolve('('.repeat(1e5)).then(parseFilter));
    expect(error.message.length).toBeLessThan(300);
  });

  test('an escaped non-ASCII character is the character, an escaped star is no wildcard', () => {
    expect(parseFilter('(cn=J\\c3\\b6rg\\2a)').toString()).toBe('(cn=Jörg\\2a)');
  });
});

describe('mergeEdits', () => {
  test('several edits of one attribute are one delete and one add, in that order', () => {
    expect(
      mergeEdits([
        edit('proxyAddresses', ['a', 'b'], ['c']),
        edit('mail', [], ['m']),
        edit('ProxyAddresses', ['d'], []),
        edit('cn', ['x'], []),
      ]),
    ).toEqual([
      { operation: 'delete', attribute: 'proxyAddresses', values: ['a', 'b', 'd'] },
      { operation: 'add', attribute: 'proxyAddresses', values: ['c'] },
      { operation: 'add', attribute: 'mail', values: ['m'] },
      { operation: 'delete', attribute: 'cn', values: ['x'] },
    ]);
  });
});

test('a range option is told from other options', () => {
  expect(parseRange('member;range=0-1499')).toEqual({ name: 'member', start: 0, end: 1499 });
  expect(parseRange('member;Range=1500-*')).toEqual({
    name: 'member',
    start: 1500,
    end: undefined,
  });
  expect(parseRange('userCertificate;binary')).toBeUndefined();
});
