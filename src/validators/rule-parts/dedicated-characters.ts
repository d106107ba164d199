import { ALIAS_CHARACTERS, type CharacterTable, MAIL_CHARACTERS } from './character-tables.js';

/** mailNickname by the old list, which IdFix's manual asks of dedicated tenants (NICK-3), beside what is asked of all. */
export const DEDICATED_ALIAS_CHARACTERS: CharacterTable = {
  ...ALIAS_CHARACTERS,
  sets: [
    {
      characters: /[!#$%*+/=?^`{}|~']/,
      severity: 'warning',
      consequence: 'The manual of IdFix forbids it in an alias of a dedicated tenant',
    },
    ...ALIAS_CHARACTERS.sets,
  ],
};

/** mail without any white space (MAIL-5): blanks at the ends weigh as much as others. */
export const DEDICATED_MAIL_CHARACTERS: CharacterTable = {
  form: MAIL_CHARACTERS.form,
  sets: MAIL_CHARACTERS.sets,
};
