import { isIP, isIPv6 } from 'node:net';
import { ExpectedError } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { normaliseDn } from './dn.js';

/** Where to connect and, when the URL says so, which part of the tree to read. */
export interface LdapUrl {
  /** `scheme://host:port`, without credentials and without the DN: what people are shown. */
  readonly url: string;
  /** Name or address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS starts with the connection (ldaps). */
  readonly secure: boolean;
  /** The DN of the URL, decoded; undefined when it names none. */
  readonly base: string | undefined;
  /** Whether the port is one of the two that AD's global catalog has by default. */
  readonly isCatalogPort: boolean;
}

const HINT = 'Write it as ldaps://dc1.example.com or ldap://dc1.example.com:389/DC=example,DC=com.';
const PARTS = /^(ldaps?):\/\/(\[[^\]]*\]|[^/:[\]]*)(?::([^/]*))?(?:\/(.*))?$/iu;
const HOST_NAME = /^[\p{L}\p{N}._-]+$/u;

/** Reads the URL of a server (RFC 4516: scheme, host, port and DN). Throws ExpectedError on anything else. */
export function parseLdapUrl(text: string): LdapUrl {
  const [authority = ''] = text.replace(/^[^/]*\/\//, '').split('/', 1);
  if (authority.includes('@')) {
    // The text is not repeated: what stands before the @ may be a password.
    throw new ExpectedError(
      'A server URL cannot carry a name or a password.',
      (nameOf) => `Use ${nameOf('bindDn')} and ${nameOf('password')}.`,
    );
  }
  const shown = printable(text);
  if (/[?#]/.test(text)) {
    throw new ExpectedError(
      `A server URL ends with the DN: ${shown}`,
      (nameOf) =>
        `Use ${nameOf('bases')} and ${nameOf('filter')} for the rest; write ? as %3F and # as %23 inside a DN.`,
    );
  }
  const [, scheme, rawHost, rawPort, path] = PARTS.exec(text) ?? [];
  if (!scheme) throw new ExpectedError(`Not a server URL: ${shown}`, HINT);
  const host = parseHost(rawHost ?? '', shown);
  const secure = scheme.toLowerCase() === 'ldaps';
  const port = parsePort(rawPort, secure, shown);
  return {
    url: `${scheme.toLowerCase()}://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    host,
    port,
    secure,
    base: path ? decode(path, shown) : undefined,
    isCatalogPort: port === 3268 || port === 3269,
  };
}

/**
 * The DN that a search reference points to (RFC 4511 4.5.3); undefined when it names none.
 * Text that is no URL is given back as it is: it is only shown and compared.
 */
export function referenceDn(uri: string): string | undefined {
  const [, path] = /^ldaps?:\/\/[^/]*\/?([^?]*)/iu.exec(uri) ?? [];
  if (path === undefined) return uri;
  try {
    return decodeURIComponent(path) || undefined;
  } catch {
    return path;
  }
}

/**
 * Whether a partition that a reference names holds no users, by its DN: Active Directory answers every search of a
 * domain with references to its configuration and its DNS zones.
 */
export function holdsNoUsers(dn: string): boolean {
  return /^(cn=configuration|cn=schema,cn=configuration|dc=(domain|forest)dnszones),/.test(
    normaliseDn(dn),
  );
}

function parseHost(raw: string, shown: string): string {
  const address = raw.startsWith('[') ? raw.slice(1, -1) : undefined;
  if (address === undefined ? HOST_NAME.test(raw) : isIPv6(address)) return address ?? raw;
  throw new ExpectedError(`The server URL has no valid host name: ${shown}`, HINT);
}

function parsePort(raw: string | undefined, secure: boolean, shown: string): number {
  if (raw === undefined) return secure ? 636 : 389;
  const port = /^\d{1,5}$/.test(raw) ? Number(raw) : 0;
  if (port > 0 && port < 65536) return port;
  throw new ExpectedError(`The server URL has no valid port: ${shown}`, HINT);
}

function decode(path: string, shown: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ExpectedError(
      `The DN in the server URL is not percent-encoded UTF-8: ${shown}`,
      (nameOf) => `Write % as %25, or give the DN with ${nameOf('bases')}.`,
    );
  }
}

/** The name to ask the server's certificate for; none for an address, which TLS does not send (RFC 6066 3). */
export function serverName(host: string): string | undefined {
  return isIP(host) ? undefined : host;
}

export function isLdapUrl(name: string): boolean {
  return /^ldaps?:\/\//i.test(name);
}
