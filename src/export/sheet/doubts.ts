import { printable } from '../../text/printable.js';
import { isErrorCell } from './cells.js';

/** Why the cells of a row are not to be decided on as they stand. */
export interface Doubts {
  /** Against whatever is decided on VALUE. */
  readonly value?: string | undefined;
  /** Against UPDATE as it stands; another one may be written. */
  readonly update?: string | undefined;
}

/** The cells of a row, and how far its letters are to be trusted. */
export interface Doubtful {
  readonly value: string;
  readonly update: string;
  /** Whether the encoding of the file was guessed. */
  readonly isGuessed: boolean;
  /** Whether UPDATE is, to the letter, what a scan wrote. */
  readonly isProven: () => boolean;
}

/** Excel's limit for one cell, in UTF-16 units; it cuts what is longer without a word. */
const EXCEL_LIMIT = 32_767;
/** The lengths of a cell that Excel or LibreOffice has cut. */
const CUT = [EXCEL_LIMIT, 65_535];

/** What speaks against the cells of a row; undefined for nothing. */
export function doubtsAbout({ value, update, isGuessed, isProven }: Doubtful): Doubts | undefined {
  const ofValue = valueDoubt(value);
  const ofUpdate =
    updateDoubt(update) ??
    (isGuessed && hasOtherLetters(value, update) && !isProven() ? UNPROVEN : undefined);
  return ofValue === undefined && ofUpdate === undefined
    ? undefined
    : { value: ofValue, update: ofUpdate };
}

/** Why a decision on the row as it stands is refused. */
export function doubtOf(doubts: Doubts | undefined, action: string): string | undefined {
  if (action !== 'EDIT' && action !== 'REMOVE') return undefined;
  return doubts?.value ?? (action === 'EDIT' ? doubts?.update : undefined);
}

const UNPROVEN =
  'UPDATE has letters that the encoding of the sheet may have changed: save it as CSV UTF-8';

/** What may be the beginning of a value may be all of another one of the entry. */
function valueDoubt(value: string): string | undefined {
  if (CUT.includes(value.length))
    return `VALUE has ${value.length} characters, where a spreadsheet cuts a cell: it may not be whole`;
  return isErrorCell(value) ? errorCell('VALUE', value) : undefined;
}

/** What a spreadsheet put into the cell instead of a value, and what no keyboard types. */
function updateDoubt(update: string): string | undefined {
  if (update.length >= EXCEL_LIMIT)
    return `UPDATE has ${update.length} characters: Excel cuts a cell at 32,767, it may not be whole`;
  if (isErrorCell(update)) return errorCell('UPDATE', update);
  // Line breaks and tabs are typed and pasted; the rules say where they may stand.
  return /(?![\t\r\n\x80-\x9f])\p{Cc}/u.test(update)
    ? `UPDATE has a control character in it: ${printable(update.slice(0, 80))}`
    : undefined;
}

function errorCell(column: string, cell: string): string {
  return `${column} is an error of the spreadsheet, ${printable(cell.trim())}`;
}

/**
 * Whether UPDATE has a letter that VALUE does not have. The directory is held against VALUE before anything is written,
 * which proves the letters in it one by one: ó is the same byte in Western and Eastern Europe, õ there is ő. A question
 * mark stands for a letter that the encoding lacks.
 */
function hasOtherLetters(value: string, update: string): boolean {
  const letters = update.match(/\P{ASCII}|\?/gu) ?? [];
  return letters.some((letter) => !value.includes(letter));
}
