import { readFile } from 'node:fs/promises';
import type { Argv, Options } from 'yargs';
import { ExpectedError } from '../errors.js';
import type { Io } from './io.js';

/** How to reach a directory: the same flags for every command that speaks LDAP. */
const CONNECTION_OPTIONS = {
  'bind-dn': {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'Account: a DN, a UPN or DOMAIN\\user (one, or one for each source)',
    group: 'Connection:',
  },
  'password-file': {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'File with the password; else PRESYNC_PASSWORD, else a prompt',
    group: 'Connection:',
  },
  'start-tls': {
    type: 'boolean',
    default: false,
    describe: 'Encrypt an ldap:// connection with StartTLS',
    group: 'Connection:',
  },
  ca: {
    type: 'string',
    requiresArg: true,
    describe: 'PEM file with a further certificate authority to trust',
    group: 'Connection:',
  },
  insecure: {
    type: 'boolean',
    default: false,
    describe: 'Do not verify the server certificate',
    group: 'Connection:',
  },
  'allow-plaintext': {
    type: 'boolean',
    default: false,
    describe: 'Send the password over an unencrypted connection',
    group: 'Connection:',
  },
} as const satisfies Record<string, Options>;

export const JUDGING = { group: 'How to judge:' } as const;

/** How values are judged: alike by the scan and for what is typed in a review. */
export const JUDGING_OPTIONS = {
  profile: {
    choices: ['default', 'dedicated'],
    defaultDescription: 'default',
    ...JUDGING,
    describe: 'dedicated adds what IdFix checked for dedicated tenants',
  },
  'login-attribute': {
    choices: ['userPrincipalName', 'mail'],
    defaultDescription: 'userPrincipalName',
    ...JUDGING,
    describe: 'The sign-in name (mail: alternate login ID)',
  },
  'verified-domains': {
    type: 'string',
    requiresArg: true,
    ...JUDGING,
    describe: 'Domains of the tenant: a list with commas, or a file',
  },
} as const satisfies Record<string, Options>;

export interface ConnectionFlags {
  readonly bindDn?: readonly string[] | undefined;
  readonly passwordFile?: readonly string[] | undefined;
  readonly startTls: boolean;
  readonly ca?: string | undefined;
  readonly insecure: boolean;
  readonly allowPlaintext: boolean;
}

export function withConnection<T>(yargs: Argv<T>): Argv<T & ConnectionFlags> {
  return yargs.options(CONNECTION_OPTIONS) as unknown as Argv<T & ConnectionFlags>;
}

/** The flags that belong to one of several directories: a single value serves all of them. */
export function perSource(flag: string, values: readonly string[] = [], sources: number) {
  if (values.length > 1 && values.length !== sources)
    throw new ExpectedError(
      `--${flag} is given ${values.length} times for ${sources} LDAP sources.`,
      'Give it once for all of them, or once for each in the order of the sources.',
    );
  return (at: number): string | undefined => (values.length > 1 ? values[at] : values[0]);
}

/** Reads a small file that a flag names; says which flag when it cannot. */
export async function readFlagFile(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ExpectedError(
      `Cannot read the file of --${flag}, ${path} (${why}).`,
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
  const text = isList ? listOrFile : await readFlagFile('verified-domains', listOrFile);
  const names = text
    .split(/\r?\n/)
    .flatMap((line) => line.replace(/#.*/, '').split(/[,;\s]+/))
    .filter((name) => name !== '');
  if (names.length > 0) return names;
  throw new ExpectedError(
    '--verified-domains names no domain.',
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
    const password = await readFlagFile('password-file', file);
    if (password.includes('\0'))
      throw new ExpectedError(`The password file ${file} is not in UTF-8.`, 'Save it as UTF-8.');
    return password.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  }
  const fromEnvironment = io.env['PRESYNC_PASSWORD'];
  if (fromEnvironment) return fromEnvironment;
  if (!io.canAsk)
    throw new ExpectedError(
      `No password for ${account}, and nobody to ask.`,
      'Use --password-file FILE or set PRESYNC_PASSWORD.',
    );
  return io.ask(`Password for ${account}: `, { secret: true });
}

/** Refuses what is no whole number from 1 on. */
export function checkCount(flag: string, value: number, usual?: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  const hint = usual === undefined ? 'Leave it out for all.' : `Leave it out for ${usual}.`;
  throw new ExpectedError(`--${flag} must be a whole number from 1 on.`, hint);
}
