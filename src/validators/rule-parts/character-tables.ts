import type { EntryKind } from '../../model/entry.js';
import type { Severity } from '../../model/finding.js';
import { UNSEEN } from '../../text/characters.js';

/** Characters that a value had better not hold, and what becomes of it. */
export interface CharacterSet {
  /** Matches one of them. */
  readonly characters: RegExp;
  readonly severity: Severity;
  /** The part of an address that the set is for: what comes before its last `@`; all of the value without it. */
  readonly part?: 'local';
  /** What becomes of such a value: a sentence without its full stop. */
  readonly consequence: string;
}

/** Which characters an attribute had better not hold. */
export interface CharacterTable {
  /** How a value is repaired: an address keeps its domain, an alias is one word, a name has several. */
  readonly form: 'address' | 'alias' | 'name';
  readonly sets: readonly CharacterSet[];
  /** What is said where nothing but blanks at the ends is wrong, if that is less grave (GEN-7). */
  readonly ends?: Omit<CharacterSet, 'characters' | 'part'>;
}

/** The facts that the tables stand on. */
export const CHARACTER_FACTS: readonly string[] = [
  ...['GEN-1', 'GEN-7', 'GEN-8', 'UPN-5', 'UPN-6', 'UPN-16', 'MAIL-5', 'MAIL-6', 'MAIL-10'],
  ...['PRX-2', 'PRX-3', 'PRX-17', 'TGT-2', 'NICK-3', 'NICK-4', 'NICK-8', 'SAM-2', 'SAM-5'],
];

/** Kinds of entries that sign in. */
export const USERS: readonly EntryKind[] = ['user', 'inetOrgPerson'];

/** The characters of a list, and everything that nobody sees. */
const unseenAnd = (list: string) =>
  new RegExp(`${UNSEEN.source.slice(0, -1)}${list.replace(/[\\\]\-^]/g, '\\$&')}]`, 'u');

const TRIMMED = 'Connect takes the blanks at its ends away on the way to the cloud';

const REPLACED = 'The address arrives in the cloud with _ in its place';

/** mail (MAIL-5, MAIL-6, MAIL-10); its structure is another rule's. */
export const MAIL_CHARACTERS: CharacterTable = {
  form: 'address',
  sets: [
    {
      characters: UNSEEN,
      severity: 'warning',
      consequence: 'It is no usable mail address, though it looks like one',
    },
    { characters: /[`()|=?/%]/, part: 'local', severity: 'warning', consequence: REPLACED },
  ],
  ends: { severity: 'info', consequence: TRIMMED },
};

/** The sign-in name, whichever attribute gives it (UPN-5, UPN-6, UPN-16). */
export const SIGN_IN_CHARACTERS: CharacterTable = {
  form: 'address',
  sets: [
    {
      characters: unseenAnd('\\%&*+/=?{}|<>();:,[]"$`'),
      severity: 'error',
      consequence: 'The cloud refuses such a sign-in name (IdentityDataValidationFailed)',
    },
  ],
};

/** SMTP values of proxyAddresses (PRX-2, PRX-3, PRX-17); colons are another rule's. */
export const PROXY_CHARACTERS: CharacterTable = {
  form: 'address',
  sets: [
    {
      characters: unseenAnd('<>();,[]"'),
      severity: 'error',
      consequence: 'The cloud drops such an address',
    },
    { characters: /[`|=?/%]/, part: 'local', severity: 'warning', consequence: REPLACED },
  ],
  ends: { severity: 'warning', consequence: TRIMMED },
};

/** SMTP values of targetAddress (TGT-2); not trimmed on the way (GEN-8). */
export const TARGET_CHARACTERS: CharacterTable = {
  form: 'address',
  sets: [
    {
      characters: unseenAnd('\\<>();,[]"'),
      severity: 'error',
      consequence: 'The sync cannot carry such an address',
    },
  ],
};

/** mailNickname: what Exchange does not take today, and what the sync does not. */
export const ALIAS_CHARACTERS: CharacterTable = {
  form: 'alias',
  sets: [
    {
      characters: /&/,
      severity: 'error',
      consequence: 'Exchange Online takes no & in an alias that comes through the sync',
    },
    {
      characters: /["(),:;<>@[\\\]\u0100-\u{10ffff}]/u,
      severity: 'warning',
      consequence: 'The alias arrives in the cloud with _ in its place',
    },
    {
      characters: UNSEEN,
      severity: 'warning',
      consequence: 'The alias arrives in the cloud with _ in its place',
    },
  ],
};

/** sAMAccountName of a user (SAM-2). The apostrophe in the list of that page is taken for one of its print. */
export const ACCOUNT_CHARACTERS: CharacterTable = {
  form: 'alias',
  sets: [
    {
      characters: /[[\]\\"|,/:<>+=;?*]/,
      severity: 'error',
      consequence: 'Without a good sign-in name beside it the user fails to sync',
    },
    {
      characters: /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/u,
      severity: 'error',
      consequence: 'Nobody can type such a name',
    },
  ],
};

/**
 * Controls and format characters that no name needs. Joiners are not among them: Persian, Indic scripts and emoji
 * are spelled with them.
 */
const NEVER_IN_NAMES: CharacterSet = {
  characters:
    /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u,
  severity: 'warning',
  consequence: 'Address lists and searches in the cloud come apart on what nobody sees',
};

/** Names that people read. */
export const NAME_CHARACTERS: CharacterTable = { form: 'name', sets: [NEVER_IN_NAMES] };
