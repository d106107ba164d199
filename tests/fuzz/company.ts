import { sheetHeader, sheetLines } from '../../src/export/sheet/csv.js';
import { sheetRows } from '../../src/export/sheet/rows.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { identityOf } from '../../src/ldap/format/dn.js';
import { exactKey } from '../../src/ldap/format/values.js';
import type { MemoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { Edit } from '../../src/model/change.js';
import type { Entry, Value } from '../../src/model/entry.js';
import type { ScanResult } from '../../src/model/scan.js';
import { findingId } from '../../src/remediation/plan/value-id.js';
import { carryOut } from '../../src/remediation/run/carry-out.js';
import type { Journal } from '../../src/remediation/run/journal.js';
import type { PlannedRequest } from '../../src/remediation/run/requests.js';
import { writeJsonl } from '../../src/reports/jsonl.js';
import { scan } from '../../src/scan/scan.js';
import { generate, memorySource } from '../generator.js';
import { targetOver } from '../remediation/run/target-over.js';
import { once, settings } from './target.js';

/** A small company and what a scan made of it. */
export interface Company {
  readonly entries: readonly Entry[];
  readonly result: ScanResult;
  /** The review sheet, with everything that was proposed accepted. */
  readonly sheet: string;
  /** The report in JSON lines. */
  readonly report: string;
  /** What the accepted sheet asks for, by ID. */
  readonly edits: ReadonlyMap<string, Edit>;
}

export const company = once(async (): Promise<Company> => {
  const { entries: all, planted } = generate(7, 250, 2);
  const faulty = new Set(planted.map(({ dn }) => dn));
  const clean = all.filter(({ dn }) => !faulty.has(dn)).slice(0, 20);
  const entries = [...all.filter(({ dn }) => faulty.has(dn)), ...clean, ...moving(20)];
  const result = await scan([memorySource(entries)], { settings });
  const rows = [...sheetRows(result.findings, result.proposals, findingId, true)];
  const marked = rows.map((row) => ({ ...row, action: row.proposedAction }));
  const context = { settings, failing: [], showSkipped: true, made: new Date(0) };
  return {
    entries,
    result,
    sheet: sheetHeader() + [...sheetLines(marked)].join(''),
    report: [...(await writeJsonl(result, context))].join(''),
    edits: new Map(result.proposals.map(({ id, edit }) => [id, edit])),
  };
});

/** People whose suffix is to change: rows that are all alike. */
function moving(count: number): readonly Entry[] {
  return Array.from({ length: count }, (_, n) => {
    const name = `mover${n}`;
    const guid = Buffer.from((0xabc000 + n).toString(16).padStart(32, '0'), 'hex');
    return createEntry(`CN=${name},OU=Moving,DC=contoso,DC=com`, [
      ...[['objectClass', ['user']] as const, ['cn', [name]] as const],
      ...[['displayName', [`Mover ${n}`]] as const, ['objectGUID', [guid]] as const],
      ...[['sAMAccountName', [name]] as const, ['mail', [`${name}@contoso.local`]] as const],
      ['userPrincipalName', [`${name}@contoso.local`]] as const,
      ['proxyAddresses', [`SMTP:${name}@contoso.local`]] as const,
    ]);
  });
}

/** A directory in memory as a command sees it: who looks for holders of a value is shown everybody. */
export function targetOn(memory: MemoryDirectory) {
  return targetOver(memory, { find: async () => memory.entries() });
}

/** Values by entry and attribute. */
export type Values = ReadonlyMap<string, ReadonlySet<string>>;

const placeOf = (entry: Pick<Entry, 'dn' | 'guid'>, attribute: string) =>
  `${identityOf(entry)} ${attribute.toLowerCase()}`;

/** What entries hold, and what edits take away and put there. */
export function valuesOf(entries: readonly Entry[], edits: Iterable<Edit> = []): Values {
  const values = new Map<string, Set<string>>();
  const add = (place: string, more: readonly Value[]) => {
    const held = values.get(place) ?? new Set();
    for (const value of more) held.add(exactKey(value));
    values.set(place, held);
  };
  for (const entry of entries)
    for (const name of entry.attributes) add(placeOf(entry, name), entry.values(name));
  for (const { entry, attribute, before, after } of edits)
    add(placeOf(entry, attribute), [...before, ...after]);
  return values;
}

/** What entries hold that may not stand there. */
export function strangersIn(entries: readonly Entry[], allowed: Values): readonly string[] {
  return [...valuesOf(entries)].flatMap(([place, held]) =>
    [...held]
      .filter((value) => !allowed.get(place)?.has(value))
      .map((value) => `${place}: ${value}`),
  );
}

/** All that a directory holds, as one text. */
export function stateOf(entries: readonly Entry[]): string {
  const lines = [...valuesOf(entries)].map(([place, held]) => `${place}: ${[...held].sort()}`);
  return lines
    .filter((line) => !line.endsWith(': '))
    .sort()
    .join('\n');
}

/** A journal that nobody will read. */
const UNREAD: Journal = {
  intended: async () => {},
  outcome: async () => {},
  hurry: () => {},
  end: async () => {},
  close: async () => {},
};

/** Carries requests out in memory; says whether all of them were. */
export async function carriedOut(
  requests: readonly PlannedRequest[],
  memory: MemoryDirectory,
): Promise<boolean> {
  const { rows, counts } = await carryOut(requests, memory, UNREAD, { concurrency: 4 });
  return counts.applied === rows.length;
}
