import { texts } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** One character, be it outside the basic plane, before the last `@`. */
const ONE_CHARACTER = /^\s*[^\s@]\s*@[^@]*$/u;

/** A sign-in name with a single character before the `@`. */
export const shortSignInName: EntryRule<undefined> = {
  meta: {
    id: 'short-sign-in-name',
    title: 'A sign-in name with one character before the @',
    why: 'Microsoft advises more than one character before the @ of a sign-in name. Such a name syncs all the same.',
    remedy: 'Prefer a longer name when the user is renamed anyway.',
    severity: 'info',
    fix: 'none',
    errors: ['LocalPart'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['UPN-13'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute)
      .filter((value) => ONE_CHARACTER.test(value))
      .map((value) => ({
        error: 'LocalPart',
        value,
        message: `${quote(value)} has one character before the @: Microsoft advises more. Prefer a longer name.`,
      })),
};
