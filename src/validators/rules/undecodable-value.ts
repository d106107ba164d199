import type { EntryRule } from '../../model/rule.js';

/** A value of a text attribute whose bytes are no UTF-8: nobody can say what it means. */
export const undecodableValue: EntryRule<undefined> = {
  meta: {
    id: 'undecodable-value',
    title: 'A value that is no text',
    why: 'Text in a directory is UTF-8. Bytes that are not cannot be carried to the cloud, and no other rule can judge them.',
    remedy:
      'Enter the value anew. Such bytes come from a program or an import that wrote another character set.',
    severity: 'error',
    fix: 'none',
    errors: ['Character'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['GEN-1'],
  },
  check: ({ entry, attribute }) =>
    entry.values(attribute).flatMap((value) => {
      if (typeof value === 'string') return [];
      const bytes = value.length === 1 ? '1 byte' : `${value.length} bytes`;
      const message = `This value of ${attribute} is no UTF-8 text but ${bytes} that the sync cannot carry. Enter the value anew.`;
      return [{ error: 'Character', value, message }];
    }),
};
