import { ExpectedError } from '../../errors.js';
import type { EntrySource, Page, Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { encodeEntry } from '../entry/entry.js';
import { EntryBuffer } from '../entry/entry-buffer.js';
import { isWithin } from '../format/dn.js';
import { parseGuid } from '../format/guid.js';
import { type LdifRecord, readLdif } from '../format/ldif.js';
import {
  ANY_ATTRIBUTE,
  encodeValue,
  IDENTITY_ATTRIBUTES,
  UNKNOWN_ATTRIBUTES,
} from '../format/values.js';
import { splitExtendedDn } from './extended-dn.js';
import { unpacked } from './unpacked.js';

/** What to take from a snapshot; no base means all of it. */
export interface SnapshotOptions {
  readonly bases: readonly string[];
}

/**
 * Entries of an LDIF file. `open` is called once for each reading and gives the bytes of the file, packed by gzip or not.
 * Throws an ExpectedError where the file is no LDIF or holds no entry.
 */
export function snapshotSource(
  name: string,
  open: () => AsyncIterable<Uint8Array>,
  options: SnapshotOptions,
): EntrySource {
  return {
    name,
    undelivered: () => undefined,
    ifNobody: 'Export users, groups and contacts: presync judges no other entries',
    async *pages(attributes, signal) {
      try {
        yield* readPages(unpacked(open()), new Set(attributes), options.bases, signal);
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        throw new ExpectedError(`${name}, ${error.message}`, error.hint, error.exitCode);
      }
    },
  };
}

async function* readPages(
  bytes: AsyncIterable<Uint8Array>,
  attributes: ReadonlySet<string>,
  bases: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Page> {
  let gaps: string[] = [];
  let seen = 0;
  const emptyBases = new Set(bases);
  const onGap = once((reason) => gaps.push(reason));
  const select = selector(attributes, onGap);
  const buffer = new EntryBuffer();
  for await (const records of readLdif(bytes, onGap)) {
    signal?.throwIfAborted();
    seen += records.length;
    const entries = records
      .map(withPlainDn)
      .filter(({ dn }) => isWanted(dn, bases, emptyBases))
      .map((record) => encodeEntry(record.dn, select(record), buffer));
    if (entries.length === 0) continue;
    yield { entries, gaps };
    gaps = [];
  }
  signal?.throwIfAborted();
  if (seen === 0) throw nothing(gaps);
  for (const base of emptyBases) gaps.push(`no entry at or below ${printable(base)}`);
  if (gaps.length > 0) yield { entries: [], gaps };
}

/** Reasons told of one file at most: a hostile one has any number. */
const MOST_REASONS = 1_000;

/** Tells each reason once: a paged search tells of the same reference on every page. */
function once(tell: (reason: string) => void): (reason: string) => void {
  const told = new Set<string>();
  return (reason) => {
    if (told.has(reason) || told.size > MOST_REASONS) return;
    tell(told.size < MOST_REASONS ? reason : 'and more of the kind');
    told.add(reason);
  };
}

/** The record under its plain name; the objectGUID that an extended one holds is taken where the record has none. */
function withPlainDn(record: LdifRecord): LdifRecord {
  if (!record.dn.startsWith('<')) return record;
  const { dn, guid } = splitExtendedDn(record.dn);
  const hasGuid = record.attributes.some(([name]) => name.toLowerCase() === 'objectguid');
  if (guid === undefined || hasGuid) return { ...record, dn };
  return { ...record, dn, attributes: [...record.attributes, ['objectGUID', [guid]]] };
}

/** Whether a DN lies within a base; takes the bases that hold it off `emptyBases`. */
function isWanted(dn: string, bases: readonly string[], emptyBases: Set<string>): boolean {
  const holders = bases.filter((base) => isWithin(dn, base));
  for (const base of holders) emptyBases.delete(base);
  return holders.length > 0 || bases.length === 0;
}

/** A mistyped base or a failed search must not pass for a directory without faults. */
function nothing(gaps: readonly string[]): ExpectedError {
  return new ExpectedError(
    ['it holds no entry', ...gaps].join('; '),
    'Check that the export worked and that it is an LDIF file of entries.',
  );
}

/**
 * Picks the attributes asked for, and those that make the identity and kind of an entry. What an
 * export wrote in ranges is taken under its plain name, and reported: Active Directory gives long
 * lists in parts, and the rest is missing.
 */
function selector(attributes: ReadonlySet<string>, onGap: (reason: string) => void) {
  const wanted = new Map(
    [...attributes, ...IDENTITY_ATTRIBUTES].map((name) => {
      const plain = plainName(name);
      return [plain.toLowerCase(), plain];
    }),
  );
  return (record: LdifRecord): (readonly [string, readonly Value[]])[] => {
    const selected: (readonly [string, readonly Value[]])[] = [];
    for (const [spelled, values] of record.attributes) {
      const key = plainName(spelled).toLowerCase();
      const asked = wanted.get(key);
      if (!asked) continue;
      // Not as the file spells it: there could be any number of spellings.
      selected.push([asked, key === 'objectguid' ? values.map(guidBytes) : values]);
      if (isCut(spelled)) onGap(`the export cut long lists of ${asked} values short`);
    }
    const unknown = record.unknown.flatMap(
      (name) => wanted.get(plainName(name).toLowerCase()) ?? [],
    );
    if (record.isCut) selected.push([UNKNOWN_ATTRIBUTES, [...unknown, ANY_ATTRIBUTE]]);
    else if (unknown.length > 0) {
      selected.push([UNKNOWN_ATTRIBUTES, unknown]);
      for (const name of unknown)
        onGap(
          `values of ${name} stand in other files, which presync does not read: write them in base64 in their place`,
        );
    }
    return selected;
  };
}

/** The name without the options that say how values are carried: `;binary` and `;range=…`. */
function plainName(name: string): string {
  return name.includes(';') ? name.replace(/;(?:binary|range=[^;]*)(?=;|$)/gi, '') : name;
}

function isCut(name: string): boolean {
  return /;range=(?!0-\*(?:;|$))/i.test(name);
}

function guidBytes(value: Value): Uint8Array {
  return (typeof value === 'string' ? parseGuid(value) : undefined) ?? encodeValue(value);
}
