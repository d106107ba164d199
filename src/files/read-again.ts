import { stat } from 'node:fs/promises';
import { ExpectedError } from '../errors.js';
import { LIMITS, readInput, streamInput, type WholeFile } from './read-input.js';

/** The bytes of a file, from the first on whenever it is asked. */
export type Chunks = () => AsyncIterable<Uint8Array>;

/**
 * Opens a file that is read several times and must be the same each time: one that presync reads whole, or that is no
 * file on a disk, is kept in memory, a larger one is read from the disk again. Throws ExpectedError with the reason where
 * that is impossible, at any time where the file has changed meanwhile.
 */
export async function openAgain(path: string, kind: WholeFile): Promise<Chunks> {
  const state = await stateOf(path);
  if (state === undefined || state.size <= LIMITS[kind]) {
    const bytes = await readInput(path, kind);
    return async function* () {
      yield bytes;
    };
  }
  const refuseChanged = async () => {
    if ((await stateOf(path))?.name === state.name) return;
    throw new ExpectedError(
      `The ${kind} ${path} was changed while it was in use.`,
      'Start again, and leave it alone until the end.',
    );
  };
  return async function* () {
    await refuseChanged();
    yield* streamInput(path, kind);
    await refuseChanged();
  };
}

/** What tells one state of a file from another; undefined for what is no file, and where there is none. */
async function stateOf(path: string) {
  const known = await stat(path, { bigint: true }).catch(() => undefined);
  if (!known?.isFile()) return undefined;
  const { dev, ino, size, mtimeNs } = known;
  return { size, name: [dev, ino, size, mtimeNs].join(' ') };
}
