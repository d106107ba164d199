import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { bindFailure } from '../../../src/ldap/protocol/logon-failure.js';
import { LogonError } from '../../../src/ldap/protocol/result-codes.js';

const answer = (status: number, errorMessage = '') => ({ status, errorMessage, matchedDN: '' });
const bySspi = (data: string) =>
  `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${data}, v3839\0`;

describe('T18 a refused logon', () => {
  test.each([
    ['525', 'no such account', '--bind-dn'],
    ['52e', 'wrong name or password', '--bind-dn'],
    ['52f', 'Protected Users', 'authentication policy'],
    ['530', 'at this time', 'logon hours'],
    ['531', 'from this computer', 'computers'],
    ['532', 'password has expired', 'Change it'],
    ['533', 'disabled', 'enabled'],
    ['568', 'more groups', 'out of some groups'],
    ['569', 'over the network', 'Access this computer from the network'],
    ['57', 'nothing of the name', '--bind-dn'],
    ['701', 'account has expired', 'put off'],
    ['773', 'must be changed', 'Change it'],
    ['775', 'locked out', 'unlocked'],
    ['80090346', 'channel binding', 'LdapEnforceChannelBinding'],
  ])('with data %s has its reason and its way out', (data, reason, way) => {
    for (const written of [data, data.toUpperCase()]) {
      const failure = bindFailure('ldaps://dc1:636', answer(49, bySspi(written)));
      const { message, hint } = failure.worded(asFlag);
      expect(message).toContain(reason);
      expect(message).toContain(`(${data})`);
      expect(hint).toContain(way);
      // No second attempt: it could lock the account.
      expect(failure).toBeInstanceOf(LogonError);
    }
  });

  test('for want of a server that knows the password may be tried again', () => {
    const failure = bindFailure('ldaps://dc1:636', answer(49, bySspi('51f')));
    expect(failure.message).toContain('reaches nobody');
    expect(failure).not.toBeInstanceOf(LogonError);
  });

  test.each([
    ['of a reason that nobody told us', bySspi('deadbeef'), 'data deadbeef'],
    ['in words of its own', 'password expired', 'the account: password expired'],
    ['in Samba’s words', 'Simple Bind Failed: NT_STATUS_ACCOUNT_RESTRICTION', 'NT_STATUS_ACCOUNT'],
    ['without a word', '', 'wrong name or password'],
  ])('%s', (_, words, shown) => {
    const { message } = bindFailure('ldap://x', answer(49, words));
    expect(message).toContain(shown);
    if (words !== '') expect(message).not.toContain('wrong name or password');
  });

  test.each([
    [7, 'no password in this way'],
    [8, '--start-tls'],
    [13, '--start-tls'],
    [34, 'as a distinguished name'],
    [48, 'no password in this way'],
    [53, '--bind-dn'],
  ])('with code %i says what to do', (code, way) => {
    const failure = bindFailure('ldap://x', answer(code, 'the words'));
    expect(failure.message).toContain(`(${code}): the words`);
    expect(failure.worded(asFlag).hint).toContain(way);
  });

  test('by a server that refers to another', () => {
    const referral = { ...answer(10), referrals: ['ldap://other.contoso.com/DC=a??base'] };
    expect(bindFailure('ldap://x', referral).hint).toContain(
      'Connect to ldap://other.contoso.com,',
    );
  });
});
