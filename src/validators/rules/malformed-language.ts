import { texts } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { LANGUAGES } from '../rule-parts/language-codes.js';

/** A language tag (RFC 5646) of language, script, region and variants, in any case; the language is the first group. */
const TAG = /^([a-z]{2,3})((?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-[a-z0-9]{5,8}){0,4})$/i;

/** Languages without a two-letter code (fil-PH) pass where script or region show that a tag is meant. */
function isLanguage(text: string): boolean {
  const [, language = '', rest = ''] = TAG.exec(text) ?? [];
  return LANGUAGES.has(language.toLowerCase()) || (language.length === 3 && rest !== '');
}

/** A preferred language that is no language code. Blanks around it are trimmed on the way (fact GEN-7). */
export const malformedLanguage: EntryRule<undefined> = {
  meta: {
    id: 'malformed-language',
    title: 'A preferred language that is not a language code',
    why: 'The cloud takes preferredLanguage as a code of ISO 639-1, with a region where it matters, such as en-US. Anything else is not understood, and the user is addressed in the language of the organisation.',
    remedy:
      'Write the two letters of the language, and the region after a hyphen: de, en-US, pt-BR.',
    severity: 'warning',
    fix: 'safe',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['LEN-4', 'GEN-7'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const text = value.trim();
      if (text === '' || isLanguage(text)) return [];
      const message = `${quote(value)} is no language code: the cloud does not understand it. Write one such as en-US.`;
      return [{ error: 'Format', value, message }];
    }),
  fix: (value = '') => {
    const tag = value.trim().replaceAll('_', '-');
    return isLanguage(tag) ? { value: tag } : undefined;
  },
};
