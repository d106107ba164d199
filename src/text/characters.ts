/** What nobody sees and is no blank: controls, and format characters such as zero width and bidi marks (UAX 44). */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

/** White space of any script, and what nobody sees. */
export const UNSEEN = new RegExp(`[\\s${INVISIBLE.source.slice(1)}`, 'u');

const ONLY_UNSEEN = new RegExp(`^${UNSEEN.source}*$`, 'u');
const RUNS_OF_UNSEEN = new RegExp(`${UNSEEN.source}+`, 'gu');

/** Names of characters that would not be seen, or not be told apart, in a message. */
const NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\u00a0': 'no-break space',
  '\u202f': 'narrow no-break space',
  '\u2007': 'figure space',
  '\u3000': 'ideographic space',
  '\t': 'tab',
  '\n': 'line feed',
  '\v': 'vertical tab',
  '\f': 'form feed',
  '\r': 'carriage return',
  '\u2028': 'line separator',
  '\u2029': 'paragraph separator',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero width space',
  '\u200c': 'zero width non-joiner',
  '\u200d': 'zero width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u061c': 'Arabic letter mark',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'pop directional formatting mark',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2060': 'word joiner',
  '\ufeff': 'byte order mark',
  '"': 'quotation mark',
  '`': 'backtick',
  '\\': 'backslash',
  '|': 'vertical bar',
  ',': 'comma',
  ';': 'semicolon',
  ':': 'colon',
  '.': 'dot',
  "'": 'apostrophe',
};

/** How many characters a message lists: all that a table names; hostile values have thousands. */
const LISTED = 6;

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}

/** A character as a message shows it: by its name, or as itself where it can be seen and has none here. */
function characterName(character: string): string {
  const name = NAMES[character];
  if (name === undefined) return UNSEEN.test(character) ? codePoint(character) : character;
  const article = /^[aio]/i.test(name) ? 'an' : 'a';
  return `${article} ${name}${UNSEEN.test(character) ? '' : ` (${character})`}`;
}

/** Characters as a message lists them, each once. */
export function listCharacters(characters: readonly string[]): string {
  const names = [...new Set(characters)].map(characterName);
  const shown = names.slice(0, LISTED);
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${last}` : last;
}

/** Whether nobody would see anything of a text: it is empty, or made of blanks and invisible characters. */
export function isBlank(text: string): boolean {
  return ONLY_UNSEEN.test(text);
}

/** The text without the blanks and invisible characters at its ends. Linear in its length. */
export function trimUnseen(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && UNSEEN.test(text.charAt(from))) from += 1;
  while (to > from && UNSEEN.test(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** What a reader sees of a text: equal for texts that differ in blanks and invisible characters only. */
export function seen(text: string): string {
  return text.replace(RUNS_OF_UNSEEN, '');
}
