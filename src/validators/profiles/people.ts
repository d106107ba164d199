import { type ProfileLine, use } from '../engine/profile-line.js';
import { NAME_CHARACTERS, USERS } from '../rule-parts/character-tables.js';
import {
  DISPLAY_NAME_LENGTHS,
  EXTENSION_ATTRIBUTES,
  EXTENSION_LENGTHS,
  NOTE_LENGTHS,
  PERSON_LENGTHS,
} from '../rule-parts/lengths.js';
import { blankValue } from '../rules/blank-value.js';
import { forbiddenCharacter } from '../rules/forbidden-character.js';
import { lostValues } from '../rules/lost-values.js';
import { malformedCountryCode } from '../rules/malformed-country-code.js';
import { malformedLanguage } from '../rules/malformed-language.js';
import { missingDisplayName } from '../rules/missing-display-name.js';
import { surroundingSpace } from '../rules/surrounding-space.js';
import { undecodableValue } from '../rules/undecodable-value.js';
import { limited } from './limited.js';

export const NAMES: readonly ProfileLine[] = [
  use(undecodableValue, 'displayName', undefined),
  use(missingDisplayName, 'displayName', undefined),
  use(
    blankValue,
    'displayName',
    { stead: 'cn', removedFrom: [] },
    { severity: 'warning', kinds: [...USERS, 'contact'] },
  ),
  use(forbiddenCharacter, 'displayName', NAME_CHARACTERS),
  use(surroundingSpace, 'displayName', undefined),
  limited('displayName', DISPLAY_NAME_LENGTHS, { severity: 'warning' }),
  ...['givenName', 'sn', 'company', 'department', 'title', 'l', 'st', 'co'].map((attribute) =>
    use(forbiddenCharacter, attribute, NAME_CHARACTERS),
  ),
  ...Object.entries(PERSON_LENGTHS).map(([attribute, lengths]) =>
    limited(attribute, lengths, { severity: 'warning', kinds: USERS }),
  ),
  ...EXTENSION_ATTRIBUTES.map((attribute) =>
    limited(attribute, EXTENSION_LENGTHS, { severity: 'warning' }),
  ),
  limited('description', NOTE_LENGTHS, {
    severity: 'warning',
    kinds: [...USERS, 'group'],
  }),
  limited('info', NOTE_LENGTHS, { severity: 'warning', kinds: USERS }),
  use(malformedCountryCode, 'c', { trimmed: true }),
  use(malformedCountryCode, 'msExchUsageLocation', { trimmed: false }),
  use(malformedLanguage, 'preferredLanguage', undefined),
  use(lostValues, 'mail', undefined),
  use(lostValues, 'description', undefined, { kinds: [...USERS, 'group'] }),
  use(lostValues, 'postOfficeBox', undefined, { kinds: USERS }),
  use(lostValues, 'url', undefined, { kinds: USERS }),
];
