import { compareSeverities } from '../../findings/severities.js';
import { texts } from '../../ldap/format/values.js';
import { addressIn } from '../../mail/address.js';
import type { Severity } from '../../model/finding.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank, listCharacters, trimUnseen } from '../../text/characters.js';
import { quote } from '../../text/quote.js';
import { CHARACTER_FACTS, type CharacterTable } from '../rule-parts/character-tables.js';
import { clean, setsIn } from '../rule-parts/without-characters.js';

const ADVICE: Readonly<Record<Severity, string>> = {
  error: 'Take it out.',
  warning: 'Take it out.',
  info: 'Nothing has to be done for the sync.',
};

/** The part of a value that is judged: all of it, but no address of another type and no blank value. */
function judged(attribute: string, value: string, form: CharacterTable['form']): boolean {
  const text = form === 'address' ? addressIn(attribute, trimUnseen(value)) : value;
  return text !== undefined && !isBlank(text);
}

/** A value with a character that the sync does not carry, alters or does not expect. */
export const forbiddenCharacter: EntryRule<CharacterTable> = {
  meta: {
    id: 'forbidden-character',
    title: 'A character that its attribute had better not hold',
    why: 'The cloud refuses or drops an address with a character that it does not permit, and puts an underscore into an alias in its place. Blanks and invisible characters at an end come in with copied text, and nobody sees why sign-in or mail fails.',
    remedy:
      'Take the character out. Where people would read the same afterwards the proposal is safe; where a name becomes another one, look at it first.',
    severity: 'error',
    fix: 'safe',
    errors: ['Character'],
    reads: ['userPrincipalName'],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: CHARACTER_FACTS,
  },
  check: ({ entry, attribute, limits }) =>
    texts(entry, attribute).flatMap((value) => {
      const sets = setsIn(value, entry.kind, limits);
      const [gravest] = sets.toSorted((a, b) => compareSeverities(a.severity, b.severity));
      if (!gravest || !judged(attribute, value, limits.form)) return [];
      const found = [...new Set(value)].filter((c) => sets.some((set) => set.characters.test(c)));
      const isClean = (text: string) => setsIn(text, entry.kind, limits).length === 0;
      // What Connect trims are blanks; a byte order mark, which trim() takes for one, is none.
      const isTrimmed = limits.ends && isClean(value.trim()) && !found.includes('\ufeff');
      const { severity, consequence } = (isTrimmed && limits.ends) || gravest;
      const holds = isClean(trimUnseen(value)) ? 'begins or ends with' : 'holds';
      const message = `${quote(value)} ${holds} ${listCharacters(found)}. ${consequence}. ${ADVICE[severity]}`;
      return [{ error: 'Character', value, severity, message }];
    }),
  fix: (value = '', { entry, attribute, limits }) => {
    const sets = setsIn(value, entry.kind, limits);
    // A note alone is no reason to change what people read: "Team @ Contoso" is a fine name.
    const isNote = sets.every(({ severity }) => severity === 'info');
    return isNote ? undefined : clean(value, attribute, entry.kind, limits);
  },
};
