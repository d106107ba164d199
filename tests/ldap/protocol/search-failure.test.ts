import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { UnavailableError } from '../../../src/ldap/protocol/result-codes.js';
import { searchFailure } from '../../../src/ldap/protocol/search-failure.js';

const answer = (status: number, errorMessage = '', matchedDN = '') => ({
  status,
  errorMessage,
  matchedDN,
});

describe('a search that fails', () => {
  test('an anonymous search that AD refuses asks for an account', () => {
    const said =
      '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563\0';
    const { hint } = searchFailure('ldap://dc1', 'DC=a', answer(1, said)).worded(asFlag);
    expect(hint).toContain('--bind-dn');
  });

  test('a wrong base is named with the nearest entry that there is', () => {
    const failure = searchFailure('ldap://dc1', 'OU=x,DC=a', answer(32, '', 'DC=a'));
    const { message, hint } = failure.worded(asFlag);
    expect(message).toContain('OU=x,DC=a; the nearest is DC=a');
    expect(hint).toContain('--base');
  });

  test('names the server to which it refers', () => {
    const referral = { ...answer(10), referrals: ['ldaps://dc2.contoso.com:636/DC=b'] };
    const { hint } = searchFailure('ldap://dc1', 'DC=b', referral);
    expect(hint).toContain('Connect to ldaps://dc2.contoso.com:636,');
  });

  test('T19 for a limit that is fixed is not to be sent again, for one that may pass it is', () => {
    const fixed = searchFailure('ldap://x', 'DC=a', answer(11), { areFixed: true });
    expect(fixed).not.toBeInstanceOf(UnavailableError);
    expect(fixed.worded(asFlag).hint).toContain('higher limits');
    expect(searchFailure('ldap://x', 'DC=a', answer(11))).toBeInstanceOf(UnavailableError);
    const size = answer(11, 'illegal pagedResults page size');
    const { hint } = searchFailure('ldap://x', 'DC=a', size, { areFixed: true }).worded(asFlag);
    expect(hint).toContain('--page-size');
  });
});
