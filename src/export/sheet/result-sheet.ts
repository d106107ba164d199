import { asciiCell, encodeCell, word } from './cells.js';
import { csvLine } from './csv.js';
import { encodeText, isGuess } from './encoding.js';
import { type Line, readFile } from './read-lines.js';

/** What became of a row of the sheet, and what there is to say about it. */
export interface RowResult {
  readonly action: 'COMPLETE' | 'FAIL';
  readonly words: string;
}

const RESULT = 'RESULT';

/** A sheet on its way to a file: its text line by line, and the bytes that any part of the text is written in. */
export interface ResultSheet {
  readonly text: () => Iterable<string>;
  readonly encode: (text: string) => Uint8Array;
}

/**
 * The sheet once more, cell by cell as it was, with the results in ACTION and in a column RESULT: the
 * rows that were not attempted keep their ACTION, so that the file can be applied in its turn. It is written in UTF-8,
 * unless the encoding of the sheet was guessed: what nothing proves must not look as if something did.
 */
export function resultSheet(
  bytes: Uint8Array,
  results: ReadonlyMap<number, RowResult>,
): ResultSheet {
  const { lines, dialect } = readFile(bytes);
  const isGuessed = isGuess(dialect.encoding);
  const encoding = isGuessed ? dialect.encoding : 'utf-8';
  const wordsCell = (words: string) => {
    const cell = encodeCell(words || undefined);
    return isGuessed ? asciiCell(cell) : cell;
  };
  return {
    text: () => resultLines(lines, results, isGuessed ? '' : '\uFEFF', wordsCell),
    encode: (text) => encodeText(text, encoding),
  };
}

function* resultLines(
  lines: readonly Line[],
  results: ReadonlyMap<number, RowResult>,
  mark: string,
  wordsCell: (words: string) => string,
): Generator<string> {
  const header = lines.find((line) => line.fault || line.cells.some((cell) => cell.trim()));
  if (!header) return;
  const names = header.cells.map(word);
  const known = names.includes(RESULT);
  const columns = known ? header.cells : [...header.cells, RESULT];
  const [action, told] = [names.indexOf('ACTION'), columns.map(word).indexOf(RESULT)];
  yield mark + csvLine(columns);
  for (const { row, cells, source } of lines) {
    if (row <= header.row) continue;
    const result = results.get(row);
    // A row that is broken or too wide is no row to be trusted, but nothing of it is lost.
    const own = cells.length > 0 ? cells : [encodeCell(source.trimEnd() || undefined)];
    const padded = columns.map((_, at) => (at < header.cells.length ? (own[at] ?? '') : ''));
    if (result) padded[action] = result.action;
    if (result) padded[told] = wordsCell(result.words);
    yield csvLine([...padded, ...own.slice(header.cells.length)]);
  }
}
