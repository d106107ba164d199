import type { EntryKind, Settings } from '../model.js';
import { blankValue } from './blank-value.js';
import { type Check, type Departure, unique, use } from './check.js';
import { differingSignInName } from './differing-sign-in-name.js';
import { differingTargetAddress } from './differing-target-address.js';
import { duplicateAccountName } from './duplicate-account-name.js';
import { duplicateAddress, duplicateImpliedAddress } from './duplicate-address.js';
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
import { missingLoginMail, missingUserPrincipalName } from './missing-user-principal-name.js';
import { nonAsciiAddress } from './non-ascii-address.js';
import { presetAnchor } from './preset-anchor.js';
import { repeatedValue } from './repeated-value.js';
import { reservedSuffix } from './reserved-suffix.js';
import { severalColons } from './several-colons.js';
import { severalPrimaries } from './several-primaries.js';
import { besideSignInName } from './shared/account-name.js';
import {
  ACCOUNT_CHARACTERS,
  ALIAS_CHARACTERS,
  MAIL_CHARACTERS,
  NAME_CHARACTERS,
  PERSON_NAME_CHARACTERS,
  PROXY_CHARACTERS,
  SIGN_IN_CHARACTERS,
  TARGET_CHARACTERS,
  USERS,
} from './shared/characters.js';
import { DEDICATED_ALIAS_CHARACTERS, DEDICATED_MAIL_CHARACTERS } from './shared/dedicated.js';
import {
  ACCOUNT_LENGTHS,
  ADDRESS_LENGTHS,
  ALIAS_LENGTHS,
  DISPLAY_NAME_LENGTHS,
  type Lengths,
  MAIL_LENGTHS,
  NOTE_LENGTHS,
  PERSON_LENGTHS,
  SIGN_IN_LENGTHS,
} from './shared/lengths.js';
import { formOf } from './shared/plain.js';
import { shortSignInName } from './short-sign-in-name.js';
import { surroundingSpace } from './surrounding-space.js';
import { tooManyMembers } from './too-many-members.js';
import { tooManyValues } from './too-many-values.js';
import { undecodableValue } from './undecodable-value.js';
import { unroutableDomain } from './unroutable-domain.js';
import { unverifiedDomain } from './unverified-domain.js';
import { valueTooLong } from './value-too-long.js';

/*
 * Which rule judges which attribute, with which limits: the table an administrator would read. The lines of one
 * attribute stand in the order in which repairs are folded.
 */

/** The line on the lengths of an attribute: where no plain value exceeds them, only unusual ones are asked about. */
function limited(
  attribute: string,
  limits: Lengths,
  departure: Departure = {},
  rule = valueTooLong,
) {
  const isWide = limits.lengths.every(({ limit }) => limit >= formOf(attribute).longest);
  return use(rule, attribute, limits, isWide ? { ...departure, when: 'unusual' } : departure);
}

/** The attribute that becomes the sign-in name: userPrincipalName, or mail with an alternate login ID (UPN-16). */
const signInName = (attribute: Settings['loginAttribute']): readonly Check[] => [
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

const MAIL: readonly Check[] = [
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

const PROXY_ADDRESSES: readonly Check[] = [
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
  use(tooManyValues, 'proxyAddresses', { max: 300 }, { severity: 'warning' }),
  unique(duplicateAddress, 'proxyAddresses', undefined),
  unique(duplicateSipAddress, 'proxyAddresses', undefined),
];

/** What may carry a targetAddress (facts TGT-1 and following). */
const FORWARDING: readonly EntryKind[] = ['user', 'inetOrgPerson', 'contact'];

const TARGET_ADDRESS: readonly Check[] = [
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
  unique(duplicateTargetAddress, 'targetAddress', undefined),
];

const MAIL_NICKNAME: readonly Check[] = [
  use(undecodableValue, 'mailNickname', undefined),
  use(blankValue, 'mailNickname', { removedFrom: [] }, { severity: 'warning' }),
  use(forbiddenCharacter, 'mailNickname', ALIAS_CHARACTERS),
  use(malformedMailNickname, 'mailNickname', undefined),
  limited('mailNickname', ALIAS_LENGTHS, { severity: 'warning' }),
  use(missingMailNickname, 'mailNickname', undefined),
  unique(duplicateMailNickname, 'mailNickname', undefined),
];

/** The sign-in name of users without a userPrincipalName (fact UPN-12). */
const IMPLIED_NAME: readonly Check[] = [
  unique(duplicateImpliedAddress, 'sAMAccountName', undefined),
];

const ACCOUNT_NAME: readonly Check[] = [
  use(undecodableValue, 'sAMAccountName', undefined),
  use(besideSignInName(blankValue), 'sAMAccountName', { removedFrom: [] }, { kinds: USERS }),
  use(besideSignInName(forbiddenCharacter), 'sAMAccountName', ACCOUNT_CHARACTERS, { kinds: USERS }),
  limited('sAMAccountName', ACCOUNT_LENGTHS, { kinds: USERS }, besideSignInName(valueTooLong)),
  unique(duplicateAccountName, 'sAMAccountName', undefined),
];

const NAMES: readonly Check[] = [
  use(undecodableValue, 'displayName', undefined),
  use(missingDisplayName, 'displayName', undefined),
  use(
    blankValue,
    'displayName',
    { stead: 'cn', removedFrom: [] },
    { severity: 'warning', kinds: [...USERS, 'contact'] },
  ),
  use(forbiddenCharacter, 'displayName', PERSON_NAME_CHARACTERS),
  use(surroundingSpace, 'displayName', undefined),
  limited('displayName', DISPLAY_NAME_LENGTHS, { severity: 'warning' }),
  use(forbiddenCharacter, 'givenName', PERSON_NAME_CHARACTERS),
  ...['sn', 'company', 'department', 'title', 'l', 'st', 'co'].map((attribute) =>
    use(forbiddenCharacter, attribute, NAME_CHARACTERS),
  ),
  ...Object.entries(PERSON_LENGTHS).map(([attribute, lengths]) =>
    limited(attribute, lengths, { severity: 'warning', kinds: USERS }),
  ),
  limited('description', NOTE_LENGTHS, {
    severity: 'warning',
    kinds: [...USERS, 'group'],
  }),
  limited('info', NOTE_LENGTHS, { severity: 'warning', kinds: USERS }),
  use(malformedCountryCode, 'c', { trimmed: true }),
  use(malformedCountryCode, 'msExchUsageLocation', { trimmed: false }),
  use(malformedLanguage, 'preferredLanguage', undefined),
  use(lostValues, 'description', undefined),
  use(lostValues, 'postOfficeBox', undefined, { kinds: ['user', 'inetOrgPerson'] }),
  use(lostValues, 'url', undefined, { kinds: ['user', 'inetOrgPerson'] }),
];

const LARGE: readonly Check[] = [
  use(tooManyValues, 'userCertificate', { max: 15 }),
  use(tooManyValues, 'userSMIMECertificate', { max: 15 }),
  use(largePhoto, 'thumbnailPhoto', { most: 102_400, advised: 10_240 }),
  use(tooManyMembers, 'member', undefined),
];

const ANCHORS: readonly Check[] = [
  use(malformedAnchor, 'mS-DS-ConsistencyGuid', undefined),
  use(presetAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateSecurityIdentifier, 'objectSid', undefined),
];

const EXCHANGE: readonly Check[] = [use(linkedMailbox, 'msExchRecipientTypeDetails', undefined)];

/** What IdFix's manual asks of dedicated tenants, beside everything else; its own program did not do all of it. */
const DEDICATED: readonly Check[] = [
  use(differingTargetAddress, 'targetAddress', undefined),
  use(missingTargetAddress, 'targetAddress', undefined),
  use(missingAlias, 'mailNickname', undefined),
  use(forbiddenCharacter, 'mailNickname', DEDICATED_ALIAS_CHARACTERS),
  use(surroundingSpace, 'displayName', undefined, { severity: 'warning' }),
];

/** The same for mail, where it is not the sign-in name: that is judged more strictly. */
const DEDICATED_MAIL: readonly Check[] = [
  use(forbiddenCharacter, 'mail', DEDICATED_MAIL_CHARACTERS),
];

/** With an alternate login ID people sign in with their mail; that of groups and contacts is mail as ever. */
function signInAndMail(loginAttribute: Settings['loginAttribute']): readonly Check[] {
  if (loginAttribute !== 'mail') return [...signInName(loginAttribute), ...MAIL];
  return [
    ...only(['user', 'inetOrgPerson'], signInName('mail')),
    ...only(['group', 'contact'], MAIL),
  ];
}

function only(kinds: readonly EntryKind[], lines: readonly Check[]): readonly Check[] {
  return lines.map((line) => ({ ...line, kinds: line.kinds.filter((k) => kinds.includes(k)) }));
}

/** The lines of a profile, given what the person who scans has chosen. */
export function profileFor({ loginAttribute, profile }: Settings): readonly Check[] {
  const signInIsMail = loginAttribute === 'mail';
  const lines = [
    ...signInAndMail(loginAttribute),
    ...PROXY_ADDRESSES,
    ...TARGET_ADDRESS,
    ...MAIL_NICKNAME,
    ...(signInIsMail ? [] : IMPLIED_NAME),
    ...ACCOUNT_NAME,
    ...NAMES,
    ...LARGE,
    ...ANCHORS,
    ...EXCHANGE,
  ];
  if (profile === 'default') return lines;
  const mail = signInIsMail ? only(['group', 'contact'], DEDICATED_MAIL) : DEDICATED_MAIL;
  return sharpened(lines, [...DEDICATED, ...mail]);
}

/**
 * A profile with further lines. Where a rule judges an attribute of the same kinds already, the further line takes the
 * place of the first one: a value must not get two findings of one rule.
 */
function sharpened(lines: readonly Check[], further: readonly Check[]): readonly Check[] {
  const isSame = (a: Check, b: Check) =>
    a.meta.id === b.meta.id &&
    a.attribute === b.attribute &&
    a.kinds.some((kind) => b.kinds.includes(kind));
  return [
    ...lines.map((line) => further.find((other) => isSame(line, other)) ?? line),
    ...further.filter((other) => !lines.some((line) => isSame(line, other))),
  ];
}
