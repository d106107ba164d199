import { stringify } from 'csv-stringify/sync';
import type { SheetRow } from '../../model/change.js';
import { COLUMNS, encodeCell } from './cells.js';

/** The start of a review sheet: a byte order mark, without which Excel takes UTF-8 for Windows-1252, and the header. */
export function sheetHeader(): string {
  return `\uFEFF${csvLine(COLUMNS.map(([column]) => column))}`;
}

/** One row of the review sheet as a line of CSV (RFC 4180, CRLF at its end). */
export function sheetLine(row: SheetRow): string {
  return csvLine(cellsOf(row));
}

/** Rows that are formatted together: to begin takes csv-stringify longer than a row. */
const BATCH = 256;

/** The rows of a review sheet as CSV, some at a time. */
export function* sheetLines(rows: Iterable<SheetRow>): Generator<string> {
  let batch: (readonly string[])[] = [];
  for (const row of rows) {
    batch.push(cellsOf(row));
    if (batch.length < BATCH) continue;
    yield formatted(batch, ',');
    batch = [];
  }
  if (batch.length > 0) yield formatted(batch, ',');
}

function cellsOf(row: SheetRow): readonly string[] {
  return COLUMNS.map(([, key]) => cellOf(row, key));
}

function cellOf(row: SheetRow, key: keyof SheetRow): string {
  if (key === 'value' || key === 'update') return encodeCell(row[key]);
  return encodeCell(row[key] || undefined);
}

/** One line of CSV. */
export function csvLine(cells: readonly string[], separator = ',', end = '\r\n'): string {
  return formatted([cells], separator).slice(0, -'\r\n'.length) + end;
}

/**
 * Cells with a character at which a spreadsheet may separate besides the comma are quoted too: LibreOffice offers
 * comma, semicolon and tab at once, and would make two cells of an X.400 address.
 */
function formatted(lines: readonly (readonly string[])[], separator: string): string {
  const format = { delimiter: separator, record_delimiter: '\r\n', quoted_match: /[;|:,\s]/ };
  return stringify(
    lines.map((cells) => [...cells]),
    format,
  );
}
