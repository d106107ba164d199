import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ldifCommand } from '../../src/commands/ldif.js';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { sheetRows } from '../../src/export/sheet/rows.js';
import type { Io } from '../../src/files/io.js';
import { parseCap } from '../../src/jobs/change-cap.js';
import { planApply } from '../../src/jobs/plan-apply.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { RefusedRow, SheetRow } from '../../src/model/change.js';
import type { Entry } from '../../src/model/entry.js';
import { findingId } from '../../src/remediation/plan/value-id.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import type { PlanView } from '../../src/review/api.js';
import type { ReviewInput } from '../../src/review/desk.js';
import { Listeners } from '../../src/review/http.js';
import { openReview } from '../../src/review/review.js';
import { scan } from '../../src/scan/scan.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { generate, memorySource } from '../generator.js';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
const home = process.cwd();
// No configuration but the defaults.
beforeAll(() => process.chdir(path('.')));
afterAll(() => {
  process.chdir(home);
  remove();
});

const settings = settingsFrom();
const OWNER = /is (what the scan proposed|proposed) for CN=/;

/** A sheet of a scan, everything in it accepted, and who was scanned. */
interface Honest {
  readonly entries: readonly Entry[];
  readonly rows: readonly SheetRow[];
}

const scanned = new Map<number, Promise<Honest>>();

function honestSheet(seed: number): Promise<Honest> {
  const known = scanned.get(seed) ?? scanSheet(seed);
  scanned.set(seed, known);
  return known;
}

async function scanSheet(seed: number): Promise<Honest> {
  const { entries } = generate(seed, 60, 2);
  const result = await scan([memorySource(entries)], {
    settings: settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] }),
  });
  const rows = [...sheetRows(result.findings, result.proposals, findingId, true)];
  return { entries, rows: rows.map((row) => ({ ...row, action: row.proposedAction })) };
}

type Updates = readonly SheetRow['update'][];

/** What happens to the column UPDATE in a spreadsheet, by where the hand slips. */
const SLIPS: Readonly<Record<string, (column: Updates, at: number, other: number) => Updates>> = {
  'shifted by some rows': (column, at) => {
    const by = (at % (column.length - 1)) + 1;
    return column.map((_, row) => column.at(row - by));
  },
  sorted: (column) =>
    column.toSorted((a, b) => (String(a ?? '\uffff') < String(b ?? '\uffff') ? -1 : 1)),
  'sorted, empty cells left out': (column) => {
    const full = column.filter((update) => update !== undefined).toSorted();
    return column.map((update) => (update === undefined ? undefined : full.shift()));
  },
  'filled down from one cell': (column, at, other) => {
    const from = column.findIndex(
      (update, row) => row >= at % column.length && update !== undefined,
    );
    return column.map((update, row) =>
      row > from && row <= from + 1 + (other % 4) ? column[from] : update,
    );
  },
  'with two cells swapped': (column, at, other) => {
    const full = column.flatMap((update, row) => (update === undefined ? [] : [row]));
    const [a = 0, b = 0] = [full[at % full.length], full[other % full.length]];
    return column.with(a, column[b]).with(b, column[a]);
  },
  'with a value typed by hand': (column, at) =>
    column.with(at % column.length, `hand${at}@contoso.com`),
};

const sheetOf = (rows: readonly SheetRow[]) =>
  Buffer.from(sheetHeader() + rows.map(sheetLine).join(''));

/** Why each row is refused, by its number, and what is written of the others. */
interface Fate {
  readonly refused: readonly RefusedRow[];
  readonly written: ReadonlyMap<number, SheetRow['update']>;
}

function fate(rows: readonly SheetRow[], refused: readonly RefusedRow[]): Fate {
  const out = new Set(refused.map(({ row }) => row));
  const taken = rows.map(({ action, update }, at) => ({ action, update, row: at + 2 }));
  const edits = taken.filter(({ action, row }) => action === 'EDIT' && !out.has(row));
  return { refused, written: new Map(edits.map(({ row, update }) => [row, update])) };
}

function target(entries: readonly Entry[]): Target {
  const memory = memoryDirectory(entries);
  return { ...memory, count: async () => 60, find: async () => [], close: async () => {} };
}

async function byApply({ entries }: Honest, rows: readonly SheetRow[]): Promise<Fate> {
  const sheet = await textIn(sheetOf(rows));
  const decisions = await decisionsIn(sheet, { acceptForeign: false });
  const judgement = { settings, sheet, rows: decisions.rows, insists: () => false };
  const plan = await planApply({ decisions, flags: {}, journals: [], judgement }, target(entries));
  return fate(rows, plan.refused);
}

async function byPage({ entries }: Honest, rows: readonly SheetRow[]): Promise<Fate> {
  writeFileSync(path('page.csv'), sheetOf(rows));
  const io = { out: async () => {}, err: () => {}, now: () => new Date(0), nameOf: String };
  const input = {
    ...{ sheet: path('page.csv'), settings, named: [], target: target(entries) },
    ...{ fromIncomplete: false, acceptForeign: false, onFailure: () => {} },
    ...{ limits: { concurrency: 1, maxChanges: '5', maxFailures: 1, cap: parseCap('5') } },
    io: { ...io, signal: new AbortController().signal },
  } as unknown as ReviewInput;
  const { routes } = await openReview(input, new Listeners());
  const plan = (await routes['plan']?.({ onlySafe: false })) as PlanView;
  return fate(rows, plan.refused);
}

async function byLdif(rows: readonly SheetRow[]): Promise<Fate> {
  writeFileSync(path('ldif.csv'), sheetOf(rows));
  let told = '';
  const io = {
    out: async () => {},
    err: (text: string) => {
      told += text;
    },
    nameOf: String,
  } as unknown as Io;
  const flags = {
    ...{ sheet: path('ldif.csv'), out: undefined, config: undefined },
    ...{ acceptForeignRows: false, acceptFaulty: false },
    ...{ profile: undefined, loginAttribute: undefined, verifiedDomains: undefined },
  };
  await ldifCommand.run(flags, io);
  const refused = [...told.matchAll(/^Row (\d+) refused: (.*)$/gm)];
  return fate(
    rows,
    refused.map(([, row, reason = '']) => ({ row: Number(row), reason })),
  );
}

/** Values written that the scan proposed for another entry, or for another row that does not have it any more. */
function strays(honest: Honest, rows: readonly SheetRow[], { written }: Fate): readonly string[] {
  return [...written].flatMap(([row, update]) => {
    const own = honest.rows[row - 2];
    const owners = honest.rows.flatMap((one, at) => (one.update === update ? [at] : []));
    const isFine =
      own?.update === update ||
      owners.length === 0 ||
      owners.some((at) => honest.rows[at]?.dn === own?.dn && rows[at]?.update === update);
    return isFine ? [] : [`row ${row}: ${update}`];
  });
}

const byOwner = ({ refused }: Fate) => refused.filter(({ reason }) => OWNER.test(reason));

describe('T3 a column UPDATE that was moved', () => {
  test.each(Object.entries(SLIPS))(
    '%s: nobody gets the proposal of another one',
    async (_, slip) => {
      let refusals = 0;
      let moved = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(5), fc.nat(), fc.nat(), async (seed, at, other) => {
          const honest = await honestSheet(seed);
          const updates = slip(
            honest.rows.map(({ update }) => update),
            at,
            other,
          );
          const rows = honest.rows.map((row, n) => ({ ...row, update: updates[n] }));
          moved += rows.filter(({ update }, n) => update !== honest.rows[n]?.update).length;
          const [apply, page, ldif] = [
            await byApply(honest, rows),
            await byPage(honest, rows),
            await byLdif(rows),
          ];
          expect(page).toEqual(apply);
          expect(byOwner(ldif)).toEqual(byOwner(apply));
          for (const one of [apply, page, ldif]) expect(strays(honest, rows, one)).toEqual([]);
          refusals += byOwner(apply).length;
        }),
        { numRuns: 12, seed: 14 },
      );
      expect(moved).toBeGreaterThan(0);
      expect(refusals > 0).toBe(slip !== SLIPS['with a value typed by hand']);
    },
  );

  test('a sheet that was sorted as a whole is taken as ever', async () => {
    const honest = await honestSheet(1);
    const rows = honest.rows.toSorted((a, b) => (String(a.update) < String(b.update) ? -1 : 1));
    const written = ({ written }: Fate) => [...written.values()].toSorted();
    expect(written(await byLdif(rows))).toEqual(written(await byLdif(honest.rows)));
    expect(byOwner(await byLdif(rows))).toEqual([]);
  });
});
