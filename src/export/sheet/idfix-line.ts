import { COLUMNS, word } from './cells.js';

/** The columns that IdFix wrote. */
const IDFIX: readonly string[] = COLUMNS.slice(0, 9).map(([column]) => column);
const OWN: readonly string[] = COLUMNS.slice(9).map(([column]) => column);

/** More parts than any line of IdFix has; the work on a hostile one grows with the square of their number. */
const MAX_PARTS = 64;

/**
 * The cells of a line as IdFix wrote it: no quotation mark is doubled, and a cell stands between two of them if it has
 * a comma in it. Undefined where the sheet is not one of IdFix, or where the line could be read in two ways.
 */
export function idfixCells(line: string, header: readonly string[]): readonly string[] | undefined {
  const names = header.map(word);
  const isIdFix = IDFIX.every((name) => names.includes(name));
  if (!isIdFix || OWN.some((name) => names.includes(name))) return undefined;
  const parts = line.replace(/(\r\n|\n|\r)$/, '').split(',');
  return parts.length > MAX_PARTS ? undefined : onlyWay(parts, header.length);
}

/** The one way to make so many cells of the parts between commas. */
function onlyWay(parts: readonly string[], width: number): readonly string[] | undefined {
  const ways = countWays(parts, width);
  if (ways(0, width) !== 1) return undefined;
  const cells: string[] = [];
  for (let from = 0; from < parts.length; ) {
    const left = width - cells.length - 1;
    const end = endsFrom(parts, from).find((end) => ways(end, left) === 1);
    if (end === undefined) return undefined;
    const cell = cellOf(parts.slice(from, end));
    if (cell === undefined) return undefined;
    cells.push(cell);
    from = end;
  }
  return cells;
}

/** Undefined where another program may have written the cell, which doubles what it puts between quotation marks. */
function cellOf(parts: readonly string[]): string | undefined {
  const cell = parts.join(',');
  const inner = cell.slice(1, -1);
  if (parts.length > 1) return inner.includes('""') ? undefined : inner;
  const isQuoted = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
  return isQuoted ? undefined : cell;
}

/** In how many ways the parts from one on make so many cells; 2 stands for all numbers above 1. */
function countWays(
  parts: readonly string[],
  width: number,
): (from: number, cells: number) => number {
  const table = Array.from({ length: parts.length + 1 }, () => Array<number>(width + 1).fill(0));
  const ways = (from: number, cells: number) => table[from]?.[cells] ?? 0;
  table[parts.length]?.splice(0, 1, 1);
  for (let from = parts.length - 1; from >= 0; from -= 1) {
    const ends = endsFrom(parts, from);
    for (let cells = 1; cells <= width; cells += 1) {
      const sum = ends.reduce((sum, end) => sum + ways(end, cells - 1), 0);
      table[from]?.splice(cells, 1, Math.min(sum, 2));
    }
  }
  return ways;
}

/** Where a cell that begins with a part may end. */
function endsFrom(parts: readonly string[], from: number): readonly number[] {
  const ends = [from + 1];
  if (!parts[from]?.startsWith('"')) return ends;
  for (let at = from + 1; at < parts.length; at += 1) {
    if (parts[at]?.endsWith('"')) ends.push(at + 1);
  }
  return ends;
}
