import { setTimeout } from 'node:timers/promises';
import { ExpectedError } from '../../errors.js';
import type { Io } from '../../files/io.js';
import { defaultBases } from '../../ldap/directory/scope.js';
import { directorySource } from '../../ldap/directory/source.js';
import { isLdapUrl, parseLdapUrl } from '../../ldap/format/ldap-url.js';
import { type Connection, type ConnectOptions, connect } from '../../ldap/protocol/connection.js';
import { lastingConnection } from '../../ldap/protocol/lasting-connection.js';
import type { Patience } from '../../ldap/protocol/patience.js';
import type { EntrySource } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import type { ConnectionFlags } from '../flags/connection.js';
import { passwordFor, perSource, readAuthorities } from '../flags/passwords.js';
import type { ReadFlags } from '../flags/read-flags.js';

/** Milliseconds that a server may take to accept a connection, and be silent while it owes an answer. */
const TIMEOUT_MS = 120_000;

/** Milliseconds to wait before each further attempt: a controller that restarts a service is back by then. */
const PAUSES: readonly number[] = [500, 1000, 2000, 4000, 8000];

/**
 * The patience of every command with a server that is busy or gone; an interrupt ends it. Says why it waits, once for
 * all that wait for the same.
 */
export function patience({ signal, err }: Io, pauses = PAUSES): Patience {
  const waiting = new Set<string>();
  return {
    pauses,
    sleep: async (ms, reason) => {
      if (signal.aborted) return false;
      const notice = `${printable(reason)}; going on in ${ms / 1000} s.\n`;
      if (!waiting.has(notice)) err(notice);
      waiting.add(notice);
      const rested = await setTimeout(ms, true, { signal }).catch(() => false);
      waiting.delete(notice);
      return rested;
    },
  };
}

/** Connects to every directory of a scan before anything is read; its sources stand in the order of the URLs. */
export async function openDirectories(
  urls: readonly string[],
  flags: ReadFlags,
  io: Io,
  memberLimit?: number,
): Promise<OpenSources> {
  const connections = await connectAll(urls, flags, io);
  const close = async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
  const basesOf = (name: string, connection: Connection) => {
    const base = parseLdapUrl(name).base;
    if (base !== undefined) return [base];
    return flags.base ?? defaultBases(connection);
  };
  const open = ([name, connection]: [string, Connection]) => {
    const others = [...connections].filter(([other]) => other !== name);
    return directorySource(connection, {
      bases: basesOf(name, connection),
      filter: flags.filter,
      pageSize: flags.pageSize,
      covered: others.flatMap(([other, connected]) => basesOf(other, connected)),
      memberLimit,
      photos: flags.photos,
      nameOf: io.nameOf,
    });
  };
  try {
    return { sources: [...connections].map(open), close };
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
  const account = perSource('bindDn', flags.bindDn, urls.length);
  const file = perSource('password', flags.passwordFile, urls.length);
  const ca = flags.ca === undefined ? undefined : await readAuthorities(flags.ca);
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

/** Sources that are open, and what must be closed after them. */
export interface OpenSources {
  readonly sources: readonly EntrySource[];
  close(): Promise<void>;
}
