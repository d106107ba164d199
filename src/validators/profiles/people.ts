import { type Check, unique, use } from '../engine/profile-line.js';
import { NAME_CHARACTERS, PERSON_NAME_CHARACTERS, USERS } from '../rule-parts/character-tables.js';
import { DISPLAY_NAME_LENGTHS, NOTE_LENGTHS, PERSON_LENGTHS } from '../rule-parts/lengths.js';
import { blankValue } from '../rules/blank-value.js';
import { duplicateAnchor } from '../rules/duplicate-anchor.js';
import { duplicateSecurityIdentifier } from '../rules/duplicate-security-identifier.js';
import { forbiddenCharacter } from '../rules/forbidden-character.js';
import { largePhoto } from '../rules/large-photo.js';
import { linkedMailbox } from '../rules/linked-mailbox.js';
import { lostValues } from '../rules/lost-values.js';
import { malformedAnchor } from '../rules/malformed-anchor.js';
import { malformedCountryCode } from '../rules/malformed-country-code.js';
import { malformedLanguage } from '../rules/malformed-language.js';
import { missingDisplayName } from '../rules/missing-display-name.js';
import { presetAnchor } from '../rules/preset-anchor.js';
import { surroundingSpace } from '../rules/surrounding-space.js';
import { tooManyMembers } from '../rules/too-many-members.js';
import { tooManyValues } from '../rules/too-many-values.js';
import { undecodableValue } from '../rules/undecodable-value.js';
import { limited } from './addresses.js';

export const NAMES: readonly Check[] = [
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

export const LARGE: readonly Check[] = [
  use(tooManyValues, 'userCertificate', { max: 15 }),
  use(tooManyValues, 'userSMIMECertificate', { max: 15 }),
  use(largePhoto, 'thumbnailPhoto', { most: 102_400, advised: 10_240 }),
  use(tooManyMembers, 'member', undefined),
];

export const ANCHORS: readonly Check[] = [
  use(malformedAnchor, 'mS-DS-ConsistencyGuid', undefined),
  use(presetAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateSecurityIdentifier, 'objectSid', undefined),
];

export const EXCHANGE: readonly Check[] = [
  use(linkedMailbox, 'msExchRecipientTypeDetails', undefined),
];
