import { pick, type Random } from './mutate.js';

/** The rows of a sheet, the header first. */
export type Table = readonly (readonly string[])[];

/** One or two faults as hands and spreadsheets make them. */
export function mutatedTable(rows: Table, random: Random): Table {
  const width = rows[0]?.length ?? 0;
  // A row that came out short is as wide again for whoever works on columns.
  const squared = rows.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ''));
  const once = withFault(squared, random);
  return random(2) === 0 || once.length < 2 ? once : withFault(once, random);
}

function withFault(rows: Table, random: Random): Table {
  return random(3) === 0 ? withRowFault(rows, random) : withColumnFault(rows, random);
}

/** Rows or single cells swapped, lost, doubled or moved; a cell pushed in or pulled out. */
function withRowFault(rows: Table, random: Random): Table {
  const [one, other] = [1 + random(rows.length - 1), 1 + random(rows.length - 1)];
  const row = rows[one] ?? [];
  const column = random(row.length + 1);
  switch (random(6)) {
    case 0:
      return rows.toSpliced(one, 1, rows[other] ?? []);
    case 1:
      return rows.toSpliced(one, 1);
    case 2:
      return rows.toSpliced(other, 0, row);
    case 3:
      return rows.with(one, row.toSpliced(column, 1));
    case 4:
      return rows.with(one, row.toSpliced(column, 0, ''));
    default:
      // Sorted without the header in mind.
      return rows.toSorted((a, b) =>
        String(a[column] ?? '').localeCompare(String(b[column] ?? '')),
      );
  }
}

/** A column shifted, sorted, filled down, replaced in, swapped with another, or deleted. */
function withColumnFault(rows: Table, random: Random): Table {
  const [header = [], ...body] = rows;
  const column = random(header.length);
  const cells = body.map((row) => row[column] ?? '');
  const from = random(cells.length);
  const put = (values: readonly string[]) => [
    header,
    ...body.map((row, at) => row.toSpliced(column, 1, values[at] ?? '')),
  ];
  switch (random(10)) {
    case 0:
      return put([...cells.slice(1), cells[0] ?? '']);
    case 1:
      return put([...cells.slice(0, from), '', ...cells.slice(from)]);
    case 2:
      return put(cells.toSorted());
    case 3:
      return put([...cells.slice(0, from), ...cells.slice(from).toSorted().toReversed()]);
    case 4:
      return put(cells.map((cell, at) => (at < from ? cell : (cells[from] ?? ''))));
    case 5:
      return rows.map((row) => row.toSpliced(column, 1));
    case 6: {
      const other = random(header.length);
      return put(body.map((row) => row[other] ?? ''));
    }
    case 7:
      return put(cells.with(from, cells[random(cells.length)] ?? ''));
    case 8: {
      const [what, by] = pick(REPLACED, random);
      return put(cells.map((cell) => cell.replaceAll(what, by)));
    }
    default:
      return put(cells.map(pick(MANGLED, random)));
  }
}

/** What people replace in a column, by slip or on purpose. */
const REPLACED = [
  ['contoso.com', 'fabrikam.com'],
  ['.', ''],
  ['@', ' '],
  ['smtp:', 'SMTP:'],
  ['EDIT', 'REMOVE'],
  ['REMOVE', 'EDIT'],
  ['review', 'safe'],
] as const;

/** What a spreadsheet makes of cells. */
const MANGLED: readonly ((cell: string) => string)[] = [
  (cell: string) => cell.trim(),
  (cell: string) => cell.toUpperCase(),
  (cell: string) => cell.toLowerCase(),
  (cell: string) => cell.charAt(0).toUpperCase() + cell.slice(1),
  (cell: string) => cell.replace(/^'/, ''),
  (cell: string) => cell.slice(0, 255),
  (cell: string) => (cell.includes('@') ? '#NAME?' : cell),
  (cell: string) => cell.replaceAll('-', '–').replaceAll("'", '’'),
  (cell: string) => cell.normalize('NFKD').replaceAll(/[^ -~]/g, '?'),
  (cell: string) => (/^[0-9a-f]+e[0-9]+$/.test(cell) ? '1E+10' : cell),
];
