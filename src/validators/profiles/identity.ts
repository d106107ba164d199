import { type ProfileLine, unique, use } from '../engine/profile-line.js';
import { duplicateAnchor } from '../rules/duplicate-anchor.js';
import { duplicateMailboxGuid } from '../rules/duplicate-mailbox-guid.js';
import { duplicateSecurityIdentifier } from '../rules/duplicate-security-identifier.js';
import { linkedMailbox } from '../rules/linked-mailbox.js';
import { malformedAnchor } from '../rules/malformed-anchor.js';
import { presetAnchor } from '../rules/preset-anchor.js';

/** What ties an entry to its object in the cloud. */
export const ANCHORS: readonly ProfileLine[] = [
  use(malformedAnchor, 'mS-DS-ConsistencyGuid', undefined),
  use(presetAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateAnchor, 'mS-DS-ConsistencyGuid', undefined),
  unique(duplicateAnchor, 'objectGUID', undefined),
  unique(duplicateSecurityIdentifier, 'objectSid', undefined),
];

/** What ties a mailbox to the account that uses it. */
export const EXCHANGE: readonly ProfileLine[] = [
  use(linkedMailbox, 'msExchRecipientTypeDetails', undefined),
  unique(duplicateMailboxGuid, 'msExchMailboxGuid', undefined),
  unique(duplicateMailboxGuid, 'msExchArchiveGUID', undefined),
];
