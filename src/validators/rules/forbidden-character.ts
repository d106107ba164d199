import { compareSeverities } from '../../findings/severities.js';
import { texts } from '../../ldap/format/values.js';
import { addressIn } from '../../mail/address.js';
import { readTyped } from '../../mail/address-type.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank, listCharacters, trimUnseen } from '../../text/characters.js';
import { quote } from '../../text/quote.js';
import { CHARACTER_FACTS, type CharacterTable } from '../rule-parts/character-tables.js';
import { setsIn, withoutCharacters } from '../rule-parts/without-characters.js';

/** Whether a value is an address of a type other than SMTP: of it, what stands at its ends alone is judged here. */
function isOfOtherType(attribute: string, value: string, { form }: CharacterTable): boolean {
  if (form !== 'address' || addressIn(attribute, trimUnseen(value)) !== undefined) return false;
  return readTyped(value) !== undefined;
}

/** The part of a value that is judged: nothing of a blank one, nor of one without a type where it needs one. */
function judged(attribute: string, value: string, table: CharacterTable): string {
  const text = trimUnseen(value);
  if (isOfOtherType(attribute, value, table)) return value.replace(text, () => '');
  const said = table.form === 'address' ? addressIn(attribute, text) : value;
  return said === undefined || isBlank(said) ? '' : value;
}

/** A sign-in name without the Windows domain of the account, DOMAIN\\name: nobody means it to be a part of the name. */
function withoutAccountDomain(value: string, attribute: string): string {
  if (attribute !== 'userPrincipalName') return value;
  return value.replace(/^\s*[a-z0-9_.-]{1,15}\\(?=[\w.'-]+@)/i, '');
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
      const text = judged(attribute, value, limits);
      const sets = setsIn(text, limits);
      const [gravest] = sets.toSorted((a, b) => compareSeverities(a.severity, b.severity));
      if (!gravest) return [];
      const found = [...new Set(text)].filter((c) => sets.some((set) => set.characters.test(c)));
      const isClean = (part: string) => setsIn(part, limits).length === 0;
      // What Connect trims are blanks; a byte order mark, which trim() takes for one, is none.
      const isTrimmed = limits.ends && isClean(text.trim()) && !found.includes('\ufeff');
      const { severity, consequence } = (isTrimmed && limits.ends) || gravest;
      const holds = isClean(trimUnseen(text)) ? 'begins or ends with' : 'holds';
      const message = `${quote(value)} ${holds} ${listCharacters(found)}. ${consequence}. Take it out.`;
      return [{ error: 'Character', value, severity, message }];
    }),
  fix: (value = '', { attribute, limits }) => {
    if (isOfOtherType(attribute, value, limits)) return { value: trimUnseen(value) };
    const name = withoutAccountDomain(value, attribute);
    const fix = withoutCharacters(name, attribute, limits);
    return fix && name !== value ? { ...fix, safety: 'review' } : fix;
  },
};
