import { type ProfileLine, use } from '../engine/profile-line.js';
import {
  DEDICATED_ALIAS_CHARACTERS,
  DEDICATED_MAIL_CHARACTERS,
} from '../rule-parts/dedicated-characters.js';
import { differingTargetAddress } from '../rules/differing-target-address.js';
import { forbiddenCharacter } from '../rules/forbidden-character.js';
import { missingAlias } from '../rules/missing-alias.js';
import { missingTargetAddress } from '../rules/missing-target-address.js';
import { surroundingSpace } from '../rules/surrounding-space.js';

/** What IdFix's manual asks of dedicated tenants, beside everything else; its own program did not do all of it. */
export const DEDICATED: readonly ProfileLine[] = [
  use(differingTargetAddress, 'targetAddress', undefined),
  use(missingTargetAddress, 'targetAddress', undefined),
  use(missingAlias, 'mailNickname', undefined),
  use(forbiddenCharacter, 'mailNickname', DEDICATED_ALIAS_CHARACTERS),
  use(surroundingSpace, 'displayName', undefined, { severity: 'warning' }),
];

/** The same for mail, where it is not the sign-in name: that is judged more strictly. */
export const DEDICATED_MAIL: readonly ProfileLine[] = [
  use(forbiddenCharacter, 'mail', DEDICATED_MAIL_CHARACTERS),
];
