import { addressIn } from '../../mail/address.js';
import type { Fix } from '../../model/rule.js';
import { isBlank, seen, trimUnseen } from '../../text/characters.js';
import { plainLetters } from '../../text/letters.js';
import type { CharacterSet, CharacterTable } from './character-tables.js';

/** Blanks that end a line, or a cell of a table: in a name they stand for a space. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

function isIn(sets: readonly CharacterSet[], text: string): boolean {
  return sets.some(({ characters }) => characters.test(text));
}

/** Sets of a table with a character in the part of a text that they are for. */
export function setsIn(text: string, table: CharacterTable): readonly CharacterSet[] {
  const at = text.lastIndexOf('@');
  const local = at < 0 ? text : text.slice(0, at);
  return table.sets.filter(({ characters, part }) => characters.test(part ? local : text));
}

/**
 * A value without the characters of a table. Safe where a reader sees no difference; undefined where nothing would be
 * left, or where a domain would have to change.
 */
export function withoutCharacters(
  value: string,
  attribute: string,
  table: CharacterTable,
): Fix | undefined {
  const { sets } = table;
  const trimmed = trimUnseen(value);
  if (table.form === 'name') {
    const name = trimUnseen(strip(trimmed.replace(BREAKS, ' '), sets));
    return fixed(name, name, seen(name) === seen(value));
  }
  if (table.form === 'alias') {
    const alias = strip(firstPart(trimmed, sets), sets);
    return fixed(alias, alias, alias === trimmed);
  }
  const at = trimmed.lastIndexOf('@');
  const domain = at < 0 ? '' : trimUnseen(trimmed.slice(at + 1));
  if (setsIn(`@${domain}`, table).length > 0) return undefined;
  const local = strip(at < 0 ? trimmed : trimmed.slice(0, at), sets);
  const result = at < 0 ? local : `${local}@${domain}`;
  return fixed(result, addressIn(attribute, local) ?? '', result === trimmed);
}

/** A whole address as an alias: the part before the `@` was meant. */
function firstPart(alias: string, sets: readonly CharacterSet[]): string {
  const at = alias.indexOf('@');
  return at > 0 && isIn(sets, '@') ? alias.slice(0, at) : alias;
}

/** The text without the characters of some sets; a letter of another alphabet leaves its plain form. */
function strip(text: string, sets: readonly CharacterSet[]): string {
  const kept = (character: string) => !isIn(sets, character);
  const plain = (character: string) => [...(plainLetters(character) ?? '')].filter(kept).join('');
  const forms = new Map([...new Set(text)].map((c) => [c, kept(c) ? c : plain(c)]));
  return [...text].map((character) => forms.get(character)).join('');
}

function fixed(value: string, essence: string, isSafe: boolean): Fix | undefined {
  if (isBlank(essence)) return undefined;
  return { value, safety: isSafe ? 'safe' : 'review' };
}
