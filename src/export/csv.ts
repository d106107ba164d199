import { stringify } from 'csv-stringify/sync';
import type { SheetRow } from '../model.js';
import { COLUMNS, encodeCell } from './sheet.js';

/** The start of a review sheet: a byte order mark, without which Excel takes UTF-8 for Windows-1252, and the header. */
export function sheetHeader(): string {
  return `\uFEFF${csvLine(COLUMNS.map(([column]) => column))}`;
}

/** One row of the review sheet as a line of CSV (RFC 4180, CRLF at its end). */
export function sheetLine(row: SheetRow): string {
  return csvLine(COLUMNS.map(([, key]) => cellOf(row, key)));
}

function cellOf(row: SheetRow, key: keyof SheetRow): string {
  if (key === 'value' || key === 'update') return encodeCell(row[key]);
  return encodeCell(row[key] || undefined);
}

/**
 * One line of CSV. Cells with a character at which a spreadsheet may separate besides the comma are quoted too:
 * LibreOffice offers comma, semicolon and tab at once, and would make two cells of an X.400 address.
 */
export function csvLine(cells: readonly string[], separator = ',', end = '\r\n'): string {
  const line = { delimiter: separator, record_delimiter: '\r\n', quoted_match: /[;|:,\s]/ };
  return stringify([[...cells]], line).slice(0, -'\r\n'.length) + end;
}
