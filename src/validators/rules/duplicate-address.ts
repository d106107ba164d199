import { domainOfDn } from '../../ldap/format/dn.js';
import { texts } from '../../ldap/format/values.js';
import { addressIn, addressKey } from '../../mail/address.js';
import type { DirectoryRule, Settings, UniqueKey } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { duplicateMessage, TYPE_MISMATCH } from '../rule-parts/duplicate-message.js';

const CLASH = {
  consequence:
    'The cloud gives it to one of them and refuses the others (InvalidSoftMatch, AttributeValueMustBeUnique), or lets them in without it.',
  ofMixedKinds: TYPE_MISMATCH,
};

/**
 * One pool for every address: the cloud adds the user principal name to the addresses of its user and turns mail into
 * one, so a value is taken whatever attribute holds it.
 */
export const duplicateAddress: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-address',
    title: 'An address that several entries hold',
    why: 'Microsoft 365 gives an address to one user, group or contact only. Of several entries with the same address in userPrincipalName, mail or proxyAddresses, all but one fail to sync (InvalidSoftMatch, AttributeValueMustBeUnique, ObjectTypeMismatch) or arrive without the address.',
    remedy:
      'Decide whose address it is and change or remove it in all other entries, then let the next sync cycle run.',
    severity: 'error',
    fix: 'review',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact', 'publicFolder'],
    facts: [
      ...['X-1', 'X-2', 'X-4', 'X-5', 'X-8', 'X-9', 'X-10', 'X-13'],
      ...['UPN-11', 'UPN-12', 'UPN-16', 'MAIL-1', 'MAIL-7', 'PRX-13', 'PF-1'],
    ],
  },
  keys: ({ entry, attribute }) => {
    const keys: UniqueKey[] = [];
    for (const value of texts(entry, attribute)) {
      const key = addressKey(addressIn(attribute, value) ?? '');
      if (key !== '') keys.push({ key, value });
    }
    return keys;
  },
  plainKeyAt: (attribute) => (attribute === 'proxyAddresses' ? 'smtp:'.length : 0),
  joinsBy: (attribute) => (attribute === 'mail' ? 'mail' : undefined),
  message: (holder, others, count) => duplicateMessage(holder, others, count, CLASH),
};

/**
 * The same rule, the same pool, for the sign-in name that Connect makes of sAMAccountName and the domain where the
 * attribute that gives it is absent (facts UPN-12, UPN-16). A rule of its own, because its lines alone depend on that
 * absence.
 */
function impliedAddress(absent: Settings['loginAttribute']): DirectoryRule<undefined> {
  return {
    meta: {
      ...duplicateAddress.meta,
      reads: [absent],
      absence: [absent],
      kinds: ['user', 'inetOrgPerson'],
    },
    keys: ({ entry, attribute }) => {
      if (entry.values(absent).length > 0) return [];
      const domain = domainOfDn(entry.dn);
      if (domain === '') return [];
      return texts(entry, attribute).map((value) => ({
        key: addressKey(`${value}@${domain}`),
        value,
      }));
    },
    without: absent,
    message: (holder, others, count) => {
      const name = quote(`${String(holder.value)}@${domainOfDn(holder.entry.dn)}`);
      const shown = `The sign-in name ${name}, made of sAMAccountName and domain because ${absent} is absent,`;
      return duplicateMessage(holder, others, count, { ...CLASH, shown });
    },
  };
}

export const duplicateImpliedAddress: Readonly<
  Record<Settings['loginAttribute'], DirectoryRule<undefined>>
> = {
  userPrincipalName: impliedAddress('userPrincipalName'),
  mail: impliedAddress('mail'),
};
