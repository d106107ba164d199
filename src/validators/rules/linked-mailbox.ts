import { sidText } from '../../ldap/format/sid.js';
import { texts } from '../../ldap/format/values.js';
import type { EntryRule, References } from '../../model/rule.js';
import { USERS } from '../rule-parts/character-tables.js';

export const RECIPIENT_TYPE = 'msExchRecipientTypeDetails';

/** msExchRecipientTypeDetails of a linked mailbox (fact RTD-1). */
const LINKED = '2';

/** The attributes that name the account of a linked mailbox (fact MAS-1). */
const MASTER = 'msExchMasterAccountSid';
const ORIGINATOR = 'msRTCSIP-OriginatorSid';

/** Accounts of a domain: that of a shared mailbox is SELF, which everybody has. */
const OF_DOMAIN = /^S-1-5-21-/;

/**
 * A linked mailbox names the account that uses it, and so does an entry of Skype for Business (fact MAS-1). What else
 * carries msExchMasterAccountSid is joined only where the setup of Connect was told to (fact JOIN-1).
 */
export const MASTER_ACCOUNT: References = {
  attributes: [MASTER, ORIGINATOR],
  read: (entry, attribute, { matchUsersBy }) => {
    const isLinked = attribute === ORIGINATOR || texts(entry, RECIPIENT_TYPE).includes(LINKED);
    if (!USERS.includes(entry.kind) || !(isLinked || matchUsersBy === 'sid')) return [];
    return entry.values(attribute).flatMap((value) => {
      const key = sidText(value);
      return key !== undefined && OF_DOMAIN.test(key) ? [{ key, value }] : [];
    });
  },
};

/** A mailbox whose account is in another forest: by itself it is never exported. */
export const linkedMailbox: EntryRule<undefined> = {
  meta: {
    id: 'linked-mailbox',
    title: 'A linked mailbox, which needs its master account',
    why: 'A linked mailbox (msExchRecipientTypeDetails 2) has no anchor of its own. Until its master account in the other forest is synchronised too and joined to it, it is not exported and is missing in the cloud.',
    remedy:
      'Synchronise the forest of the master accounts together with this one, and scan both together; or convert the mailbox into a user mailbox.',
    severity: 'error',
    fix: 'none',
    errors: ['Format'],
    reads: MASTER_ACCOUNT.attributes,
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    unlessJoined: true,
    facts: ['RTD-1', 'MAS-1', 'SCOPE-4'],
  },
  check: ({ entry, attribute }) => {
    const value = texts(entry, attribute).find((type) => type === LINKED);
    if (value === undefined) return [];
    const [sid] = MASTER_ACCOUNT.attributes
      .flatMap((name) => entry.values(name))
      .flatMap((v) => sidText(v) ?? []);
    const master = sid === undefined ? 'its master account' : `its master account ${sid}`;
    const message = `This is a linked mailbox: it is not exported until ${master} in the other forest is synchronised and joined to it. Synchronise both forests together, or convert the mailbox.`;
    return [{ error: 'Format', value, message }];
  },
};
