import { ExpectedError } from '../../errors.js';
import type { SheetRow } from '../../model/change.js';
import type { Value } from '../../model/entry.js';

/** The columns of the review sheet in their order: the nine of IdFix, then presync's own. */
export const COLUMNS = [
  ['DISTINGUISHEDNAME', 'dn'],
  ['COMMONNAME', 'commonName'],
  ['OBJECTCLASS', 'objectClass'],
  ['ATTRIBUTE', 'attribute'],
  ['ERROR', 'errors'],
  ['VALUE', 'value'],
  ['UPDATE', 'update'],
  ['PROPOSEDACTION', 'proposedAction'],
  ['ACTION', 'action'],
  ['SEVERITY', 'severity'],
  ['SAFETY', 'safety'],
  ['RULES', 'rules'],
  ['MESSAGE', 'message'],
  ['RELATED', 'related'],
  ['OBJECTGUID', 'guid'],
  ['ID', 'id'],
  ['SEAL', 'seal'],
] as const satisfies readonly (readonly [string, keyof SheetRow])[];

export type Column = (typeof COLUMNS)[number][0];

const ESCAPED = '{escaped}';
const BASE64 = '{base64}';

/** What starts a formula in Excel or LibreOffice; East Asian versions take the full-width forms too. */
const FORMULA = /^[=+\-@|＝＋－＠]/;

/**
 * What a cell cannot carry safely or visibly: controls, format characters (bidi, zero width), separators, lone
 * surrogates, noncharacters (lost in .ods and .xlsx, whose XML may not hold them); and a semicolon before a formula,
 * where a spreadsheet that separates by semicolon would start a cell.
 */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|;(?=[\s"']*[=+\-@|＝＋－＠])/u;
const TO_ESCAPE = new RegExp(`${HIDDEN.source}|\\\\`, 'gu');
const UNCERTAIN = new RegExp(`${TO_ESCAPE.source}|\\P{ASCII}|\\?`, 'gu');

/** Words that a spreadsheet turns into a logical value (English, German, French, Italian, Spanish). */
const LOGICAL = listed('true false wahr falsch vrai faux vero falso verdadero');

/** Words that make a date of the numbers beside them, in the languages whose Excel reads them so. */
const DATE_NAMES = listed(`
  jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august
  september october november december monday tuesday wednesday thursday friday saturday sunday
  januar februar märz mär mrz mai juni juli okt oktober dez dezember
  janv janvier févr février mars avr avril juin juil juillet août septembre octobre novembre déc décembre
  gen gennaio febbraio marzo aprile mag maggio giu giugno lug luglio ago agosto set settembre ott ottobre dic dicembre
  ene enero febrero abr abril mayo junio julio septiembre octubre noviembre diciembre
  fev fevereiro março maio junho julho setembro out outubro novembro dez dezembro
  januari februari mrt maart mei augustus`);

/** Words inside a number, a time or a date: 1E5, 12:30 pm, 2024-05-01T10:00Z, 2024年5月1日. */
const UNITS = listed('e a p am pm t z 年 月 日 时 時 分 秒');

/**
 * What a spreadsheet puts in the place of a value that it cannot make: #N/A, #REF!, #WERT!, #¿NOMBRE?, Err:508, in the
 * language of its user, and ##### for a number that a narrow column cannot show.
 */
const ERROR_CELL =
  /^(#[\p{L}\p{N}_/¡¿]+[!?]|#(n\/[abd]|nv|i\/t|yok|н\/д|hiányzik|není_k_dispozici|getting_data)|#+|(err|error|fehler|erreur|errore):\d{3})$/iu;

/** Whether a cell shows that a spreadsheet could not make its value. */
export function isErrorCell(cell: string): boolean {
  return ERROR_CELL.test(cell.trim());
}

function listed(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** A column name or action in one spelling; IdFix under Turkish settings wrote İ for I. */
export function word(cell: string): string {
  return cell.trim().toUpperCase().replaceAll('İ', 'I');
}

/** Whether a spreadsheet would run or convert a text. The same for a text with more or fewer apostrophes before it. */
function isActive(text: string): boolean {
  const bare = text.replace(/^'+/, '').trim().toLowerCase();
  return FORMULA.test(bare) || LOGICAL.has(bare) || isErrorCell(bare) || isNumberLike(bare);
}

/** Whether a text is made of digits, what stands in numbers, times and dates, and nothing else. */
function isNumberLike(text: string): boolean {
  if (!/\p{Nd}/u.test(text) || !/^[\p{L}\p{Nd}\p{Sc}\s.,:/()%+'-]*$/u.test(text)) return false;
  const names = text.match(/\p{L}+/gu) ?? [];
  const first = names[0];
  if (first !== undefined && text.startsWith(first) && !DATE_NAMES.has(first)) return false;
  return names.every((name) => DATE_NAMES.has(name) || UNITS.has(name));
}

/**
 * One cell for one value, so that no spreadsheet runs, converts or hides it: text stays readable, with one apostrophe
 * before what would be a formula, number or date; text with hidden characters is `{escaped}` with `\u000A` for
 * each; bytes are `{base64}`; no value is the empty cell and the empty text is `{escaped}`. See decodeCell.
 */
export function encodeCell(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return BASE64 + Buffer.from(value).toString('base64');
  if (value === '' || value.startsWith(ESCAPED) || value.startsWith(BASE64) || HIDDEN.test(value)) {
    return ESCAPED + value.replace(TO_ESCAPE, escapeCharacter);
  }
  return isActive(value) ? `'${value}` : value;
}

/** A cell made by encodeCell in characters that are the same in every encoding, and stand for no other in any. */
export function asciiCell(cell: string): string {
  if (/^[\0->@-\x7f]*$/.test(cell)) return cell;
  return ESCAPED + String(decodeCell(cell)).replace(UNCERTAIN, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).toUpperCase());
  return units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('');
}

/** The value of a cell: what encodeCell was given, or what a person typed. Throws ExpectedError on a bad escape. */
export function decodeCell(cell: string): Value | undefined {
  if (cell === '') return undefined;
  if (cell.startsWith(ESCAPED)) return unescapeText(cell.slice(ESCAPED.length));
  if (cell.startsWith(BASE64)) return decodeBase64(cell.slice(BASE64.length));
  return cell.startsWith("'") && isActive(cell) ? cell.slice(1) : cell;
}

function unescapeText(text: string): string {
  return text.replace(/\\(\\|u([0-9a-f]{4})|)/gi, (_, escaped: string, hex?: string) => {
    if (escaped === '\\') return '\\';
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    throw new ExpectedError(
      `after ${ESCAPED} a backslash stands before something else than \\ or u and four hex digits`,
      `Write a backslash as \\\\, or take ${ESCAPED} away to give plain text.`,
    );
  });
}

function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return new Uint8Array(bytes);
  throw new ExpectedError(
    `what follows ${BASE64} is no base64`,
    'Copy the cell whole, with the equals signs at its end.',
  );
}
