import { stat } from 'node:fs/promises';
import { ExpectedError } from '../errors.js';
import { countDecisions } from '../export/sheet/read-sheet.js';
import { STDIO } from '../files/io.js';
import { streamInput } from '../files/read-input.js';
import { openSheet } from '../jobs/sheet-decisions.js';

/** Refuses to write a new sheet over one in which somebody decided. Throws ExpectedError with their number. */
export async function keepDecisions(path: string): Promise<void> {
  const known = path === STDIO ? undefined : await stat(path).catch(() => undefined);
  if (!known?.isFile()) return;
  const decided = await decisionsOf(path);
  if (decided === 0) return;
  if (decided === undefined)
    throw new ExpectedError(
      `${path} looks like a review sheet, and nobody can tell what was decided in it.`,
      'Name another file with --csv, or move that one away.',
    );
  const rows = decided === 1 ? 'row' : 'rows';
  throw new ExpectedError(
    `${path} has ${decided} ${rows} with an ACTION, which a new sheet would wipe out.`,
    'Name another file with --csv, or move that one away.',
  );
}

/** Undefined where a spreadsheet damaged the header; a file without a column ACTION is no sheet. */
async function decisionsOf(path: string): Promise<number | undefined> {
  try {
    return await countDecisions(await openSheet(path));
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const start = Buffer.from(await startOf(path))
      .toString('latin1')
      .replaceAll('\0', '');
    return /\baction\b/i.test(start) ? undefined : 0;
  }
}

async function startOf(path: string): Promise<Uint8Array> {
  for await (const chunk of streamInput(path, 'review sheet')) return chunk.subarray(0, 4096);
  return new Uint8Array();
}
