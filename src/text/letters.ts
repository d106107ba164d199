/** Letters that Unicode does not decompose into a base letter and a mark, and what stands for them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  ĸ: 'k',
  ǝ: 'e',
  ə: 'e',
  Ə: 'E',
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
};

const ASCII = /^\p{ASCII}*$/u;

/** The text with each letter of the table above in the letters that stand for it; all others stay. */
export function writtenOut(text: string): string {
  return Array.from(text, (character) => LETTERS[character] ?? character).join('');
}

/** Whether a text is made of ASCII characters only. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * The text in plain letters: those with diacritics become their base letters, ligatures are written out, typographic
 * dashes and apostrophes become those of ASCII. Undefined where a character has no such form (other scripts).
 */
export function plainLetters(text: string): string | undefined {
  const plain = [...text.normalize('NFC')]
    .map((character) => LETTERS[character] ?? character.normalize('NFKD').replace(/\p{M}/gu, ''))
    .join('');
  return isAscii(plain) ? plain : undefined;
}
