import { texts } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank, listCharacters } from '../../text/characters.js';
import { quote } from '../../text/quote.js';

const BLANK = /\p{Zs}/u;

/** Blanks at the ends of a text that nothing trims on its way to the cloud (GEN-8). */
export const surroundingSpace: EntryRule<undefined> = {
  meta: {
    id: 'surrounding-space',
    title: 'A name with a blank before or after it',
    why: 'Connect trims most text, but not displayName: the blank arrives in the cloud, where the name sorts before all others or is not found.',
    remedy: 'Take the blank away; that is the proposal.',
    severity: 'info',
    fix: 'safe',
    errors: ['Character'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['DSP-4', 'GEN-7', 'GEN-8'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const ends = [value.charAt(0), value.slice(-1)].filter((end) => BLANK.test(end));
      if (ends.length === 0 || isBlank(value)) return [];
      const message = `${quote(value)} begins or ends with ${listCharacters(ends)}, which ${attribute} keeps on the way to the cloud. Take it away.`;
      return [{ error: 'Character', value, message }];
    }),
  fix: (value = '') => ({ value: value.trim(), safety: 'safe' }),
};
