import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { ExpectedError, type NameOf } from '../errors.js';
import { codeOf, readingFailure } from './file-failure.js';

const MB = 2 ** 20;

/**
 * What presync reads whole, by what it is called or by the setting that names it, and the most bytes that it takes of
 * each: what comes from a device or a pipe without end must not fill the memory. Larger sheets than this are read row by
 * row, where no page shows all of them.
 */
export const LIMITS = {
  'review sheet': 128 * MB,
  // Whatever presync wrote can be undone: no sheet leads to a longer one.
  journal: 2000 * MB,
  'configuration file': 16 * MB,
  password: MB,
  ca: 16 * MB,
  verifiedDomains: 16 * MB,
} as const;

/** Those that a setting names. */
const SETTINGS = ['password', 'ca', 'verifiedDomains'] as const;

/** A file that is read whole. */
export type WholeFile = keyof typeof LIMITS;

/** A file that a person named, by its kind: the last three are read as they come, and their readers bound them. */
export type InputFile = WholeFile | 'LDIF file' | 'baseline' | 'report';

/** There is nothing under the path: to some who ask that is an answer. */
export class MissingFileError extends ExpectedError {}

/** Reads a file whole. Throws ExpectedError with the reason where that is impossible, or where it is too large. */
export async function readInput(path: string, kind: WholeFile): Promise<Uint8Array> {
  const limit = LIMITS[kind];
  const { size } = await attempt(path, kind, () => stat(path));
  if (size > limit) throw tooLarge(path, kind);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of streamInput(path, kind)) {
    length += part.length;
    if (length > limit) throw tooLarge(path, kind);
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** The same for a text in UTF-8, without its byte order mark; a text in another encoding is refused. */
export async function readInputText(path: string, kind: WholeFile): Promise<string> {
  const bytes = await readInput(path, kind);
  // UTF-16 without a mark is valid UTF-8, half of it NUL.
  if (isUtf8(bytes) && !bytes.includes(0)) return new TextDecoder().decode(bytes);
  throw new ExpectedError(
    (nameOf) => `Cannot read ${called(path, kind, nameOf)}: it is not in UTF-8.`,
    'Save it as UTF-8.',
  );
}

/** The bytes of a file as they are read. Throws ExpectedError with the reason where that is impossible. */
export async function* streamInput(path: string, kind: InputFile): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path);
  } catch (error) {
    throw inputFailure(path, kind, error);
  }
}

/** Finds out, before the work begins, whether a file can be read. Throws ExpectedError with the reason where not. */
export async function checkInput(path: string, kind: InputFile): Promise<void> {
  await attempt(path, kind, async () => {
    const known = await stat(path);
    // Who opens a pipe and closes it again ends whoever writes into it.
    if (!known.isFile() && !known.isDirectory()) return;
    const file = await open(path);
    await file.read(Buffer.alloc(1)).finally(() => file.close());
  });
}

async function attempt<T>(path: string, kind: InputFile, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw inputFailure(path, kind, error);
  }
}

function inputFailure(path: string, kind: InputFile, error: unknown): ExpectedError {
  const { reason, hint } = readingFailure(error);
  const Failure = codeOf(error) === 'ENOENT' ? MissingFileError : ExpectedError;
  return new Failure((nameOf) => `Cannot read ${called(path, kind, nameOf)}: ${reason}.`, hint);
}

function tooLarge(path: string, kind: WholeFile): ExpectedError {
  const limit = `it holds more than ${LIMITS[kind] / MB} MB, the most that presync reads of one at once`;
  return new ExpectedError(
    (nameOf) => `Cannot read ${called(path, kind, nameOf)}: ${limit}.`,
    kind === 'review sheet'
      ? 'Decide in a spreadsheet: presync apply and presync ldif take larger ones from a disk.'
      : 'Check the path.',
  );
}

/** The file as a message speaks of it. */
function called(path: string, kind: InputFile, nameOf: NameOf): string {
  const setting = SETTINGS.find((one) => one === kind);
  return setting === undefined ? `the ${kind} ${path}` : `the file of ${nameOf(setting)}, ${path}`;
}
