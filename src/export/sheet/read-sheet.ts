import { ExpectedError } from '../../errors.js';
import type { RefusedRow, SheetRow } from '../../model/change.js';
import { printable } from '../../text/printable.js';
import { COLUMNS, type Column, decodeCell, word } from './cells.js';
import { type Doubts, doubtOf, doubtsAbout } from './doubts.js';
import { type Encoding, isGuess } from './encoding.js';
import type { Line } from './line-splitter.js';
import { readFile, type SheetText } from './read-lines.js';
import { sealedParts } from './seal.js';

/** What a review sheet holds: rows that could be read and rows that cannot be trusted, by spreadsheet row number. */
export interface ReadSheet {
  readonly rows: readonly ReadRow[];
  readonly refused: readonly RefusedRow[];
  /** Those of the refused rows that could be read: what their cells hold by now is in doubt. */
  readonly doubted: readonly ReadRow[];
}

/** A row that could be read, and what would speak against a decision on it that it does not have. */
export interface ReadRow {
  readonly row: number;
  readonly sheetRow: SheetRow;
  readonly doubts?: Doubts;
}

/** What a line of a sheet turned out to be: a row, unless it could not be read, and why it is refused, if it is. */
export interface SheetLine {
  readonly row: number;
  readonly read?: ReadRow;
  readonly reason?: string;
}

/** The header: the known columns in their order, undefined where presync knows none. */
type Header = readonly (Column | undefined)[];

/** Where each column of a header stands. */
type ColumnIndexes = ReadonlyMap<Column | undefined, number>;

/** The first column after a spreadsheet took the byte order mark before it for letters; an East Asian one eats the D. */
const MISREAD = /^[^A-Z]+D?ISTINGUISHEDNAME$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CUT =
  'the file ends within this line, and may have been cut there: where the row is whole, end it with a line break';
/** An attribute name with options (RFC 4512, 2.5); servers answer an OID under a name, as if it held nothing. */
const ATTRIBUTE = /^[a-z][a-z0-9-]*(;[a-z0-9-]+)*$/i;

/**
 * Reads a review sheet as presync or IdFix wrote it and a spreadsheet may have saved it: any usual separator, encoding
 * and line end, columns in any order. Throws ExpectedError when the file is no review sheet.
 */
export function readSheet(bytes: Uint8Array): ReadSheet {
  const { lines, dialect } = readFile(bytes);
  const reader = new RowReader(dialect.encoding);
  const sheet = { rows: [] as ReadRow[], refused: [] as RefusedRow[], doubted: [] as ReadRow[] };
  for (const line of lines) {
    const { row, read, reason } = reader.read(line);
    if (reason !== undefined) sheet.refused.push({ row, reason });
    if (read) (reason === undefined ? sheet.rows : sheet.doubted).push(read);
  }
  reader.end();
  return sheet;
}

/** The same row by row, of a sheet that need not be in memory. */
export async function* readRows(sheet: SheetText): AsyncGenerator<readonly SheetLine[]> {
  const reader = new RowReader(sheet.encoding);
  for await (const lines of sheet.lines()) yield lines.map((line) => reader.read(line));
  reader.end();
}

/** Reads row after row of one sheet. */
class RowReader {
  readonly #isGuessed: boolean;
  #header: Header | undefined;
  #indexes: ColumnIndexes = new Map();
  #asksForEdit = false;

  constructor(encoding: Encoding) {
    this.#isGuessed = isGuess(encoding);
  }

  /** What a line holds; nothing of the header and of blank ones. Throws ExpectedError where that is no header. */
  read(line: Line): SheetLine {
    const { row } = line;
    if (!isWritten(line)) return { row };
    if (!this.#header) {
      this.#header = readHeader(line.cells);
      this.#indexes = new Map(this.#header.map((column, index) => [column, index]));
      return { row };
    }
    try {
      const read = readRow(this.#header, this.#indexes, line, this.#isGuessed);
      const { action } = read.sheetRow;
      const reason = doubtOf(read.doubts, action);
      this.#asksForEdit ||= reason === undefined && action === 'EDIT';
      return reason === undefined ? { row, read } : { row, read, reason };
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      return { row, reason: error.message };
    }
  }

  /** Throws ExpectedError where what was read is no review sheet. */
  end(): void {
    const header = this.#header ?? readHeader([]);
    if (this.#asksForEdit && !header.includes('UPDATE')) throw notASheet(['UPDATE']);
  }
}

function isWritten({ fault, cells }: Line): boolean {
  return fault !== undefined || cells.some((cell) => cell.trim());
}

/**
 * How many rows of a review sheet have an ACTION. Keeps none of them: the scan that asks would be slower for all that
 * memory. Throws ExpectedError when the file is no review sheet.
 */
export async function countDecisions(sheet: SheetText): Promise<number> {
  let actionIndex: number | undefined;
  let decided = 0;
  for await (const lines of sheet.lines())
    for (const line of lines) {
      if (!isWritten(line)) continue;
      if (actionIndex === undefined) actionIndex = readHeader(line.cells).indexOf('ACTION');
      else if (line.cells[actionIndex]?.trim()) decided += 1;
    }
  return decided;
}

function readHeader(cells: readonly string[]): Header {
  const names = cells.map(word);
  if (names.some((name) => MISREAD.test(name))) {
    throw new ExpectedError(
      'The sheet was opened in another encoding than UTF-8: its accented letters are not what they were.',
      'Open the sheet of the scan again, choose Unicode (UTF-8) in the import dialog, and save that.',
    );
  }
  const header = names.map((name) => COLUMNS.find(([column]) => column === name)?.[0]);
  const missing: string[] = (['ATTRIBUTE', 'VALUE', 'ACTION'] as const).filter(
    (column) => !header.includes(column),
  );
  if (!header.includes('DISTINGUISHEDNAME') && !header.includes('OBJECTGUID')) {
    missing.unshift('DISTINGUISHEDNAME or OBJECTGUID');
  }
  if (missing.length > 0) throw notASheet(missing);
  const twice = header.find((column, index) => column && header.indexOf(column) !== index);
  if (twice) {
    throw new ExpectedError(
      `not a review sheet: the column ${twice} stands in it twice`,
      'Remove one of the two.',
    );
  }
  return header;
}

function notASheet(missing: readonly string[]): ExpectedError {
  return new ExpectedError(
    `not a review sheet: no column ${missing.join(', ')}`,
    'Give the CSV file that the scan wrote, with its header line and these columns.',
  );
}

/**
 * One row of the sheet, perhaps in an encoding that was guessed. Throws ExpectedError with the reason why it cannot be
 * trusted.
 */
function readRow(header: Header, indexes: ColumnIndexes, line: Line, isGuessed: boolean): ReadRow {
  if (!/[\r\n]$/.test(line.source)) throw refusal(CUT);
  if (line.fault) throw refusal(line.fault);
  checkWidth(header, line.cells);
  const cell = (column: Column) => line.cells[indexes.get(column) ?? -1] ?? '';
  const sheetRow = rowOf(cell);
  const doubts = doubtsAbout({
    ...{ value: cell('VALUE'), update: cell('UPDATE'), isGuessed },
    isProven: () => sealedParts(sheetRow).update,
  });
  return doubts ? { row: line.row, sheetRow, doubts } : { row: line.row, sheetRow };
}

function rowOf(cell: (column: Column) => string): SheetRow {
  const value = (column: Column) => decodeColumn(column, cell(column));
  const text = (column: Column) => {
    const decoded = value(column) ?? '';
    if (typeof decoded === 'object') throw refusal(`${column} holds bytes and not text`);
    return decoded;
  };
  const [dn, attribute] = [text('DISTINGUISHEDNAME'), text('ATTRIBUTE').trim()];
  const guid = checkIdentity(dn, text('OBJECTGUID'), attribute);
  // Every property by name: a row that begins with a spread takes ten times as long to make.
  return {
    dn,
    guid,
    attribute,
    commonName: text('COMMONNAME'),
    objectClass: text('OBJECTCLASS').trim(),
    errors: text('ERROR'),
    value: value('VALUE'),
    update: value('UPDATE'),
    proposedAction: text('PROPOSEDACTION'),
    action: word(cell('ACTION')),
    severity: text('SEVERITY'),
    safety: text('SAFETY'),
    rules: text('RULES'),
    message: text('MESSAGE'),
    related: text('RELATED'),
    id: text('ID').trim(),
    seal: text('SEAL').trim(),
  };
}

/**
 * Refuses a row with too few or too many cells. Excel leaves out separators at the end of a row whose last cells are
 * empty; that does no harm where all that is missing is ACTION or a column of somebody else.
 */
function checkWidth(header: Header, cells: readonly string[]): void {
  const missing = header.slice(cells.length);
  const harmless = missing.every((column) => column === undefined || column === 'ACTION');
  if (cells.length > header.length || !harmless) {
    throw refusal(
      `the line is broken: it has ${cells.length} cells where the header has ${header.length}`,
    );
  }
}

/** The objectGUID of a row, if it has one. */
function checkIdentity(dn: string, guidCell: string, attribute: string): string | undefined {
  const guid = guidCell
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .toLowerCase();
  if (guid !== '' && !GUID.test(guid)) {
    throw refusal(`OBJECTGUID is no GUID: ${printable(guidCell.slice(0, 80))}`);
  }
  if (guid === '' && dn === '') {
    throw refusal('the row names no entry: DISTINGUISHEDNAME and OBJECTGUID are empty');
  }
  if (!ATTRIBUTE.test(attribute)) {
    throw refusal(`ATTRIBUTE is no attribute name: "${printable(attribute.slice(0, 80))}"`);
  }
  return guid || undefined;
}

function decodeColumn(column: Column, cell: string) {
  try {
    return decodeCell(cell);
  } catch (error) {
    throw error instanceof ExpectedError ? refusal(`${column}: ${error.message}`) : error;
  }
}

function refusal(reason: string): ExpectedError {
  return new ExpectedError(reason, 'Correct the row in the sheet, or scan again.');
}
