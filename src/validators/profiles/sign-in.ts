import type { Settings } from '../../model/rule.js';
import { type ProfileLine, unique, use } from '../engine/profile-line.js';
import { ACCOUNT_CHARACTERS, SIGN_IN_CHARACTERS, USERS } from '../rule-parts/character-tables.js';
import { ACCOUNT_LENGTHS, SIGN_IN_LENGTHS } from '../rule-parts/lengths.js';
import { blankValue } from '../rules/blank-value.js';
import { differingSignInName } from '../rules/differing-sign-in-name.js';
import { duplicateAccountName } from '../rules/duplicate-account-name.js';
import { duplicateAddress, duplicateImpliedAddress } from '../rules/duplicate-address.js';
import { forbiddenCharacter } from '../rules/forbidden-character.js';
import { malformedAddress } from '../rules/malformed-address.js';
import {
  missingLoginMail,
  missingUserPrincipalName,
} from '../rules/missing-user-principal-name.js';
import { nonAsciiAddress } from '../rules/non-ascii-address.js';
import { shortSignInName } from '../rules/short-sign-in-name.js';
import { undecodableValue } from '../rules/undecodable-value.js';
import { unroutableDomain } from '../rules/unroutable-domain.js';
import { unverifiedDomain } from '../rules/unverified-domain.js';
import { valueTooLong } from '../rules/value-too-long.js';
import { besideSignInName } from './beside-sign-in-name.js';
import { limited } from './limited.js';

/** The attribute that becomes the sign-in name: userPrincipalName, or mail with an alternate login ID (UPN-16). */
export const signInName = (attribute: Settings['loginAttribute']): readonly ProfileLine[] => [
  use(attribute === 'mail' ? missingLoginMail : missingUserPrincipalName, attribute, undefined),
  use(undecodableValue, attribute, undefined),
  use(blankValue, attribute, { removedFrom: [] }),
  use(forbiddenCharacter, attribute, SIGN_IN_CHARACTERS),
  use(nonAsciiAddress, attribute, undefined),
  use(malformedAddress, attribute, {
    lengths: false,
    characters: SIGN_IN_CHARACTERS,
    dots: 'warning',
    domains: 'warning',
  }),
  use(unroutableDomain, attribute, undefined),
  limited(attribute, SIGN_IN_LENGTHS),
  use(unverifiedDomain, attribute, undefined),
  use(differingSignInName, attribute, undefined),
  use(shortSignInName, attribute, undefined),
  unique(duplicateAddress, attribute, undefined),
];

/** The sign-in name of users without the attribute that would give it (facts UPN-12, UPN-16). */
export const impliedName = (absent: Settings['loginAttribute']): readonly ProfileLine[] => [
  unique(duplicateImpliedAddress[absent], 'sAMAccountName', undefined),
];

export const ACCOUNT_NAME: readonly ProfileLine[] = [
  use(undecodableValue, 'sAMAccountName', undefined),
  use(besideSignInName(blankValue), 'sAMAccountName', { removedFrom: [] }, { kinds: USERS }),
  use(besideSignInName(forbiddenCharacter), 'sAMAccountName', ACCOUNT_CHARACTERS, { kinds: USERS }),
  limited('sAMAccountName', ACCOUNT_LENGTHS, { kinds: USERS }, besideSignInName(valueTooLong)),
  unique(duplicateAccountName, 'sAMAccountName', undefined, { kinds: USERS }),
  unique(duplicateAccountName, 'sAMAccountName', undefined, { kinds: ['group'], severity: 'info' }),
];
