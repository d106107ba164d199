/** Made where it is needed first: it is slow to make, and most scans shorten nothing. */
let graphemes: Intl.Segmenter | undefined;

const SEPARATORS_AT_END = /[\s._-]+$/;

/** What a character is to the eye that looks for the end of a word. */
function sort(unit: string): 'separator' | 'digit' | 'letter' {
  if (/[\s._\-,;/]/.test(unit)) return 'separator';
  return /\d/.test(unit) ? 'digit' : 'letter';
}

/**
 * The beginning of a text that fits into a number of UTF-16 code units. It ends with a word, or at least with a whole
 * character as people see it (UAX 29); undefined where not even one fits.
 */
export function shorten(text: string, room: number): string | undefined {
  if (text.length <= room) return text;
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  const ends: number[] = [];
  for (const { index } of graphemes.segment(text)) {
    if (index > room) break;
    ends.push(index);
  }
  const isWordEnd = (at: number) => sort(text.charAt(at - 1)) !== sort(text.charAt(at));
  // Half of the text is too much to lose for a whole word.
  const end = ends.findLast((at) => at > room / 2 && isWordEnd(at)) ?? ends.at(-1) ?? 0;
  return text.slice(0, end).replace(SEPARATORS_AT_END, '') || undefined;
}
