import { readFile } from 'node:fs/promises';
import { ExpectedError } from '../errors.js';

/** Reads a file that a person named; a missing one and a folder are expected failures. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR')
      throw new ExpectedError(`${path} is a folder, not a file.`, 'Name the file in it.');
    if (code === 'ENOENT') throw new ExpectedError(`There is no file ${path}.`, 'Check the path.');
    throw new ExpectedError(`Cannot read ${path} (${String(code)}).`, 'Check its permissions.');
  }
}
