import { displayWidth } from '../../text/printable.js';

/** How a column stands. */
export type Align = 'left' | 'right';

const GAP = '  ';

/** Rows as aligned columns without lines, as a terminal and a grep like them. Columns are left-aligned unless told. */
export function columns(
  rows: readonly (readonly string[])[],
  aligns: readonly Align[] = [],
): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  return rows
    .map((row) => row.map((cell, at) => padded(cell, widths[at] ?? 0, aligns[at])).join(GAP))
    .map((line) => line.trimEnd())
    .join('\n');
}

function padded(cell: string, width: number, align: Align = 'left'): string {
  const space = ' '.repeat(width - displayWidth(cell));
  return align === 'left' ? cell + space : space + cell;
}
