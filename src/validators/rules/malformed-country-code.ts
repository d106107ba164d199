import { texts } from '../../ldap/format/values.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { COUNTRIES, MISTAKEN_COUNTRIES } from '../rule-parts/country-codes.js';

/** Where the default sync rules trim a value on its way, blanks around it do no harm (fact GEN-7). */
export interface CountryCodeLimits {
  readonly trimmed: boolean;
}

/** What a value that is no country code costs, by attribute. */
const CONSEQUENCE: Readonly<Record<string, string>> = {
  msExchUsageLocation: 'without a valid usage location the user can be given no licence',
};

/** A country that is no two-letter code of ISO 3166-1. A blank value is passed over, as the sync does. */
export const malformedCountryCode: EntryRule<CountryCodeLimits> = {
  meta: {
    id: 'malformed-country-code',
    title: 'A country that is not a code of ISO 3166',
    why: 'The cloud knows countries by the two capital letters of ISO 3166-1. A name, a code of three letters or one that is not assigned does not arrive as the country that is meant; in msExchUsageLocation it stands in the way of licences.',
    remedy: 'Write the two-letter code of the country in capitals, such as DE, GB or US.',
    severity: 'warning',
    fix: 'safe',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson'],
    facts: ['CTY-1', 'LOC-1', 'GEN-7'],
  },
  check: ({ entry, attribute, limits }) =>
    texts(entry, attribute).flatMap((value) => {
      const code = limits.trimmed ? value.trim() : value;
      if (value.trim() === '' || COUNTRIES.has(code)) return [];
      const consequence = CONSEQUENCE[attribute] ?? 'the cloud may not take it for the country';
      const message = `${quote(value)} is not two capital letters of ISO 3166-1: ${consequence}. Write the code of the country.`;
      return [{ error: 'Format', value, message }];
    }),
  fix: (value = '') => {
    const code = value.trim().toUpperCase();
    if (COUNTRIES.has(code)) return { value: code };
    const meant = MISTAKEN_COUNTRIES.get(code);
    return meant === undefined ? undefined : { value: meant, safety: 'review' };
  },
};
