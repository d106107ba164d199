import { texts } from '../../ldap/format/values.js';
import { addressIn, domainOf } from '../../mail/address.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';
import { LENGTH_FACTS, type Length, type Lengths } from '../rule-parts/lengths.js';
import { shorten } from '../rule-parts/shorten.js';

const WHERE: Readonly<Record<Length['part'], string>> = {
  value: '',
  local: ' before the @',
  domain: ' after the @',
};

/** A value and the parts of the mail address in it; the parts are empty where it has no `@`. */
function partsOf(attribute: string, value: string): Readonly<Record<Length['part'], string>> {
  const address = addressIn(attribute, value) ?? '';
  const domain = domainOf(address);
  if (domain === undefined) return { value, local: '', domain: '' };
  return { value, local: address.slice(0, -domain.length - 1), domain };
}

/** By how much a part exceeds its limit; negative where there is room. */
function excess(parts: ReturnType<typeof partsOf>, { part, limit }: Length): number {
  return parts[part].length - limit;
}

/** A value that is longer than the cloud, or the sync on the way, has room for. */
export const valueTooLong: EntryRule<Lengths> = {
  meta: {
    id: 'value-too-long',
    title: 'A value that is longer than the cloud takes',
    why: 'A sign-in name of more than 113 characters, 64 before and 48 after the @, is refused (IdentityDataValidationFailed), and so is a longer address. Other text is refused or cut off on the way without a word.',
    remedy:
      'Shorten the value. The proposal shortens the part before the @ or the end of the text, at the end of a word; never a domain.',
    severity: 'error',
    fix: 'review',
    errors: ['Length'],
    reads: ['userPrincipalName'],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: LENGTH_FACTS,
  },
  check: ({ entry, attribute, limits: { lengths, consequence } }) =>
    texts(entry, attribute).flatMap((value) => {
      // No part is longer than the whole.
      if (lengths.every(({ limit }) => value.length <= limit)) return [];
      const parts = partsOf(attribute, value);
      const broken = lengths.filter((length) => excess(parts, length) > 0);
      if (broken.length === 0) return [];
      const told = broken.map(
        ({ part, limit }) =>
          `${parts[part].length} characters${WHERE[part]}, where ${limit} is the limit`,
      );
      const message = `${quote(value)} has ${told.join(', and ')}. ${consequence}. Shorten it.`;
      return [{ error: 'Length', value, message }];
    }),
  fix: (value = '', { attribute, limits: { lengths, cut } }) => {
    const parts = partsOf(attribute, value);
    const part = cut === 'local' ? 'local' : 'value';
    const isLost = lengths.some((length) => length.part === 'domain' && excess(parts, length) > 0);
    if (cut === 'nothing' || isLost) return undefined;
    const most = Math.max(
      ...lengths.map((length) => (length.part === 'domain' ? 0 : excess(parts, length))),
    );
    const short = shorten(parts[part], parts[part].length - most);
    if (short === undefined) return undefined;
    // The part before the @ stands between the prefix and the domain.
    const tail = part === 'local' ? `@${parts.domain}` : '';
    const head = value.slice(0, value.length - tail.length - parts[part].length);
    return { value: `${head}${short}${tail}` };
  },
};
