import { texts } from '../../ldap/format/values.js';
import type { EntryRule, Fault } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** Dots of an alias must stand between other characters. */
export const malformedMailNickname: EntryRule<undefined> = {
  meta: {
    id: 'malformed-mail-nickname',
    title: 'An alias with a dot out of place',
    why: 'A mailNickname that begins with a dot fails to sync. Exchange Online takes no dot at the end and no two together either; what the sync makes of those is not documented.',
    remedy: 'Take the dots out; the alias without them is the proposal.',
    severity: 'warning',
    fix: 'safe',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['NICK-1', 'NICK-5', 'NICK-8'],
  },
  check: ({ entry, attribute }) => texts(entry, attribute).flatMap((value) => faultOf(value) ?? []),
  fix: (value) => {
    const repaired = value
      ?.split('.')
      .filter((part) => part !== '')
      .join('.');
    return repaired ? { value: repaired } : undefined;
  },
};

function faultOf(value: string): Fault | undefined {
  if (value.startsWith('.')) {
    const message = `${quote(value)} begins with a dot: an alias like that fails to sync. Take the dot out.`;
    return { error: 'Format', value, message, severity: 'error' };
  }
  const where = value.endsWith('.') ? 'ends with a dot' : 'has two dots together';
  if (!value.endsWith('.') && !value.includes('..')) return undefined;
  const message = `${quote(value)} ${where}: Exchange Online does not take such an alias. Take the dot out.`;
  return { error: 'Format', value, message };
}
