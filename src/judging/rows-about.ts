import type { SheetText } from '../export/sheet/read-lines.js';
import { readRows } from '../export/sheet/read-sheet.js';
import { proposalDigest, sealedProposal } from '../export/sheet/seal.js';
import { identityOf } from '../ldap/format/dn.js';
import type { SheetRow } from '../model/change.js';
import type { Value } from '../model/entry.js';
import type { Judge } from '../model/rule.js';
import type { NumberedRow } from '../remediation/plan/approve.js';
import { keyText } from '../remediation/plan/value-id.js';
import { entryOf } from './offline-engine.js';

/** A value that a person put in the place of a proposal, and the row where it stands. */
export interface Typed {
  readonly sheetRow: SheetRow;
  readonly update: string;
}

/** Rows of a sheet. */
export interface RowsAbout {
  readonly rows: readonly NumberedRow[];
  /** Those that are refused for what their cells hold. */
  readonly doubted: readonly NumberedRow[];
}

/**
 * The rows of a sheet that have a say in what is typed: rows of the same entries, rows that hold or are to get an equal
 * value, and rows for which it was proposed. No other row is kept, however large the sheet.
 */
export async function rowsAbout(
  typed: readonly Typed[],
  sheet: SheetText,
  judge: Pick<Judge, 'keys'>,
): Promise<RowsAbout> {
  const keysOf = (row: SheetRow, value: Value) =>
    judge.keys(entryOf(row, [value]), row.attribute).map(keyText);
  const entries = new Set(typed.map(({ sheetRow }) => identityOf(sheetRow)));
  const keys = new Set(typed.flatMap(({ sheetRow, update }) => keysOf(sheetRow, update)));
  const proposals = new Set<string | undefined>(typed.map(({ update }) => proposalDigest(update)));
  const isAbout = (row: SheetRow) =>
    entries.has(identityOf(row)) ||
    proposals.has(sealedProposal(row)) ||
    [row.value, row.update].some(
      (value) => value !== undefined && keysOf(row, value).some((key) => keys.has(key)),
    );
  const about = { rows: [] as NumberedRow[], doubted: [] as NumberedRow[] };
  for await (const lines of readRows(sheet))
    for (const { row, read, reason } of lines) {
      if (!read || !isAbout(read.sheetRow)) continue;
      const kept = reason === undefined ? about.rows : about.doubted;
      kept.push({ row, sheetRow: read.sheetRow });
    }
  return about;
}
