import { asciiCell, encodeCell, word } from './cells.js';
import { csvLine } from './csv.js';
import { encodeText, isGuess } from './encoding.js';
import type { Line } from './line-splitter.js';
import type { SheetText } from './read-lines.js';

/** What became of a row of the sheet, and what there is to say about it. */
export interface RowResult {
  readonly action: 'COMPLETE' | 'FAIL';
  readonly words: string;
}

const RESULT = 'RESULT';

/** A sheet on its way to a file: its text, some lines at a time, and the bytes that any part of it is written in. */
export interface ResultSheet {
  readonly text: () => AsyncIterable<string>;
  readonly encode: (text: string) => Uint8Array;
}

/**
 * The sheet once more, cell by cell as it was, with the results in ACTION and in a column RESULT: the
 * rows that were not attempted keep their ACTION, so that the file can be applied in its turn. It is written in UTF-8,
 * unless the encoding of the sheet was guessed: what nothing proves must not look as if something did.
 */
export function resultSheet(
  sheet: SheetText,
  results: ReadonlyMap<number, RowResult>,
): ResultSheet {
  const isGuessed = isGuess(sheet.encoding);
  const encoding = isGuessed ? sheet.encoding : 'utf-8';
  const wordsCell = (words: string) => {
    const cell = encodeCell(words || undefined);
    return isGuessed ? asciiCell(cell) : cell;
  };
  return {
    text: () => resultText(sheet, results, isGuessed ? '' : '\uFEFF', wordsCell),
    encode: (text) => encodeText(text, encoding),
  };
}

async function* resultText(
  sheet: SheetText,
  results: ReadonlyMap<number, RowResult>,
  mark: string,
  wordsCell: (words: string) => string,
): AsyncGenerator<string> {
  let write: ((line: Line) => string) | undefined;
  for await (const lines of sheet.lines()) {
    let text = '';
    for (const line of lines) {
      if (write) text += write(line);
      else if (line.fault || line.cells.some((cell) => cell.trim())) {
        const columns = columnsOf(line);
        text += mark + csvLine(columns);
        write = rowWriter(line, columns, results, wordsCell);
      }
    }
    yield text;
  }
}

/** The columns of the result: those of the sheet, and RESULT. */
function columnsOf({ cells }: Line): readonly string[] {
  return cells.map(word).includes(RESULT) ? cells : [...cells, RESULT];
}

function rowWriter(
  header: Line,
  columns: readonly string[],
  results: ReadonlyMap<number, RowResult>,
  wordsCell: (words: string) => string,
): (line: Line) => string {
  const [action, told] = [
    header.cells.map(word).indexOf('ACTION'),
    columns.map(word).indexOf(RESULT),
  ];
  return ({ row, cells, source }) => {
    const result = results.get(row);
    // A row that is broken or too wide is no row to be trusted, but nothing of it is lost.
    const own = cells.length > 0 ? cells : [encodeCell(source.trimEnd() || undefined)];
    const padded = columns.map((_, at) => (at < header.cells.length ? (own[at] ?? '') : ''));
    if (result) padded[action] = result.action;
    if (result) padded[told] = wordsCell(result.words);
    return csvLine([...padded, ...own.slice(header.cells.length)]);
  };
}
