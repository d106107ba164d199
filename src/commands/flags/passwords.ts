import { readFile } from 'node:fs/promises';
import { ExpectedError } from '../../errors.js';
import type { Io } from '../../files/io.js';
import type { Setting } from '../../model/setting.js';

/** The flags that belong to one of several directories: a single value serves all of them. */
export function perSource(setting: Setting, values: readonly string[] = [], sources: number) {
  if (values.length > 1 && values.length !== sources)
    throw new ExpectedError(
      (nameOf) => `${nameOf(setting)} is given ${values.length} times for ${sources} LDAP sources.`,
      'Give it once for all of them, or once for each in the order of the sources.',
    );
  return (at: number): string | undefined => (values.length > 1 ? values[at] : values[0]);
}

/** Reads a small file that a setting names; says which setting when it cannot. */
export async function readNamedFile(setting: Setting, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ExpectedError(
      (nameOf) => `Cannot read the file of ${nameOf(setting)}, ${path} (${why}).`,
      'Check the path and its permissions.',
    );
  }
}

/** The verified domains of a tenant: a list with commas, or a file with one on each line (# begins a comment). */
export async function readDomains(
  listOrFile: string | undefined,
): Promise<readonly string[] | undefined> {
  if (listOrFile === undefined) return undefined;
  const isList =
    /^@?[^/\\]+\.[^/\\]+$/.test(listOrFile) && !/\.(txt|csv|lst|list)$/i.test(listOrFile);
  const text = isList ? listOrFile : await readNamedFile('verifiedDomains', listOrFile);
  const names = text
    .split(/\r?\n/)
    .flatMap((line) => line.replace(/#.*/, '').split(/[,;\s]+/))
    .filter((name) => name !== '');
  if (names.length > 0) return names;
  throw new ExpectedError(
    (nameOf) => `${nameOf('verifiedDomains')} names no domain.`,
    'Leave it out, or give at least one.',
  );
}

/** The password of an account: from its file, from PRESYNC_PASSWORD, or asked for without echo. */
export async function passwordFor(
  account: string,
  file: string | undefined,
  io: Io,
): Promise<string> {
  if (file !== undefined) {
    const password = await readNamedFile('password', file);
    if (password.includes('\0'))
      throw new ExpectedError(`The password file ${file} is not in UTF-8.`, 'Save it as UTF-8.');
    return password.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  }
  const fromEnvironment = io.env['PRESYNC_PASSWORD'];
  if (fromEnvironment) return fromEnvironment;
  if (!io.canAsk)
    throw new ExpectedError(
      `No password for ${account}, and nobody to ask.`,
      (nameOf) => `Use ${nameOf('password')} or set PRESYNC_PASSWORD.`,
    );
  return io.ask(`Password for ${account}: `, { secret: true });
}
