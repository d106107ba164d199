import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { ExpectedError } from '../errors.js';
import { encodeCell } from '../export/sheet/cells.js';
import { editSheet } from '../export/sheet/edit-sheet.js';
import type { Io } from '../files/io.js';
import { openOutput } from '../files/output.js';
import { readInput } from '../files/read-input.js';
import type { Mark } from '../judging/marked-row.js';
import type { Change } from './decide.js';

/** The file of the sheet was written by someone else since it was read. */
export class ChangedOnDiskError extends ExpectedError {}

/** A review sheet on disk. */
export interface SheetFile {
  /** The file as decided so far. */
  bytes(): Uint8Array;
  /** What a run left in the column RESULT of a row. */
  resultOf(row: number): string;
  /** Takes note of changes; they are on disk once `save` is fulfilled. */
  mark(changes: readonly Change[]): void;
  /**
   * Puts the file in the place of the old one, whole or not at all. Throws ChangedOnDiskError, and writes nothing,
   * where someone else wrote the file since.
   */
  save(): Promise<void>;
}

/** What tells one state of a file from another. */
interface Fingerprint {
  readonly times: string;
  readonly hash: string;
}

/** Opens the sheet of a review. Throws ExpectedError where it cannot be read. */
export async function openSheetFile(path: string, io: Pick<Io, 'out'>): Promise<SheetFile> {
  // A link stays a link: what it points to is replaced.
  const real = await realpath(path).catch(() => path);
  // Taken before the file is read: what is written meanwhile shows.
  const before = await timesOf(real).catch(() => undefined);
  const first = await readInput(path, 'review sheet');
  const sheet = editSheet(first);
  let known = before ? { ...before, hash: hashOf(first) } : await fingerprint(real, first);
  const firsts = new Map<number, { readonly update: Mark['update']; readonly cell: string }>();
  /** A value that is taken back gets the cell that it had, letter by letter. */
  const updateCell = (row: number, before: Mark, after: Mark) => {
    const first = firsts.get(row) ?? { update: before.update, cell: sheet.cell(row, 'UPDATE') };
    firsts.set(row, first);
    return after.update === first.update ? first.cell : encodeCell(after.update);
  };
  return {
    bytes: () => sheet.bytes(),
    resultOf: (row) => sheet.cell(row, 'RESULT'),
    mark(changes) {
      for (const { row, before, after } of changes)
        sheet.write(row, {
          ACTION: after.action,
          ...(after.update === before.update ? {} : { UPDATE: updateCell(row, before, after) }),
          ...(after.result === before.result
            ? {}
            : { RESULT: encodeCell(after.result || undefined) }),
        });
    },
    async save() {
      await refuseChanged(real, path, known);
      const bytes = sheet.bytes();
      const output = await openOutput(real, io);
      try {
        await output.write(bytes);
        // It takes a while to write a large sheet.
        await refuseChanged(real, path, known);
        await output.commit();
      } finally {
        await output.discard();
      }
      known = await fingerprint(real, bytes);
    },
  };
}

async function refuseChanged(real: string, path: string, known: Fingerprint): Promise<void> {
  const now = await timesOf(real).catch(() => undefined);
  if (now?.times === known.times) return;
  // A backup or an indexer touches a file without changing it.
  const same = now && hashOf(await readInput(real, 'review sheet')) === known.hash;
  if (same) return;
  if (!now)
    throw new ExpectedError(`${path} is not there any more.`, 'Put it back, then save again.');
  throw new ChangedOnDiskError(
    `${path} was changed by another program.`,
    'Nothing was overwritten. Close it there, then read the file again.',
  );
}

async function fingerprint(real: string, bytes: Uint8Array): Promise<Fingerprint> {
  return { ...(await timesOf(real)), hash: hashOf(bytes) };
}

async function timesOf(real: string): Promise<Pick<Fingerprint, 'times'>> {
  const file = await open(real, 'r');
  try {
    const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
    return { times: [ino, size, mtimeNs, ctimeNs].join(' ') };
  } finally {
    await file.close();
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
