import { existsSync } from 'node:fs';
import { ExpectedError } from '../errors.js';
import { type ReadScan, readScan } from '../export/jsonl/read-review.js';
import { sheetHeader, sheetLines } from '../export/sheet/csv.js';
import { readSheet } from '../export/sheet/read-sheet.js';
import { sheetRows } from '../export/sheet/rows.js';
import type { Io } from '../files/io.js';
import { openOutput, writeAll } from '../files/output.js';
import { readInput, streamInput } from '../files/read-input.js';
import type { Named } from '../judging/claims.js';
import type { SheetRow } from '../model/change.js';
import type { Settings } from '../model/rule.js';
import { findingId } from '../remediation/plan/value-id.js';

/** The sheet that decisions go to, and what its report knows beside it. */
export interface ReviewSource {
  readonly sheet: string;
  /** The profile of the scan, where the report says it. */
  readonly profile: Settings['profile'] | undefined;
  readonly named: readonly Named[];
  /** What the scan read, where the report says it. */
  readonly sources: readonly string[];
}

/**
 * The sheet of a review: the file itself or, of the JSON lines of a scan, the CSV file beside it, made if need be.
 * Throws ExpectedError where that one stands there already and is of another scan.
 */
export async function sheetFor(path: string, io: Pick<Io, 'out' | 'err'>): Promise<ReviewSource> {
  if (!/\.jsonl$/i.test(path)) return { sheet: path, profile: undefined, named: [], sources: [] };
  const scan = await readScan(path, streamInput(path, 'report'));
  const rows = sheetRows(scan.findings, scan.proposals, findingId, scan.complete);
  const sheet = path.replace(/\.jsonl$/i, '.csv');
  const there = existsSync(sheet) ? await readInput(sheet, 'review sheet') : undefined;
  if (there) refuseForeign(sheet, there, rows);
  else await create(sheet, rows, io);
  io.err(there ? `Going on with ${sheet}.\n` : `Made ${sheet} for the decisions.\n`);
  if (scan.findings.length === 0) io.err(`${path} holds no finding: there is nothing to decide.\n`);
  const profile = scan.profile === 'dedicated' ? 'dedicated' : 'default';
  return { sheet, profile, named: namedIn(scan), sources: scan.sources };
}

/** Rows may have been taken out of it since; none may be in it that the scan does not have. */
function refuseForeign(sheet: string, bytes: Uint8Array, rows: Iterable<SheetRow>): void {
  const known = new Set<string>();
  for (const { id } of rows) known.add(id);
  const own = readSheet(bytes).rows;
  if (own.length > 0 && own.every(({ sheetRow }) => known.has(sheetRow.id))) return;
  throw new ExpectedError(
    `${sheet} is there already and is not of this scan.`,
    'Move one of the two, or review the sheet itself.',
  );
}

async function create(sheet: string, rows: Iterable<SheetRow>, io: Pick<Io, 'out'>): Promise<void> {
  const output = await openOutput(sheet, io);
  try {
    await writeAll(output, () => linesOf(rows));
    await output.commit();
  } finally {
    await output.discard();
  }
}

function* linesOf(rows: Iterable<SheetRow>): Generator<string> {
  yield sheetHeader();
  yield* sheetLines(rows);
}

function namedIn({ findings }: ReadScan): readonly Named[] {
  return findings.flatMap(({ related }) =>
    related.map(({ entry: { dn }, attribute, value }) => ({ dn, attribute, value })),
  );
}
