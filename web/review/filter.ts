import type { Row, Status } from '../../src/review/api.js';

/** Where a row stands for a person: *noted* where it is open and nothing is to be decided about it. */
export type Decided = Status | 'noted';

export function decidedOf({ status, proposed }: Row): Decided {
  return status === 'open' && proposed === 'COMPLETE' ? 'noted' : status;
}

/** Which rows are shown; an empty text stands for all, but for what is only noted. */
export interface Filter {
  readonly status: Decided | '';
  readonly rule: string;
  readonly severity: string;
  readonly attribute: string;
  readonly ou: string;
  readonly safety: string;
  readonly search: string;
}

export const ALL: Filter = {
  ...{ status: '', rule: '', severity: '', attribute: '', ou: '', safety: '', search: '' },
};

export type Column = 'name' | 'attribute' | 'errors' | 'value' | 'status';

export interface Order {
  readonly by: Column;
  readonly down: boolean;
}

/** The rows that a filter shows, in the order of the sheet or of a column. */
export function shownRows(
  rows: Iterable<Row>,
  filter: Filter,
  order: Order | null,
): readonly Row[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...rows].filter((row) => isShown(row, filter, words));
  if (!order) return found;
  const sign = order.down ? -1 : 1;
  return found.sort((a, b) => sign * compareText(textOf(a, order.by), textOf(b, order.by)));
}

function isShown(row: Row, filter: Filter, words: readonly string[]): boolean {
  const { status, rule, severity, attribute, ou, safety } = filter;
  return (
    (status === '' ? decidedOf(row) !== 'noted' : decidedOf(row) === status) &&
    (rule === '' || row.rules.includes(rule)) &&
    (severity === '' || row.severity === severity) &&
    (attribute === '' || row.attribute === attribute) &&
    (safety === '' || safetyOf(row) === safety) &&
    (ou === '' || row.ou === ou || row.ou.endsWith(`,${ou}`)) &&
    (words.length === 0 || words.every((word) => haystack(row).includes(word)))
  );
}

/** A row without a proposal is neither safe nor for review. */
export function safetyOf({ safety }: Row): string {
  return safety === '' ? 'none' : safety;
}

const HAYSTACKS = new WeakMap<Row, string>();

function haystack(row: Row): string {
  const known = HAYSTACKS.get(row);
  if (known !== undefined) return known;
  const texts = [
    row.dn,
    row.attribute,
    row.errors,
    row.value,
    row.update,
    row.rules.join(' '),
    row.related,
  ];
  const text = texts
    .filter((one) => typeof one === 'string')
    .join('\n')
    .toLowerCase();
  HAYSTACKS.set(row, text);
  return text;
}

function textOf(row: Row, column: Column): string {
  const text = column === 'status' ? decidedOf(row) : row[column];
  return typeof text === 'string' ? text.toLowerCase() : '';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What may be chosen, and how many rows each choice has: the most frequent first. */
export function choices(
  rows: Iterable<Row>,
  textsOf: (row: Row) => readonly string[],
): readonly (readonly [text: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const text of textsOf(row)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || compareText(a, b));
}
