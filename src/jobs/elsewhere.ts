import pLimit from 'p-limit';
import type { EntryWriter } from '../model/change.js';
import { type Elsewhere, READS } from './limits.js';

/** Of the entries with these DNs those that another server holds, each with the part of the tree that it lies in. */
export async function partsElsewhere(
  dns: Iterable<string>,
  { elsewhere }: Pick<EntryWriter, 'elsewhere'>,
): Promise<ReadonlyMap<string, string>> {
  const parts = new Map<string, string>();
  if (!elsewhere) return parts;
  await pLimit(READS).map(new Set(dns), async (dn) => {
    const part = await elsewhere(dn);
    if (part !== undefined) parts.set(dn, part);
  });
  return parts;
}

/** Counts rows by the part of the tree that each lies in; those that lie in none are here. */
export function countByPart(parts: Iterable<string | undefined>): Elsewhere['rows'] {
  const counts = new Map<string, number>();
  for (const part of parts) if (part !== undefined) counts.set(part, (counts.get(part) ?? 0) + 1);
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** How many rows there are for other servers, in one line; empty for none. */
export function elsewhereText({ rows }: Elsewhere): string {
  const all = [...rows.values()].reduce((sum, n) => sum + n, 0);
  if (all === 0) return '';
  const [only] = rows.size === 1 ? rows.keys() : [];
  const what = all === 1 ? '1 row is' : `${all} rows are`;
  return only !== undefined
    ? `${what} for another server, that of ${only}, and left as ${all === 1 ? 'it is' : 'they are'}`
    : `${what} for other servers and left as they are: ${listed(rows)}`;
}

function listed(rows: Elsewhere['rows']): string {
  return [...rows].map(([part, n]) => `${n} in ${part}`).join(', ');
}
