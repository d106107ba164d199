import type { RuleMeta } from '../model/rule.js';
import { blankValue } from './rules/blank-value.js';
import { differingSignInName } from './rules/differing-sign-in-name.js';
import { differingTargetAddress } from './rules/differing-target-address.js';
import { duplicateAccountName } from './rules/duplicate-account-name.js';
import { duplicateAddress } from './rules/duplicate-address.js';
import { duplicateAnchor } from './rules/duplicate-anchor.js';
import { duplicateMailNickname } from './rules/duplicate-mail-nickname.js';
import { duplicateSecurityIdentifier } from './rules/duplicate-security-identifier.js';
import { duplicateSipAddress } from './rules/duplicate-sip-address.js';
import { duplicateTargetAddress } from './rules/duplicate-target-address.js';
import { forbiddenCharacter } from './rules/forbidden-character.js';
import { largePhoto } from './rules/large-photo.js';
import { legacyAddressType } from './rules/legacy-address-type.js';
import { linkedMailbox } from './rules/linked-mailbox.js';
import { lostValues } from './rules/lost-values.js';
import { malformedAddress } from './rules/malformed-address.js';
import { malformedAnchor } from './rules/malformed-anchor.js';
import { malformedCountryCode } from './rules/malformed-country-code.js';
import { malformedLanguage } from './rules/malformed-language.js';
import { malformedMailNickname } from './rules/malformed-mail-nickname.js';
import { malformedTypedAddress } from './rules/malformed-typed-address.js';
import { missingAlias } from './rules/missing-alias.js';
import { missingDisplayName } from './rules/missing-display-name.js';
import { missingMailNickname } from './rules/missing-mail-nickname.js';
import { missingPrefix } from './rules/missing-prefix.js';
import { missingPrimary } from './rules/missing-primary.js';
import { missingTargetAddress } from './rules/missing-target-address.js';
import { missingUserPrincipalName } from './rules/missing-user-principal-name.js';
import { nonAsciiAddress } from './rules/non-ascii-address.js';
import { presetAnchor } from './rules/preset-anchor.js';
import { repeatedValue } from './rules/repeated-value.js';
import { reservedSuffix } from './rules/reserved-suffix.js';
import { severalColons } from './rules/several-colons.js';
import { severalPrimaries } from './rules/several-primaries.js';
import { shortSignInName } from './rules/short-sign-in-name.js';
import { surroundingSpace } from './rules/surrounding-space.js';
import { tooManyMembers } from './rules/too-many-members.js';
import { tooManyValues } from './rules/too-many-values.js';
import { undecodableValue } from './rules/undecodable-value.js';
import { unroutableDomain } from './rules/unroutable-domain.js';
import { unverifiedDomain } from './rules/unverified-domain.js';
import { valueTooLong } from './rules/value-too-long.js';

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
