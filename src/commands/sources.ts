import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { ExpectedError } from '../errors.js';
import { type Connection, type ConnectOptions, connect } from '../ldap/connection.js';
import { defaultBases, directorySource } from '../ldap/directory.js';
import { lastingConnection } from '../ldap/lasting.js';
import { parseLdapUrl } from '../ldap/ldap-url.js';
import type { Patience } from '../ldap/patience.js';
import { snapshotSource } from '../ldap/snapshot.js';
import type { EntrySource } from '../model.js';
import { type Io, STDIO } from './io.js';
import { type ConnectionFlags, passwordFor, perSource, readFlagFile } from './options.js';

/** Milliseconds that a server may take to accept a connection, and be silent while it owes an answer. */
const TIMEOUT_MS = 120_000;

/** Milliseconds to wait before each further attempt: a controller that restarts a service is back by then. */
const PAUSES: readonly number[] = [500, 1000, 2000, 4000, 8000];

/** The patience of every command with a server that is busy or gone; an interrupt ends it. */
export function patience({ signal }: Io, pauses = PAUSES): Patience {
  return { pauses, sleep: (ms) => setTimeout(ms, true, { signal }).catch(() => false) };
}

export interface ReadFlags extends ConnectionFlags {
  readonly base?: readonly string[] | undefined;
  readonly filter?: string | undefined;
  readonly pageSize: number;
  readonly photos?: boolean | undefined;
}

/** Sources that are open, and what must be closed after them. */
export interface OpenSources {
  readonly sources: readonly EntrySource[];
  close(): Promise<void>;
}

/** Opens every source of a scan: LDAP URLs are connected, files are looked at, before anything is read. */
export async function openSources(
  names: readonly string[],
  flags: ReadFlags,
  io: Io,
  memberLimit?: number,
): Promise<OpenSources> {
  checkNames(names);
  if (!Number.isInteger(flags.pageSize) || flags.pageSize < 1)
    throw new ExpectedError(
      '--page-size must be a whole number from 1 on.',
      'Leave it out for 500.',
    );
  const connections = await connectAll(names.filter(isLdapUrl), flags, io);
  const close = async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
  const basesOf = (name: string, connection: Connection) => {
    const base = parseLdapUrl(name).base;
    if (base !== undefined) return [base];
    return flags.base ?? defaultBases(connection);
  };
  const open = async (name: string): Promise<EntrySource> => {
    const connection = connections.get(name);
    if (!connection) return fileSource(name, flags.base ?? [], io);
    const others = [...connections].filter(([other]) => other !== name);
    return directorySource(connection, {
      bases: basesOf(name, connection),
      filter: flags.filter,
      pageSize: flags.pageSize,
      covered: others.flatMap(([other, connected]) => basesOf(other, connected)),
      memberLimit,
      photos: flags.photos,
    });
  };
  try {
    return { sources: await Promise.all(names.map(open)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asks for what a connection to one directory needs, once; what it gives connects, again if need be. */
export async function directoryOpener(
  url: string,
  flags: ConnectionFlags,
  io: Io,
): Promise<() => Promise<Connection>> {
  if (!isLdapUrl(url))
    throw new ExpectedError(
      `"${url}" is no LDAP URL.`,
      'Name the directory as ldaps://dc1.contoso.com.',
    );
  const [options] = await connectOptions([url], flags, io);
  return () => connect(options as ConnectOptions);
}

export function isLdapUrl(name: string): boolean {
  return /^ldaps?:\/\//i.test(name);
}

function checkNames(names: readonly string[]): void {
  const wrong = names.find((n) => !isLdapUrl(n) && n !== STDIO && !/\.(ldif|ldf)$/i.test(n));
  if (wrong !== undefined)
    throw new ExpectedError(
      `"${wrong}" is no source.`,
      'Name an LDAP URL (ldaps://dc1.contoso.com), an LDIF file (*.ldif, *.ldf) or - for standard input.',
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new ExpectedError(
      `The source ${twice === STDIO ? '-' : twice} is named twice.`,
      'Name each source once.',
    );
}

async function connectAll(
  urls: readonly string[],
  flags: ConnectionFlags,
  io: Io,
): Promise<Map<string, Connection>> {
  const connections = new Map<string, Connection>();
  for (const [at, options] of (await connectOptions(urls, flags, io)).entries()) {
    const open = () => connect(options);
    const connection = await lastingConnection(open, patience(io)).catch(async (error: unknown) => {
      await Promise.all([...connections.values()].map((other) => other.close()));
      throw error;
    });
    connections.set(urls[at] ?? options.url, connection);
  }
  return connections;
}

async function connectOptions(
  urls: readonly string[],
  flags: ConnectionFlags,
  io: Io,
): Promise<readonly ConnectOptions[]> {
  const account = perSource('bind-dn', flags.bindDn, urls.length);
  const file = perSource('password-file', flags.passwordFile, urls.length);
  const ca = flags.ca === undefined ? undefined : await readFlagFile('ca', flags.ca);
  if (flags.insecure && urls.length > 0)
    io.err('Warning: --insecure: the server certificate is not verified.\n');
  const options: ConnectOptions[] = [];
  for (const [at, url] of urls.entries()) {
    const bindDn = account(at);
    const password = bindDn === undefined ? undefined : await passwordFor(bindDn, file(at), io);
    const { startTls, insecure, allowPlaintext } = flags;
    const logon = { bindDn, password, allowPlaintext };
    const { signal } = io;
    const target = { url: parseLdapUrl(url).url, startTls, ca, insecure };
    options.push({ ...target, ...logon, timeoutMs: TIMEOUT_MS, signal });
  }
  return options;
}

async function fileSource(name: string, bases: readonly string[], io: Io): Promise<EntrySource> {
  if (name === STDIO) return snapshotSource('standard input', () => io.stdin, { bases });
  await checkFile(name);
  return snapshotSource(name, () => createReadStream(name), { bases });
}

async function checkFile(name: string): Promise<void> {
  const found = await stat(name).catch(() => undefined);
  if (!found)
    throw new ExpectedError(`There is no file ${name}.`, 'Check the path of the LDIF file.');
  if (found.isDirectory())
    throw new ExpectedError(`${name} is a folder, not a file.`, 'Name the LDIF file in it.');
}
