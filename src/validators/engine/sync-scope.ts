import { knownKey } from '../../ldap/entry/attribute-names.js';
import { FIRST_VALUE, isAscii, RawEntry, VALUE_STEP } from '../../ldap/entry/entry.js';
import { texts } from '../../ldap/format/values.js';
import { isPrimary } from '../../mail/address.js';
import { isMailEnabled } from '../../mail/mail-enabled.js';
import type { Entry } from '../../model/entry.js';

/** Attributes that decide whether an entry takes part in synchronisation. */
export const SCOPE_ATTRIBUTES: readonly string[] = [
  'isDeleted',
  'isCriticalSystemObject',
  'sAMAccountName',
  'mailNickname',
  'msExchRecipientTypeDetails',
  'adminDescription',
  'groupType',
  'mail',
  'proxyAddresses',
  'displayName',
  'msExchHideFromAddressLists',
];

/** Why an entry will not be synchronised. */
export interface Skip {
  readonly reason: string;
  /** The attributes by whose absence it was decided: where a source cannot deliver them, nothing is decided. */
  readonly absence: readonly string[];
}

/**
 * What replication puts into the name of the loser of a naming conflict, as LDAP spells it; 389 Directory Server adds a
 * second part to the name.
 */
const CONFLICT = /\\0ACNF:|^nsuniqueid=[^,+]*\+|^(?:[^,\\]|\\.)*\+nsuniqueid=/i;
/** What is in the name of a deleted object (MS-ADTS 3.1.1.5.5); on 389 Directory Server it is all of the name. */
const DELETED = /\\0ADEL:|^nsuniqueid=[^,+]*(?:,|$)/i;

/** Recipient types of system mailboxes and the like: public folder to discovery mailbox (SCOPE-11). */
const SYSTEM_MAILBOXES = 0x21c07000n;
/** The recipient type that keeps a group out (SCOPE-22). */
const EXCLUDED_GROUP = 0x40000000n;
/** groupType: the group grants rights; without it the group is a distribution list (MS-ADTS 2.2.12). */
const SECURITY_ENABLED = 0x80000000n;

/**
 * Why an entry will not be synchronised at all, or undefined when it will be (facts SCOPE-1 and following). Such an
 * entry is counted, not judged, and does not compete for addresses.
 */
export function skipOf(entry: Entry): Skip | undefined {
  if (entry instanceof RawEntry && isOrdinaryUser(entry)) return undefined;
  const remnant = remnantOf(entry);
  if (remnant !== undefined) return because(remnant);
  if (first(entry, 'isCriticalSystemObject').toUpperCase() === 'TRUE')
    return because('critical system object');
  if (entry.kind === 'user' || entry.kind === 'inetOrgPerson') return skipOfUser(entry);
  if (entry.kind === 'contact') return skipOfContact(entry);
  if (entry.kind === 'group') return skipOfGroup(entry);
  // Connect takes them with an option of its setup only, which no entry tells of (fact PF-1).
  if (entry.kind === 'publicFolder') return undefined;
  return because(isOfNoClass(entry) ? NO_CLASS : 'not a user, group or contact');
}

/** The reason that is none to be sure of: what the entry is nobody can tell. */
export const NO_CLASS = 'without objectClass';

function isOfNoClass(entry: Entry): boolean {
  return texts(entry, 'objectClass').every((name) => name.trim() === '');
}

/** Why an entry is only what replication left of one; undefined for all that live under their own name. */
function remnantOf(entry: Entry): string | undefined {
  const isDeleted =
    DELETED.test(entry.dn) ||
    first(entry, 'isDeleted').toUpperCase() === 'TRUE' ||
    texts(entry, 'objectClass').some((name) => name.toLowerCase() === 'nstombstone');
  if (isDeleted) return 'deleted object';
  return CONFLICT.test(entry.dn) ? 'replication conflict' : undefined;
}

/** What an attribute has to say of a user, by the key of its name. */
const ROLES: number[] = [];
/** It alone can keep out a user that has an account name without a REMARKABLE character. */
const TELLING = 1;
const NAME = 2;
/** Of what kind the entry is; one value of it takes the entry out. */
const CLASS = 3;
const TELLING_NAMES = [
  'isDeleted',
  'isCriticalSystemObject',
  'msExchRecipientTypeDetails',
  'adminDescription',
] as const;
for (const name of TELLING_NAMES) ROLES[knownKey(name)] = TELLING;
for (const name of ['sAMAccountName', 'mailNickname'] as const) ROLES[knownKey(name)] = NAME;
ROLES[knownKey('objectClass')] = CLASS;
const ACCOUNT = knownKey('sAMAccountName');

/** Each name that keeps an entry out has one of these. */
const REMARKABLE = new Uint8Array(256);
for (const character of '_{}\\+') REMARKABLE[character.charCodeAt(0)] = 1;

/** Most users are seen to be in scope at one look. */
function isOrdinaryUser(entry: RawEntry): boolean {
  if (entry.kind !== 'user' && entry.kind !== 'inetOrgPerson') return false;
  const { bytes, layout, names } = entry;
  const [start = 0, end = 0] = layout;
  if (isOf389(bytes, start) || isRemarkable(bytes, start, end)) return false;
  let hasAccount = false;
  for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
    const { key } = names.at(layout[at] as number);
    const role = ROLES[key];
    if (role === undefined) continue;
    const from = layout[at + 1] as number;
    const to = layout[at + 2] as number;
    if (role === CLASS ? isOf389(bytes, from) : role === TELLING || isRemarkable(bytes, from, to))
      return false;
    if (key !== ACCOUNT) continue;
    // Empty, or no text: what that means is not for a look to say.
    if (to === from || !isAscii(bytes, from, to)) return false;
    hasAccount = true;
  }
  return hasAccount;
}

/** Whether `nsTombstone` or `nsuniqueid` may stand here. */
function isOf389(bytes: Uint8Array, from: number): boolean {
  return ((bytes[from] as number) | 0x20) === 0x6e && ((bytes[from + 1] as number) | 0x20) === 0x73;
}

function isRemarkable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (REMARKABLE[bytes[at] as number] === 1) return true;
  return false;
}

function skipOfUser(entry: Entry): Skip | undefined {
  const account = first(entry, 'sAMAccountName').toLowerCase();
  if (account === '') return because('user without sAMAccountName', 'sAMAccountName');
  const nickname = first(entry, 'mailNickname').toLowerCase();
  const isService =
    account === 'support_388945a0' || /^(aad_|msol_)/.test(account) || /^cas_.*\}/.test(account);
  if (isService) return because('service account by its sAMAccountName');
  if (nickname.startsWith('systemmailbox{') || /^cas_.*\}/.test(nickname))
    return because('system mailbox by its mailNickname');
  if ((integer(entry, 'msExchRecipientTypeDetails') & SYSTEM_MAILBOXES) !== 0n)
    return because('system mailbox by its recipient type');
  // The default rule for inetOrgPerson lacks this clause.
  if (entry.kind === 'user' && /^user_/i.test(first(entry, 'adminDescription')))
    return because('written back from the cloud');
  return undefined;
}

function skipOfContact(entry: Entry): Skip | undefined {
  const mail = first(entry, 'mail');
  if (mail === '') return because('contact without mail', 'mail');
  const hidden = first(entry, 'msExchHideFromAddressLists').toUpperCase() === 'TRUE';
  if (hidden && first(entry, 'displayName').includes('(MSOL)'))
    return because('written back from the cloud');
  if (/^cas_.*\}/i.test(first(entry, 'mailNickname')))
    return because('system mailbox by its mailNickname');
  const addresses = texts(entry, 'proxyAddresses');
  const addressed = mail.includes('@') || addresses.some((a) => isPrimary(a) && a.includes('@'));
  return addressed ? undefined : because('contact without mail address', 'proxyAddresses');
}

function skipOfGroup(entry: Entry): Skip | undefined {
  if (first(entry, 'sAMAccountName').toLowerCase() === 'msol_ad_sync_richcoexistence')
    return because('service account by its sAMAccountName');
  if ((integer(entry, 'msExchRecipientTypeDetails') & EXCLUDED_GROUP) !== 0n)
    return because('excluded by its recipient type');
  if (/^group_/i.test(first(entry, 'adminDescription')))
    return because('written back from the cloud');
  const type = texts(entry, 'groupType')[0];
  const isDistribution =
    type !== undefined && (BigInt.asUintN(32, toInteger(type)) & SECURITY_ENABLED) === 0n;
  if (isDistribution && !isMailEnabled(entry))
    return because('distribution group without mail', 'mail', 'proxyAddresses');
  return undefined;
}

function because(reason: string, ...absence: readonly string[]): Skip {
  return { reason, absence };
}

function first(entry: Entry, attribute: string): string {
  return texts(entry, attribute)[0] ?? '';
}

/** Large integers of Active Directory have 64 bits: a double would lose some of them (fact RTD-4). */
function integer(entry: Entry, attribute: string): bigint {
  return toInteger(first(entry, attribute));
}

function toInteger(text: string): bigint {
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}
