import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/**
 * Several values where the sync takes one. Each is told of, so that a person can mark in the sheet which to remove:
 * LDAP knows no order of values, and so nobody can say which one the first is.
 */
export const lostValues: EntryRule<undefined> = {
  meta: {
    id: 'lost-values',
    title: 'Several values of which only one is synchronised',
    why: 'description, postOfficeBox and url can hold several values in Active Directory, and mail can in other directories. The sync takes the first one and leaves the others behind, and a directory does not say which of them is the first.',
    remedy: 'Keep the value that the cloud should have and remove the others.',
    severity: 'warning',
    fix: 'none',
    errors: ['Length'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['GEN-9', 'DSC-1', 'MAIL-9'],
  },
  check: ({ entry, attribute }) => {
    const values = entry.values(attribute);
    if (values.length < 2) return [];
    return values.map((value) => ({
      error: 'Length',
      value,
      message: `${quote(value)} is one of ${values.length} values of ${attribute}: only one of them reaches the cloud, and not surely the one you want. Keep one and remove the others.`,
    }));
  },
};
