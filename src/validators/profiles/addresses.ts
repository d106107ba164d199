import type { EntryKind } from '../../model/entry.js';
import { type ProfileLine, unique, use } from '../engine/profile-line.js';
import {
  ALIAS_CHARACTERS,
  MAIL_CHARACTERS,
  PROXY_CHARACTERS,
  TARGET_CHARACTERS,
  USERS,
} from '../rule-parts/character-tables.js';
import { ADDRESS_LENGTHS, ALIAS_LENGTHS, MAIL_LENGTHS } from '../rule-parts/lengths.js';
import { blankValue } from '../rules/blank-value.js';
import { duplicateAddress } from '../rules/duplicate-address.js';
import { duplicateImpliedAlias, duplicateMailNickname } from '../rules/duplicate-mail-nickname.js';
import { duplicateSipAddress } from '../rules/duplicate-sip-address.js';
import { duplicateTargetAddress } from '../rules/duplicate-target-address.js';
import { duplicateTypedAddress } from '../rules/duplicate-typed-address.js';
import { forbiddenCharacter } from '../rules/forbidden-character.js';
import { legacyAddressType } from '../rules/legacy-address-type.js';
import { malformedAddress } from '../rules/malformed-address.js';
import { malformedMailNickname } from '../rules/malformed-mail-nickname.js';
import { malformedTypedAddress } from '../rules/malformed-typed-address.js';
import { missingMailNickname } from '../rules/missing-mail-nickname.js';
import { missingPrefix } from '../rules/missing-prefix.js';
import { missingPrimary } from '../rules/missing-primary.js';
import { misspeltAddressType } from '../rules/misspelt-address-type.js';
import { nonAsciiAddress } from '../rules/non-ascii-address.js';
import { repeatedValue } from '../rules/repeated-value.js';
import { reservedSuffix } from '../rules/reserved-suffix.js';
import { severalColons } from '../rules/several-colons.js';
import { severalPrimaries } from '../rules/several-primaries.js';
import { tooManyValues } from '../rules/too-many-values.js';
import { undecodableValue } from '../rules/undecodable-value.js';
import { unroutableDomain } from '../rules/unroutable-domain.js';
import { unverifiedDomain } from '../rules/unverified-domain.js';
import { limited } from './limited.js';

export const MAIL: readonly ProfileLine[] = [
  use(undecodableValue, 'mail', undefined),
  use(blankValue, 'mail', { removedFrom: [...USERS, 'group'] }, { severity: 'warning' }),
  use(forbiddenCharacter, 'mail', MAIL_CHARACTERS),
  use(nonAsciiAddress, 'mail', undefined, { severity: 'warning' }),
  use(
    malformedAddress,
    'mail',
    { lengths: true, characters: MAIL_CHARACTERS },
    { severity: 'warning' },
  ),
  use(unroutableDomain, 'mail', undefined),
  limited('mail', MAIL_LENGTHS, { severity: 'info' }),
  use(unverifiedDomain, 'mail', undefined, { severity: 'info' }),
  unique(duplicateAddress, 'mail', undefined),
];

export const PROXY_ADDRESSES: readonly ProfileLine[] = [
  // What is the primary address is settled first: a repair must not give two values the rank, or take it from both.
  use(repeatedValue, 'proxyAddresses', undefined),
  use(severalPrimaries, 'proxyAddresses', undefined),
  use(missingPrefix, 'proxyAddresses', undefined),
  use(severalColons, 'proxyAddresses', undefined),
  use(missingPrimary, 'proxyAddresses', undefined),
  use(undecodableValue, 'proxyAddresses', undefined),
  use(blankValue, 'proxyAddresses', { removedFrom: [...USERS, 'group', 'contact'] }),
  use(forbiddenCharacter, 'proxyAddresses', PROXY_CHARACTERS),
  use(nonAsciiAddress, 'proxyAddresses', undefined),
  use(malformedAddress, 'proxyAddresses', { lengths: true, characters: PROXY_CHARACTERS }),
  use(unroutableDomain, 'proxyAddresses', undefined),
  limited('proxyAddresses', ADDRESS_LENGTHS),
  use(unverifiedDomain, 'proxyAddresses', undefined),
  use(reservedSuffix, 'proxyAddresses', undefined),
  use(legacyAddressType, 'proxyAddresses', undefined),
  use(malformedTypedAddress, 'proxyAddresses', undefined),
  use(misspeltAddressType, 'proxyAddresses', undefined),
  use(tooManyValues, 'proxyAddresses', { max: 300 }, { severity: 'warning' }),
  unique(duplicateAddress, 'proxyAddresses', undefined),
  unique(duplicateSipAddress, 'proxyAddresses', undefined),
  unique(duplicateTypedAddress, 'proxyAddresses', undefined),
];

/** What may carry a targetAddress (facts TGT-1 and following). */
const FORWARDING: readonly EntryKind[] = ['user', 'inetOrgPerson', 'contact'];

export const TARGET_ADDRESS: readonly ProfileLine[] = [
  use(missingPrefix, 'targetAddress', undefined, { severity: 'warning', kinds: FORWARDING }),
  use(undecodableValue, 'targetAddress', undefined, { kinds: FORWARDING }),
  use(blankValue, 'targetAddress', { removedFrom: FORWARDING }, { kinds: FORWARDING }),
  use(forbiddenCharacter, 'targetAddress', TARGET_CHARACTERS, { kinds: FORWARDING }),
  use(nonAsciiAddress, 'targetAddress', undefined, { severity: 'warning', kinds: FORWARDING }),
  use(
    malformedAddress,
    'targetAddress',
    { lengths: true, characters: TARGET_CHARACTERS },
    { kinds: FORWARDING },
  ),
  use(unroutableDomain, 'targetAddress', undefined, { kinds: FORWARDING }),
  limited('targetAddress', ADDRESS_LENGTHS, { kinds: FORWARDING }),
  use(legacyAddressType, 'targetAddress', undefined, { kinds: FORWARDING }),
  use(malformedTypedAddress, 'targetAddress', undefined, { kinds: FORWARDING }),
  use(misspeltAddressType, 'targetAddress', undefined, { kinds: FORWARDING }),
  unique(duplicateTargetAddress, 'targetAddress', undefined),
];

export const MAIL_NICKNAME: readonly ProfileLine[] = [
  use(undecodableValue, 'mailNickname', undefined),
  use(blankValue, 'mailNickname', { removedFrom: [] }, { severity: 'warning' }),
  use(forbiddenCharacter, 'mailNickname', ALIAS_CHARACTERS),
  use(malformedMailNickname, 'mailNickname', undefined),
  limited('mailNickname', ALIAS_LENGTHS, { severity: 'warning' }),
  use(missingMailNickname, 'mailNickname', undefined),
  unique(duplicateMailNickname, 'mailNickname', undefined),
  ...['proxyAddresses', 'mail', 'userPrincipalName', 'sAMAccountName'].map((attribute) =>
    unique(duplicateImpliedAlias, attribute, undefined),
  ),
];

/** What may carry the address of Skype for Business. */
const CALLED_KINDS: readonly EntryKind[] = [...USERS, 'contact'];

/** Where somebody is called with Skype for Business (fact SIP-1). */
export const CALLED: readonly ProfileLine[] = [
  use(malformedTypedAddress, 'msRTCSIP-PrimaryUserAddress', undefined, { kinds: CALLED_KINDS }),
  unique(duplicateSipAddress, 'msRTCSIP-PrimaryUserAddress', undefined, {
    kinds: CALLED_KINDS,
    when: 'present',
  }),
];
