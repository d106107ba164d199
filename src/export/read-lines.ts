import { CsvError, parse } from 'csv-parse/sync';
import { COLUMNS, word } from './sheet.js';

/** A row as it stands in the file: its cells, or why it cannot be told what they are. */
export interface Line {
  readonly row: number;
  readonly cells: readonly string[];
  readonly fault?: string;
}

/** Bytes after which a record counts as an unclosed quotation mark. */
const MAX_RECORD = 16 * 1024 * 1024;
const UNBALANCED = 'the line is broken: a quotation mark is not closed or not doubled';
const SWALLOWED = 'the line is broken: a cell runs on over what looks like another row';
/** The characters of the bytes 0x80 to 0x9F in Windows-1252. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The rows of a sheet as they stand in the file, in any separator, encoding and line end that spreadsheets save. */
export function readLines(bytes: Uint8Array): readonly Line[] {
  const { text, separator } = takeSeparator(decodeText(bytes));
  return splitLines(Buffer.from(text, 'utf8'), separator);
}

/** The text of the file: by its byte order mark, else UTF-16 by its NUL bytes, else UTF-8, else Windows-1252. */
function decodeText(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  const decode = (label: string) => new TextDecoder(label).decode(bytes);
  if ((a === 0xff && b === 0xfe) || (a && b === 0 && c && d === 0)) return decode('utf-16le');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b && c === 0 && d)) return decode('utf-16be');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeWindows1252(bytes);
  }
}

/** TextDecoder('windows-1252') gives Latin-1 from Node 20.18.3 on (nodejs/node issue 60888), so by table. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80] ?? c);
}

/** The separator that a first line `sep=;` names, without that line, or else the one that finds most known columns. */
function takeSeparator(text: string): { readonly text: string; readonly separator: string } {
  const told = /^"?sep=([,;\t|])"?[,;\t]*(?:\r\n|\n|\r|$)/i.exec(text);
  if (told?.[1]) return { text: text.slice(told[0].length), separator: told[1] };
  const header = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  const found = (separator: string) => {
    const names = header.split(separator).map((cell) => word(cell.replaceAll('"', '')));
    return COLUMNS.filter(([column]) => names.includes(column)).length;
  };
  const separator = [',', ';', '\t'].reduce((a, b) => (found(b) > found(a) ? b : a));
  return { text, separator };
}

/**
 * The rows of the file. RFC 4180 to the letter, for a guess at a broken line could change a value: such a line is
 * given up and reading resumes at the next, so that an open quotation mark costs one line and not the rest.
 */
function splitLines(bytes: Buffer, separator: string): readonly Line[] {
  const lines: Line[] = [];
  let width = 0;
  let end = 0;
  while (end < bytes.length) {
    const start = end;
    try {
      parse(bytes.subarray(start), {
        delimiter: separator,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
        max_record_size: MAX_RECORD,
        on_record: (cells: string[], { bytes_records }) => {
          if (width < 2) width = cells.length;
          end = start + bytes_records;
          const swallowed = cells.some((cell) => holdsRow(cell, separator, width));
          lines.push({ row: lines.length + 1, cells, ...(swallowed && { fault: SWALLOWED }) });
          return null;
        },
      });
      return lines;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      lines.push({ row: lines.length + 1, cells: [], fault: UNBALANCED });
      end = nextLine(bytes, end);
    }
  }
  return lines;
}

/**
 * Whether a cell over several lines has as many separators in it as a row: two open quotation marks that close each
 * other, which would give one row the decision of another. Its lines are not read again as rows, because a hostile
 * value in a well quoted cell may look the same.
 */
function holdsRow(cell: string, separator: string, width: number): boolean {
  return /[\r\n]/.test(cell) && cell.split(separator).length >= width;
}

function nextLine(bytes: Buffer, from: number): number {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === 0x0a) return i + 1;
    if (bytes[i] === 0x0d) return bytes[i + 1] === 0x0a ? i + 2 : i + 1;
  }
  return bytes.length;
}
