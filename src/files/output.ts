import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExpectedError } from '../errors.js';
import { fileFailure } from './file-failure.js';
import { type Io, STDIO } from './io.js';
import { isSameFile } from './same-file.js';

/** A report on its way: nothing stands under the final name before `commit`. */
export interface Output {
  write(text: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Leaves nothing behind; harmless after `commit`. */
  discard(): Promise<void>;
}

/** Of a new file: what presync writes holds personal data, and no other account of the machine is to read it. */
const PRIVATE = 0o600;

/**
 * Opens a report before the work begins, so that a folder without write permission is found first. A new file can be
 * read by its owner alone; one that is replaced leaves its rights to the next.
 */
export async function openOutput(path: string, io: Pick<Io, 'out'>): Promise<Output> {
  if (path === STDIO)
    return {
      write: (text) => io.out(String(text)),
      commit: async () => {},
      discard: async () => {},
    };
  const known = await stat(path).catch(() => undefined);
  if (known && !known.isFile())
    return streamOutput(path, await attempt(path, () => open(path, 'w')));
  const suffix = randomBytes(4).toString('hex');
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}.tmp`);
  const file = await attempt(path, () => open(temporary, 'wx', PRIVATE));
  if (known) await keepRights(file, known);
  return fileOutput(path, temporary, file);
}

/** Gives a file the rights of the one that it replaces; where the file system has none, it stays private. */
async function keepRights(file: FileHandle, { mode, gid }: Stats): Promise<void> {
  const own = await file.stat();
  const isSameGroup =
    own.gid === gid ||
    (await file.chown(own.uid, gid).then(
      () => true,
      () => false,
    ));
  // What one group might read is not for another.
  const rights = mode & (isSameGroup ? 0o777 : 0o707);
  await file.chmod(rights).catch(() => {});
}

/** A pipe or a device is written as it comes: a file in its place would reach nobody. A folder cannot be opened. */
function streamOutput(path: string, file: FileHandle): Output {
  const close = () => file.close().catch(() => {});
  return {
    write: async (text) => {
      await attempt(path, () => file.writeFile(text));
    },
    commit: close,
    discard: close,
  };
}

function fileOutput(path: string, temporary: string, file: FileHandle): Output {
  let settled = false;
  return {
    write: async (text) => {
      await attempt(path, () => file.writeFile(text));
    },
    commit: async () => {
      await attempt(path, async () => {
        await file.sync();
        await file.close();
        await rename(temporary, path);
      });
      settled = true;
    },
    discard: async () => {
      if (settled) return;
      settled = true;
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
    },
  };
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Why something could not be written, and the way out. */
export function writeFailure(name: string, error: unknown): ExpectedError {
  const { reason, hint } = fileFailure(error);
  return new ExpectedError(`Cannot write ${name}: ${reason}.`, hint);
}

export function isOne(a: string, b: string): boolean {
  return a === b || (a !== STDIO && b !== STDIO && isSameFile(a, b));
}

/** Characters gathered before they are handed on. */
const BATCH = 64 * 1024;

/** Writes a report piece by piece, in batches; does nothing for a report that nobody asked for. */
export async function writeAll(
  output: Output | undefined,
  pieces: () => Iterable<string>,
  encode: (text: string) => string | Uint8Array = (text) => text,
): Promise<void> {
  if (!output) return;
  let batch = '';
  for (const piece of pieces()) {
    batch += piece;
    if (batch.length < BATCH) continue;
    await output.write(encode(batch));
    batch = '';
  }
  await output.write(encode(batch));
}
