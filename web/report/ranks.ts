import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { SEVERITIES } from '../../src/findings/severities';
import { PATH_SEPARATOR } from './filters';
import { valueText } from './words';

/** What the table can be sorted by. */
export type SortField = 'severity' | 'name' | 'place' | 'rule' | 'attribute' | 'value' | 'proposal';

/**
 * Orders findings by a field. Texts are brought into the order of the language once for each field, when somebody first
 * sorts by it: from then on sorting many thousand rows compares numbers.
 */
export function sorters(
  rows: readonly ReportRow[],
  { places }: ReportHead,
): (field: SortField) => (a: ReportRow, b: ReportRow) => number {
  const paths = places.map(({ path }) => path.join(PATH_SEPARATOR));
  const texts: Readonly<Record<SortField, (row: ReportRow) => string>> = {
    severity: ({ severity }) => String(SEVERITIES.indexOf(severity)),
    name: ({ name }) => name,
    place: ({ place }) => paths[place] ?? '',
    rule: ({ rule }) => rule,
    attribute: ({ attribute }) => attribute,
    value: ({ value }) => valueText(value),
    proposal: ({ proposal }) =>
      proposal ? [proposal.safety, ...proposal.after.map(valueText)].join(' ') : '',
  };
  return (field) => {
    let ranks: ReadonlyMap<ReportRow, number> | undefined;
    return (a, b) => {
      ranks ??= ranksOf(rows, texts[field]);
      return (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
    };
  };
}

function ranksOf(
  rows: readonly ReportRow[],
  text: (row: ReportRow) => string,
): ReadonlyMap<ReportRow, number> {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const order = [...new Set(rows.map(text))].sort(compare);
  const ranks = new Map(order.map((one, rank) => [one, rank]));
  return new Map(rows.map((row) => [row, ranks.get(text(row)) ?? 0]));
}
