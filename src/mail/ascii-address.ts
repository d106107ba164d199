import type { Fix } from '../model/rule.js';
import { UNSEEN } from '../text/characters.js';
import { plainLetters } from '../text/letters.js';
import { asciiDomain, isHostName } from './domain-name.js';

/** Anything beyond ASCII but blanks and invisible characters: those are judged as forbidden characters. */
const BEYOND_ASCII = new RegExp(`(?!${UNSEEN.source})[^\\p{ASCII}]`, 'u');

/** What a plain form may consist of; nothing in it can break an address. */
const PLAIN = /^[A-Za-z0-9'-]*$/;

/**
 * Letters with two plain forms in use (ü as u or ue, å as a or aa, đ as d or dj), in their decomposed form, and
 * symbols: what stands for them is a matter of choice.
 */
const MATTER_OF_CHOICE = /[aou]\u0308|a\u030a|[øðđəǝŋĸ]|\p{S}|\p{No}|\p{Lm}|\p{Lo}/iu;

/** Letters, marks, digits and the signs between them: what an international domain name is made of (RFC 5892). */
const INTERNATIONAL = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u;

/** Letters that older software writes as others: straße.de and strasse.de may belong to two owners (RFC 5894 7.2). */
const DEVIATION = /[ßς]/u;

/** Longer text is no name that anyone meant; hostile values have millions of characters. */
const CONVERTIBLE = 1000;

/** Whether a text has characters beyond ASCII that can be seen. */
export function isBeyondAscii(text: string): boolean {
  return BEYOND_ASCII.test(text);
}

/** The part before the `@` in plain letters; undefined where a character has no plain form, or nothing would be left. */
export function plainLocal(local: string): Fix | undefined {
  if (local.length > CONVERTIBLE) return undefined;
  let isSafe = true;
  let plain = '';
  for (const character of local.normalize('NFC')) {
    if (!isBeyondAscii(character)) {
      plain += character;
      continue;
    }
    const letters = plainLetters(character);
    if (letters === undefined || !PLAIN.test(letters)) return undefined;
    if (MATTER_OF_CHOICE.test(character.normalize('NFD'))) isSafe = false;
    plain += letters;
  }
  if (plain === '') return undefined;
  return { value: plain, ...(isSafe ? {} : { safety: 'review' as const }) };
}

/** A domain in its `xn--…` form; undefined where it is no domain name in any script. */
export function punycodeDomain(domain: string): Fix | undefined {
  if (!INTERNATIONAL.test(domain) || !isHostName(domain)) return undefined;
  const value = asciiDomain(domain);
  return { value, ...(DEVIATION.test(domain) ? { safety: 'review' as const } : {}) };
}
