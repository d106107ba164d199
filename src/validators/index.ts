import type { RuleMeta } from '../model.js';
import { blankValue } from './blank-value.js';
import { differingSignInName } from './differing-sign-in-name.js';
import { differingTargetAddress } from './differing-target-address.js';
import { duplicateAccountName } from './duplicate-account-name.js';
import { duplicateAddress } from './duplicate-address.js';
import { duplicateAnchor } from './duplicate-anchor.js';
import { duplicateMailNickname } from './duplicate-mail-nickname.js';
import { duplicateSecurityIdentifier } from './duplicate-security-identifier.js';
import { duplicateSipAddress } from './duplicate-sip-address.js';
import { duplicateTargetAddress } from './duplicate-target-address.js';
import { forbiddenCharacter } from './forbidden-character.js';
import { largePhoto } from './large-photo.js';
import { legacyAddressType } from './legacy-address-type.js';
import { linkedMailbox } from './linked-mailbox.js';
import { lostValues } from './lost-values.js';
import { malformedAddress } from './malformed-address.js';
import { malformedAnchor } from './malformed-anchor.js';
import { malformedCountryCode } from './malformed-country-code.js';
import { malformedLanguage } from './malformed-language.js';
import { malformedMailNickname } from './malformed-mail-nickname.js';
import { malformedTypedAddress } from './malformed-typed-address.js';
import { missingAlias } from './missing-alias.js';
import { missingDisplayName } from './missing-display-name.js';
import { missingMailNickname } from './missing-mail-nickname.js';
import { missingPrefix } from './missing-prefix.js';
import { missingPrimary } from './missing-primary.js';
import { missingTargetAddress } from './missing-target-address.js';
import { missingUserPrincipalName } from './missing-user-principal-name.js';
import { nonAsciiAddress } from './non-ascii-address.js';
import { presetAnchor } from './preset-anchor.js';
import { repeatedValue } from './repeated-value.js';
import { reservedSuffix } from './reserved-suffix.js';
import { severalColons } from './several-colons.js';
import { severalPrimaries } from './several-primaries.js';
import { shortSignInName } from './short-sign-in-name.js';
import { surroundingSpace } from './surrounding-space.js';
import { tooManyMembers } from './too-many-members.js';
import { tooManyValues } from './too-many-values.js';
import { undecodableValue } from './undecodable-value.js';
import { unroutableDomain } from './unroutable-domain.js';
import { unverifiedDomain } from './unverified-domain.js';
import { valueTooLong } from './value-too-long.js';

/** Every rule, in the order in which `presync rules` lists them. */
export const RULES: readonly { readonly meta: RuleMeta }[] = [
  duplicateAddress,
  duplicateSipAddress,
  duplicateTargetAddress,
  duplicateMailNickname,
  duplicateAccountName,
  duplicateAnchor,
  duplicateSecurityIdentifier,
  malformedAddress,
  nonAsciiAddress,
  unroutableDomain,
  unverifiedDomain,
  missingUserPrincipalName,
  differingSignInName,
  shortSignInName,
  missingPrefix,
  severalColons,
  severalPrimaries,
  missingPrimary,
  reservedSuffix,
  legacyAddressType,
  malformedTypedAddress,
  tooManyValues,
  repeatedValue,
  forbiddenCharacter,
  valueTooLong,
  blankValue,
  missingDisplayName,
  surroundingSpace,
  undecodableValue,
  differingTargetAddress,
  missingTargetAddress,
  missingAlias,
  malformedMailNickname,
  missingMailNickname,
  malformedCountryCode,
  malformedLanguage,
  lostValues,
  largePhoto,
  tooManyMembers,
  malformedAnchor,
  presetAnchor,
  linkedMailbox,
];
