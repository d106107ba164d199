import type { Value } from '../../model/entry.js';
import { writtenOut } from '../../text/letters.js';
import { exactKey } from './values.js';

/** Letters with a stroke, a hook or without their dot, which no normalisation takes for the plain letter (lower case). */
const ODD_LETTERS = new Map(
  Object.entries({
    a: 'ⱥ',
    b: 'ƀɓƃ',
    c: 'ƈȼ',
    d: 'ɗɖƌȡ',
    e: 'ɇ',
    f: 'ƒ',
    g: 'ɠǥ',
    i: 'ɨ',
    j: 'ȷɉ',
    k: 'ƙⱪ',
    l: 'ƚɫⱡȴ',
    n: 'ɲƞȵ',
    o: 'ɵ',
    p: 'ƥᵽ',
    r: 'ɍɽ',
    s: 'ʂȿ',
    t: 'ƭʈⱦȶ',
    ts: 'ƾ',
    u: 'ʉ',
    v: 'ʋ',
    y: 'ƴɏ',
    z: 'ƶȥɀⱬ',
  }).flatMap(([plain, odd]) => [...odd].map((letter) => [letter, plain] as const)),
);

/** Blanks, and what a sort table may give no weight: controls, marks, modifiers, symbols and what is newer than the table. */
const WEIGHTLESS =
  /[\s\u00b7\p{Cc}\p{Lm}\p{Default_Ignorable_Code_Point}]|[^\p{ASCII}\p{L}\p{N}\p{P}]/gu;

/** Hiragana, and the small letters of Katakana, each one before its large one. */
const HIRAGANA = /[\u3041-\u3096]/g;
const SMALL_KANA = /[ァィゥェォッャュョヮ]/g;

/** Text that needs no more than to be put in capitals, but for its blanks. */
const PLAIN = /^[ -~]*$/;

/**
 * Equal for two values of which some directory may take the one for the other: text that differs in case, accents,
 * width, blanks, dots of an i, kind of kana or digit, ligatures, and in what nobody sees. Active Directory compares
 * without all of these (MS-ADTS 3.1.1.2.2.4), Samba without case and blanks, a caseIgnoreMatch by RFC 4518. It takes
 * rather too much for alike than too little. Bytes are alike only to the byte.
 */
export function matchKey(value: Value): string {
  if (typeof value !== 'string') return exactKey(value);
  if (PLAIN.test(value)) return value.toUpperCase().replaceAll(' ', '');
  const letters = writtenOut(value.normalize('NFKD').toLowerCase());
  const plain = Array.from(letters, (letter) => ODD_LETTERS.get(letter) ?? letter).join('');
  // In capitals also final sigma is the letter that it is.
  return plain
    .toUpperCase()
    .normalize('NFKD')
    .replace(HIRAGANA, (kana) => shifted(kana, 0x60))
    .replace(SMALL_KANA, (kana) => shifted(kana, 1))
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(WEIGHTLESS, '');
}

/** Whether some directory may take one value for the other: see `matchKey`. */
export function mayMatch(a: Value, b: Value): boolean {
  return matchKey(a) === matchKey(b);
}

/** Values gathered by what they may be taken for. */
export type Lookalikes = ReadonlyMap<string, readonly Value[]>;

export function lookalikesIn(values: readonly Value[]): Lookalikes {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = matchKey(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

function shifted(character: string, by: number): string {
  return String.fromCharCode(character.charCodeAt(0) + by);
}

/** Digits come in runs of ten, from zero to nine, whatever the script. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}
