import { type ProfileLine, use } from '../engine/profile-line.js';
import { largePhoto } from '../rules/large-photo.js';
import { tooManyMembers } from '../rules/too-many-members.js';
import { tooManyValues } from '../rules/too-many-values.js';

/** What is refused or advised against for its size alone. */
export const LARGE: readonly ProfileLine[] = [
  use(tooManyValues, 'userCertificate', { max: 15 }),
  use(tooManyValues, 'userSMIMECertificate', { max: 15 }),
  use(largePhoto, 'thumbnailPhoto', { most: 102_400, advised: 10_240 }),
  use(tooManyMembers, 'member', undefined),
];
