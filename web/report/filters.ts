import type { Place, ReportRow } from '../../src/export/report/report-data';
import { SEVERITIES } from '../../src/findings/severities';
import type { Severity } from '../../src/model/finding';
import { valueText } from './words';

/** What narrows the table; an empty choice lets everything through. */
export interface Filters {
  /** Words that must all stand somewhere in the finding. */
  readonly search: string;
  readonly severities: ReadonlySet<Severity>;
  readonly rule: string;
  readonly attribute: string;
  /** Key of a place, which takes in what lies below it. */
  readonly place: string;
  readonly proposal: '' | 'safe' | 'review' | 'none';
}

export const NO_FILTERS: Filters = {
  search: '',
  severities: new Set(SEVERITIES),
  rule: '',
  attribute: '',
  place: '',
  proposal: '',
};

/** Whether filters let everything through. */
export function isUnfiltered(filters: Filters): boolean {
  const { severities, ...rest } = filters;
  const texts = Object.values(rest).every((text) => text === '');
  return texts && severities.size === NO_FILTERS.severities.size;
}

export const PATH_SEPARATOR = ' › ';

/** Names a place and tells it from all others, whatever characters its names hold. */
export function placeKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Every place with findings and all above it, in the order of a tree. */
export function placesAndAbove(places: readonly Place[]): readonly (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  for (const { path } of places)
    for (let depth = 1; depth <= path.length; depth += 1) {
      const above = path.slice(0, depth);
      paths.set(placeKey(above), above);
    }
  const order = new Intl.Collator('en', { numeric: true });
  const sortKey = (path: readonly string[]) => path.join('\u0000');
  return [...paths.values()].sort((a, b) => order.compare(sortKey(a), sortKey(b)));
}

/** A test for one row; made once for each change of the filters, so that it can be quick on many rows. */
export function tester(
  { search, severities, rule, attribute, place, proposal }: Filters,
  places: readonly Place[],
): (row: ReportRow) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const within = place === '' ? undefined : places.map(({ path }) => isBelow(path, place));
  return (row) =>
    severities.has(row.severity) &&
    (rule === '' || row.rule === rule) &&
    (attribute === '' || row.attribute === attribute) &&
    (within === undefined || within[row.place] === true) &&
    (proposal === '' || (row.proposal?.safety ?? 'none') === proposal) &&
    words.every((word) => haystack(row).includes(word));
}

function isBelow(path: readonly string[], place: string): boolean {
  const depth = (JSON.parse(place) as string[]).length;
  return placeKey(path.slice(0, depth)) === place;
}

const haystacks = new WeakMap<ReportRow, string>();

function haystack(row: ReportRow): string {
  const known = haystacks.get(row);
  if (known !== undefined) return known;
  const after = row.proposal?.after.map(valueText) ?? [];
  const parts = [row.dn, row.guid ?? '', row.attribute, row.rule, valueText(row.value), ...after];
  const text = [...parts, row.message].join('\n').toLowerCase();
  haystacks.set(row, text);
  return text;
}
