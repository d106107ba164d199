import { ExpectedError } from '../../errors.js';
import type { Io } from '../../files/io.js';
import { readInput, readInputText } from '../../files/read-input.js';
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

/** The certificates of the authorities to trust. What stands around them, in whatever encoding, is no concern of TLS. */
export async function readAuthorities(path: string): Promise<string> {
  return new TextDecoder().decode(await readInput(path, 'ca'));
}

/** The verified domains of a tenant: a list with commas, or a file with one on each line (# begins a comment). */
export async function readDomains(
  listOrFile: string | undefined,
): Promise<readonly string[] | undefined> {
  if (listOrFile === undefined) return undefined;
  const isList =
    /^@?[^/\\]+\.[^/\\]+$/.test(listOrFile) && !/\.(txt|csv|lst|list)$/i.test(listOrFile);
  const text = isList ? listOrFile : await readInputText(listOrFile, 'verifiedDomains');
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

/**
 * The password of an account: from its file, from PRESYNC_PASSWORD, or asked for without echo. Throws ExpectedError
 * where it cannot be what a person meant: each wrong one that is sent counts towards a lockout.
 */
export async function passwordFor(
  account: string,
  file: string | undefined,
  io: Io,
): Promise<string> {
  const password = await givenPassword(account, file, io);
  // What stands in the place of bytes that are no UTF-8.
  if (!password.includes('\uFFFD')) return password;
  throw new ExpectedError(
    `The password for ${account} was not sent: it has letters that are not in UTF-8.`,
    (nameOf) => `Save it as UTF-8 in a file and name that with ${nameOf('password')}.`,
  );
}

async function givenPassword(account: string, file: string | undefined, io: Io): Promise<string> {
  if (file !== undefined) {
    const password = await readInputText(file, 'password');
    return password.replace(/\r?\n$/, '');
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
