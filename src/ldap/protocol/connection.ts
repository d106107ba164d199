import { ExpectedError } from '../../errors.js';
import type { Edit, Outcome } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import { type LdapUrl, parseLdapUrl } from '../format/ldap-url.js';
import type { Filter } from './filter.js';
import { isGlobalCatalog } from './global-catalog.js';
import { bindFailure } from './logon-failure.js';
import { lostFailure } from './loss.js';
import { modifyOutcome } from './modify-outcome.js';
import { UnavailableError, UnknownOutcomeError } from './result-codes.js';
import { ROOT_DSE_ATTRIBUTES, type RootDse, rootDseOf } from './root-dse.js';
import {
  findAtOnce,
  readEntry,
  type SearchContext,
  type SearchOptions,
  type SearchPage,
  searchPages,
} from './search.js';
import { openSocket } from './socket.js';
import { startTls } from './start-tls.js';
import { type Modification, Wire } from './wire.js';

export type { RootDse, SearchOptions, SearchPage };
export { UnknownOutcomeError };

/** How to reach a server and as whom. */
export interface ConnectOptions {
  readonly url: string;
  /** Whether to go over to TLS on the plain port (RFC 4511 4.14). */
  readonly startTls: boolean;
  /** Certificates in PEM to trust beside the system's. */
  readonly ca?: string | undefined;
  /** Whether to accept any certificate. */
  readonly insecure: boolean;
  /** A DN, user@domain or DOMAIN\user; anonymous without it. */
  readonly bindDn?: string | undefined;
  readonly password?: string | undefined;
  /** Whether the password may travel unencrypted. */
  readonly allowPlaintext: boolean;
  /** Milliseconds for connecting, and again for the silence of a server that owes an answer. */
  readonly timeoutMs: number;
  /** Stops the connecting. */
  readonly signal?: AbortSignal | undefined;
}

/** All values that attributes are to hold, by their names in lower case. */
export type WholeValues = ReadonlyMap<string, readonly Value[]>;

/** A logged-on connection to one server. Once lost it stays lost: every further call fails. */
export interface Connection {
  /** `scheme://host:port`. */
  readonly url: string;
  readonly globalCatalog: boolean;
  readonly rootDse: RootDse;
  /**
   * Only on a global catalog: connects to the same server as a directory, where nothing is hidden. The caller closes
   * it. Throws ExpectedError where that port cannot be reached.
   */
  readonly openDirectory?: ((signal: AbortSignal | undefined) => Promise<Connection>) | undefined;
  /** Streams the pages of a search; throws ExpectedError when it fails, after all that had come was given. */
  searchPages(options: SearchOptions): AsyncGenerator<SearchPage, void, undefined>;
  /** One entry by its DN or `<GUID=…>`; undefined when there is none to be seen. */
  read(
    base: string,
    attributes: readonly string[],
    signal?: AbortSignal,
  ): Promise<Entry | undefined>;
  /** The few entries below a base that match a filter. Throws ExpectedError when some may be missing. */
  find(base: string, filter: Filter, attributes: readonly string[]): Promise<readonly Entry[]>;
  /**
   * All edits of one entry in one request; attributes in `whole` (by name in lower case) get these values instead.
   * Throws UnknownOutcomeError when no answer came.
   */
  modify(dn: string, edits: readonly Edit[], whole?: WholeValues): Promise<Outcome>;
  /** Says good-bye and closes. Never throws. */
  close(): Promise<void>;
}

/** Connects, encrypts, logs on and reads the root DSE. Throws ExpectedError with the way out. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const target = parseLdapUrl(options.url);
  checkCredentials(options, target.secure);
  const { ca, insecure, timeoutMs, signal } = options;
  const socket = await openSocket(
    target,
    { ca, insecure, timeoutMs, signal },
    options.startTls ? startTls : undefined,
  );
  const wire = new Wire(socket, timeoutMs);
  const stop = () => socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const rootDse = await logOn(wire, target.url, options);
    const context = { url: target.url, wire, rootDse };
    const globalCatalog = await isGlobalCatalog(context, target.isCatalogPort);
    return connectionOver(context, { ...target, globalCatalog }, options);
  } catch (error) {
    await wire.close();
    signal?.throwIfAborted();
    const isTls = target.secure || options.startTls;
    const isUnheard = isTls && !wire.isHeard && error instanceof UnavailableError;
    throw isUnheard ? unheardFailure(target.url, error) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** A server that closes after the handshake of TLS may mean the certificate that it was not given. */
function unheardFailure(url: string, { message }: UnavailableError): ExpectedError {
  return new ExpectedError(
    `${url} has not answered anything. ${message}`,
    'It may want a certificate of the client, which presync has not (slapd: TLSVerifyClient): its log says why.',
  );
}

/** Everything about the logon that can be refused before a byte is sent. */
function checkCredentials(options: ConnectOptions, secure: boolean): void {
  if (options.startTls && secure) {
    throw new ExpectedError(
      'An ldaps:// connection is encrypted from the start',
      (nameOf) => `Leave out ${nameOf('startTls')}, or use ldap:// with it.`,
    );
  }
  if (!options.bindDn && !options.password) return;
  if (!options.bindDn) {
    throw new ExpectedError(
      'There is a password but no account',
      (nameOf) => `Name it with ${nameOf('bindDn')}.`,
    );
  }
  if (!options.password) {
    // RFC 4513 5.1.2: servers take a name with an empty password for anonymous and say success.
    throw new ExpectedError(
      'There is an account but no password',
      (nameOf) => `Give it with ${nameOf('password')}.`,
    );
  }
  if (!secure && !options.startTls && !options.allowPlaintext) {
    throw new ExpectedError(
      'The password would travel unencrypted over ldap://',
      (nameOf) =>
        `Use ldaps:// or ${nameOf('startTls')}; ${nameOf('allowPlaintext')} only if the network is trusted.`,
    );
  }
}

async function logOn(
  wire: Wire,
  url: string,
  { bindDn, password }: ConnectOptions,
): Promise<RootDse> {
  if (bindDn && password) {
    const { answer, lost } = await wire.bind(bindDn, password);
    if (!answer) throw lostFailure(url, lost);
    if (answer.status !== 0) throw bindFailure(url, answer);
  }
  const unknown: SearchContext = { url, wire, rootDse: rootDseOf(undefined) };
  return rootDseOf(await readEntry(unknown, '', ROOT_DSE_ATTRIBUTES));
}

function connectionOver(
  context: SearchContext,
  target: LdapUrl & { readonly globalCatalog: boolean },
  options: ConnectOptions,
): Connection {
  const { url, wire, rootDse } = context;
  const { globalCatalog } = target;
  return {
    url,
    globalCatalog,
    rootDse,
    openDirectory: globalCatalog ? (signal) => openDirectory(target, options, signal) : undefined,
    searchPages: (options) => searchPages(context, options),
    read: (base, attributes, signal) => readEntry(context, base, attributes, signal),
    find: (base, filter, attributes) => findAtOnce(context, base, filter, attributes),
    modify: (dn, edits, whole) => modify(context, dn, mergeEdits(edits, whole)),
    close: () => wire.close(),
  };
}

async function openDirectory(
  { url, isCatalogPort }: LdapUrl,
  options: ConnectOptions,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  if (!isCatalogPort) {
    // Behind a port that was forwarded, the port beside it may be anybody's: no password goes there.
    throw new ExpectedError(
      `${url} is a global catalog, and nobody knows the port of its directory`,
      'Name a controller of the domain with a URL of its own.',
    );
  }
  // A firewall may let through only the port of the catalog: the other is not worth a long wait.
  const timeoutMs = Math.min(options.timeoutMs, 10_000);
  return connect({ ...options, url: url.replace(/:\d+$/, ''), timeoutMs, signal });
}

async function modify(
  { url, wire }: SearchContext,
  dn: string,
  modifications: readonly Modification[],
): Promise<Outcome> {
  if (modifications.length === 0) return { state: 'applied', reason: '' };
  if (wire.down) {
    throw lostFailure(url, { reason: 'nothing was sent', isBreach: false });
  }
  const { answer, lost } = await wire.modify(dn, modifications);
  if (!answer) throw new UnknownOutcomeError(url, lost.reason);
  return modifyOutcome(answer);
}

/**
 * The edits as compare-and-swap: per attribute one `delete` of the exact old values, then one `add`
 * of the new ones. The server refuses the whole request when an old value is no longer there. An
 * attribute in `whole` is replaced by what is given for it.
 */
export function mergeEdits(edits: readonly Edit[], whole: WholeValues = new Map()): Modification[] {
  const byName = new Map<string, { attribute: string; before: Value[]; after: Value[] }>();
  for (const { attribute, before, after } of edits) {
    const key = attribute.toLowerCase();
    const merged = byName.get(key) ?? { attribute, before: [], after: [] };
    byName.set(key, merged);
    merged.before.push(...before);
    merged.after.push(...after);
  }
  const modifications: Modification[] = [];
  for (const [key, { attribute, before, after }] of byName) {
    const values = whole.get(key);
    if (values) {
      modifications.push({ operation: 'replace', attribute, values });
      continue;
    }
    if (before.length > 0) modifications.push({ operation: 'delete', attribute, values: before });
    if (after.length > 0) modifications.push({ operation: 'add', attribute, values: after });
  }
  return modifications;
}
