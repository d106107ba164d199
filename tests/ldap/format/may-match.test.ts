import { describe, expect, test } from '@jest/globals';
import { lookalikesIn, matchKey, mayMatch } from '../../../src/ldap/format/may-match.js';

describe('T1: a directory may take one value for the other', () => {
  test.each([
    ['case', 'SMTP:rep.eat@contoso.com', 'smtp:REP.EAT@CONTOSO.COM'],
    ['accents', 'josé', 'jose'],
    ['accents, composed or not', 'Müller', 'mu\u0308ller'],
    ['accents above another', 'ǖ', 'u'],
    ['a stroke', 'Łukasz Øde đ ƀ ɨ', 'lukasz ode d b i'],
    ['width', 'ｊｏｅ＠ｘ', 'joe@x'],
    ['width of kana', 'ｱﾝﾅ', 'アンナ'],
    ['kind of kana', 'あんな', 'アンナ'],
    ['size of kana', 'キャ', 'キヤ'],
    ['trailing blanks', 'Joe  ', 'Joe'],
    ['leading blanks', ' \tJoe', 'Joe'],
    ['several blanks', 'Joe   X', 'Joe X'],
    ['kinds of blanks', 'Joe\u00a0\u3000X', 'Joe X'],
    ['the dot of a large i', 'İstanbul', 'istanbul'],
    ['no dot on a small i', 'ısı', 'ISI'],
    ['no dot on a small i, by case', 'ısı', 'isi'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['large sharp s', 'STRAẞE', 'strasse'],
    ['ligatures', 'æon ﬁn œuvre ĳ', 'AEON FIN OEUVRE IJ'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['final sigma, in the midst', 'ας', 'ΑΣ'],
    ['what nobody sees', 'jo\u200be\u00ad', 'joe'],
    ['controls', 'jo\u0001e', 'joe'],
    ['symbols', 'joe\u{1f600}', 'joe'],
    ['digits of another script', 'room ٤२', 'room 42'],
    ['raised digits', 'x²', 'x2'],
    ['typographic dashes and apostrophes', 'O’Neil–X', "o'neil-x"],
    ['half a character', 'a\ud800', 'a'],
  ])('that differs in %s', (_, a, b) => {
    expect([mayMatch(a, b), mayMatch(b, a)]).toEqual([true, true]);
    expect(matchKey(a)).toBe(matchKey(b));
  });

  test.each([
    ['joe', 'jo'],
    ['an-na@contoso.com', 'anna@contoso.com'],
    ["o'neil", 'oneil'],
    ['a.b@contoso.com', 'ab@contoso.com'],
    ['smtp:a@contoso.com', 'sip:a@contoso.com'],
    ['東京', '京都'],
    ['анна', 'инна'],
    ['room 1', 'room 2'],
  ])('%j is not %j', (a, b) => {
    expect(mayMatch(a, b)).toBe(false);
  });

  test('bytes are alike only to the byte', () => {
    expect(mayMatch(Buffer.from('a'), Buffer.from('A'))).toBe(false);
    expect(mayMatch(Buffer.from('a'), Buffer.from('a'))).toBe(true);
  });

  test('whatever a collation takes for a plain letter or two but for case and accents is taken for it here', () => {
    const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const plain = [...letters, ...letters.flatMap((a) => ['a', 'e', 's'].map((b) => a + b))];
    const missed: string[] = [];
    // Latin letters that Active Directory can be expected to know: beyond are medieval and phonetic ones.
    for (let code = 0xc0; code < 0x250; code += 1) {
      const letter = String.fromCodePoint(code);
      const like = plain.find((one) => compare(letter, one) === 0);
      if (like !== undefined && !mayMatch(letter, like)) missed.push(`${letter} ${like}`);
    }
    expect(missed).toEqual([]);
  });
});

test('values are gathered by what they may be taken for', () => {
  const groups = lookalikesIn(['SMTP:a', 'smtp:A', 'smtp:b', 'smtp:á']);
  expect([...groups.values()]).toEqual([['SMTP:a', 'smtp:A', 'smtp:á'], ['smtp:b']]);
});
