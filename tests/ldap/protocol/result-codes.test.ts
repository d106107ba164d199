import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { parseRange } from '../../../src/ldap/format/range-option.js';
import { mergeEdits } from '../../../src/ldap/protocol/connection.js';
import { parseFilter } from '../../../src/ldap/protocol/filter.js';
import {
  bindFailure,
  describeAnswer,
  modifyOutcome,
  searchFailure,
} from '../../../src/ldap/protocol/result-codes.js';
import { edit, refusal } from '../opening.js';

describe('result codes in words', () => {
  const answer = (status: number, errorMessage = '', matchedDN = '') => ({
    status,
    errorMessage,
    matchedDN,
  });

  test.each([
    ['52e', 'wrong name or password'],
    ['525', 'no such account'],
    ['532', 'password has expired'],
    ['533', 'disabled'],
    ['701', 'account has expired'],
    ['773', 'must be changed'],
    ['775', 'locked out'],
  ])('AD refuses a logon with data %s', (data, words) => {
    const said = `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${data}, v3839\0`;
    expect(bindFailure('ldaps://dc1:636', answer(49, said)).message).toContain(words);
  });

  test('a server that wants encryption says how', () => {
    expect(bindFailure('ldap://dc1:389', answer(8, '00002028: …')).worded(asFlag).hint).toContain(
      '--start-tls',
    );
  });

  test('an anonymous search that AD refuses asks for an account', () => {
    const said =
      '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563\0';
    expect(searchFailure('ldap://dc1', 'DC=a', answer(1, said)).worded(asFlag).hint).toContain(
      '--bind-dn',
    );
  });

  test('a wrong base is named with the nearest entry that there is', () => {
    const failure = searchFailure('ldap://dc1', 'OU=x,DC=a', answer(32, '', 'DC=a'));
    const { message, hint } = failure.worded(asFlag);
    expect(message).toContain('OU=x,DC=a; the nearest is DC=a');
    expect(hint).toContain('--base');
  });

  test('the words of a server come on one line, without its NUL, controls visible, not endless', () => {
    const text = describeAnswer(answer(10, '0000202B: RefErr\n\tref 1: \u001b[31mx\n\0'));
    expect(text).toBe('referral (10): 0000202B: RefErr ref 1: \\u{1b}[31mx');
    expect(describeAnswer(answer(80, 'x'.repeat(10_000))).length).toBeLessThan(600);
    expect(describeAnswer(answer(4711))).toBe('unknown result (4711)');
  });

  test.each([
    [0, 'applied'],
    [16, 'stale'],
    [20, 'stale'],
    [32, 'stale'],
    [10, 'failed'],
    [19, 'failed'],
    [50, 'failed'],
    [51, 'failed'],
    [53, 'failed'],
    [80, 'failed'],
  ])('a modify that ends with %i is %s', (status, state) => {
    const outcome = modifyOutcome(answer(status, 'the words'));
    expect(outcome.state).toBe(state);
    expect(outcome.reason === '').toBe(state === 'applied');
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
