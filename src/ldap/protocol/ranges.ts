import type { Entry, Value } from '../../model/entry.js';
import { createEntry, type RawEntry } from '../entry/entry.js';
import { parseRange, type Range } from '../format/range-option.js';

/**
 * Fetches what is missing of the attributes that came in ranges and gives the entry with whole
 * attributes; undefined when the rest could not be had. `fetch` reads one attribute of the entry.
 */
export async function completeRanges(
  entry: RawEntry,
  fetch: (attribute: string) => Promise<Entry | undefined>,
): Promise<Entry | undefined> {
  if (!entry.attributes.some(parseRange)) return entry;
  const attributes: [string, readonly Value[]][] = [];
  for (const attribute of entry.attributes) {
    const range = parseRange(attribute);
    const values = range
      ? await completeRange(range, entry.values(attribute), fetch)
      : entry.values(attribute);
    if (!values) return undefined;
    attributes.push([range?.name ?? attribute, values]);
  }
  return createEntry(entry.dn, attributes, entry.names);
}

async function completeRange(
  first: Range,
  firstValues: readonly Value[],
  fetch: (attribute: string) => Promise<Entry | undefined>,
): Promise<readonly Value[] | undefined> {
  if (first.start !== 0) return undefined;
  const values = [...firstValues];
  let { end } = first;
  while (end !== undefined) {
    const start: number = end + 1;
    const entry = await fetch(`${first.name};range=${start}-*`);
    const attribute = entry?.attributes.find((name) => isRange(name, first.name, start));
    if (!entry || !attribute) return undefined;
    for (const value of entry.values(attribute)) values.push(value);
    end = parseRange(attribute)?.end;
    // A range that does not go forward would never end.
    if (end !== undefined && end < start) return undefined;
  }
  return values;
}

function isRange(attribute: string, name: string, start: number): boolean {
  const range = parseRange(attribute);
  return range?.name.toLowerCase() === name.toLowerCase() && range.start === start;
}
