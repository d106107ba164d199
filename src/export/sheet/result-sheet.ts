import { encodeCell, word } from './cells.js';
import { csvLine } from './csv.js';
import { readLines } from './read-lines.js';

/** What became of a row of the sheet, and what there is to say about it. */
export interface RowResult {
  readonly action: 'COMPLETE' | 'FAIL';
  readonly words: string;
}

const RESULT = 'RESULT';

/**
 * The sheet once more, cell by cell as it was, with the results in ACTION and in a column RESULT: the
 * rows that were not attempted keep their ACTION, so that the file can be applied in its turn.
 */
export function* resultSheet(
  bytes: Uint8Array,
  results: ReadonlyMap<number, RowResult>,
): Generator<string> {
  const lines = readLines(bytes);
  const header = lines.find((line) => line.fault || line.cells.some((cell) => cell.trim()));
  if (!header) return;
  const names = header.cells.map(word);
  const known = names.includes(RESULT);
  const columns = known ? header.cells : [...header.cells, RESULT];
  const [action, told] = [names.indexOf('ACTION'), columns.map(word).indexOf(RESULT)];
  yield `\uFEFF${csvLine(columns)}`;
  for (const { row, cells, source } of lines) {
    if (row <= header.row) continue;
    const result = results.get(row);
    // A row that is broken or too wide is no row to be trusted, but nothing of it is lost.
    const own = cells.length > 0 ? cells : [encodeCell(source.trimEnd() || undefined)];
    const padded = columns.map((_, at) => (at < header.cells.length ? (own[at] ?? '') : ''));
    if (result) padded[action] = result.action;
    if (result) padded[told] = encodeCell(result.words || undefined);
    yield csvLine([...padded, ...own.slice(header.cells.length)]);
  }
}
