import { ExpectedError } from '../errors.js';
import type { SheetText } from '../export/sheet/read-lines.js';
import { resultSheet } from '../export/sheet/result-sheet.js';
import { type Io, STDIO } from '../files/io.js';
import { openOutput } from '../files/output.js';
import { isSameFile } from '../files/same-file.js';
import { resultsOf } from '../jobs/row-results.js';
import type { RefusedRow } from '../model/change.js';
import type { RowOutcome } from '../remediation/run/carry-out.js';

/** A copy of the sheet that says what became of its rows. */
export interface ResultFile {
  write(
    rows: readonly RowOutcome[],
    refused: readonly RefusedRow[],
    done: readonly { readonly row: number }[],
  ): Promise<void>;
  /** Leaves nothing behind; harmless after `write`. */
  discard(): Promise<void>;
}

/** Files that a run needs, and that its results must therefore not replace. */
export interface NeededFiles {
  readonly sheet: string;
  /** Of this run and of those that it goes on from. */
  readonly journals: readonly string[];
}

/** Opens the file before anything is changed. Throws ExpectedError when it is another one of the run or cannot be written. */
export async function openResult(
  path: string,
  { sheet, journals }: NeededFiles,
  opened: SheetText,
  io: Io,
): Promise<ResultFile> {
  if (path === STDIO)
    throw new ExpectedError(
      'The results would be mixed with what the run says on standard output.',
      'Name a file with --result.',
    );
  const isAt = (other: string) => isSameFile(path, other);
  if (isAt(sheet))
    throw new ExpectedError(
      'The results would be written over the sheet.',
      'Name another file with --result: the sheet is what you decided, the other what came of it.',
    );
  if (journals.some(isAt))
    throw new ExpectedError(
      'The results would be written over a journal.',
      'Name another file with --result: without the journal nothing can be undone.',
    );
  const output = await openOutput(path, io);
  return {
    write: async (rows, refused, done) => {
      const { text, encode } = resultSheet(opened, resultsOf(rows, refused, done));
      for await (const some of text()) await output.write(encode(some));
      await output.commit();
    },
    discard: output.discard,
  };
}
