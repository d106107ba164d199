import { texts } from '../../ldap/format/values.js';
import { ALIAS_SOURCES, impliedAliasOf } from '../../mail/implied-alias.js';
import type { DirectoryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { type Clash, duplicateMessage } from '../rule-parts/duplicate-message.js';

const CLASH: Clash = {
  consequence:
    'No Entra error follows, but the later entry gets four random digits in its onmicrosoft.com address.',
  advice: 'Give each entry an alias of its own.',
};

/** Aliases are compared over all domains: the cloud makes of each an address at the one initial domain. */
export const duplicateMailNickname: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-mail-nickname',
    title: 'An alias that several entries hold',
    why: 'The alias becomes an address at the tenant’s onmicrosoft.com domain, so Microsoft asks for a mailNickname that no other entry has. Entries that share one do arrive, but the later one gets another address there, with four random digits. A user without a mailNickname takes part with the alias that the cloud makes of the primary address, mail or sign-in name.',
    remedy: 'Give each entry a mailNickname of its own, mostly the local part of its address.',
    severity: 'warning',
    fix: 'review',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['NICK-7', 'NICK-10', 'X-7', 'X-13'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) =>
      value.trim() === '' ? [] : [{ key: value.toLowerCase(), value }],
    ),
  plainKeyAt: () => 0,
  message: (holder, others, count) => duplicateMessage(holder, others, count, CLASH),
};

/**
 * The same rule, the same pool, for the alias that the cloud makes for a user without mailNickname (fact NICK-10). A rule
 * of its own, because its lines alone depend on that absence.
 */
export const duplicateImpliedAlias: DirectoryRule<undefined> = {
  meta: {
    ...duplicateMailNickname.meta,
    reads: ['mailNickname', ...ALIAS_SOURCES],
    absence: ['mailNickname'],
    kinds: ['user', 'inetOrgPerson'],
  },
  keys: ({ entry, attribute }) => {
    if (entry.values('mailNickname').length > 0) return [];
    const implied = impliedAliasOf(entry);
    if (implied?.attribute !== attribute) return [];
    return [{ key: implied.alias.toLowerCase(), value: implied.value }];
  },
  without: 'mailNickname',
  message: (holder, others, count) => {
    const shown = `The alias that the cloud makes of ${quote(holder.value)}, because mailNickname is absent,`;
    return duplicateMessage(holder, others, count, { ...CLASH, shown });
  },
};
