import { describe, expect, test } from '@jest/globals';
import { modifyOutcome } from '../../../src/ldap/protocol/modify-outcome.js';

const answer = (status: number, errorMessage = '') => ({ status, errorMessage, matchedDN: '' });

describe('the answer to a change', () => {
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

  test.each([
    [1, 'operationsError', 'its log'],
    [5, 'compareFalse', 'no answer to a change'],
    [6, 'compareTrue', 'no answer to a change'],
    [14, 'saslBindInProgress', 'no answer to a change'],
    [17, 'undefinedAttributeType', 'does not know the attribute'],
    [19, 'constraintViolation', 'must be unique'],
    [53, 'unwillingToPerform', 'read-only'],
    [64, 'namingViolation', 'rename the entry'],
    [66, 'notAllowedOnNonLeaf', 'no answer to a change'],
    [67, 'notAllowedOnRDN', 'rename the entry'],
    [68, 'entryAlreadyExists', 'has this name already'],
    [70, 'resultsTooLarge', 'no answer to a change'],
    [80, 'other', 'its log'],
  ])('T20 %i is %s, with what to do', (code, name, way) => {
    const { state, reason } = modifyOutcome(answer(code, 'the words'));
    expect([state, reason.startsWith(`${name} (${code}): the words; `)]).toEqual(['failed', true]);
    expect(reason).toContain(way);
  });

  test('T20 a replica names the server that writes', () => {
    const referral = { ...answer(10), referrals: ['ldap://provider.contoso.com/cn=a,dc=contoso'] };
    expect(modifyOutcome(referral).reason).toBe(
      'referral (10); this server does not write there: apply through ldap://provider.contoso.com',
    );
    expect(modifyOutcome(answer(10)).reason).toContain('a controller of its domain');
    // What no server may be called is not repeated.
    const odd = { ...answer(10), referrals: ['\u001b[31m'] };
    expect(modifyOutcome(odd).reason).toContain('a controller of its domain');
  });
});
