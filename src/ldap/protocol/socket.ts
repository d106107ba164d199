import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import { isNativeError } from 'node:util/types';
import { ExpectedError, type Words } from '../../errors.js';
import { printable } from '../../text/printable.js';
import { type LdapUrl, serverName } from '../format/ldap-url.js';

export interface SocketOptions {
  /** Certificates in PEM to trust beside the system's. */
  readonly ca: string | undefined;
  /** Whether to accept any certificate. */
  readonly insecure: boolean;
  /** Milliseconds for everything up to the established, encrypted connection. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Asks a server to go over to TLS; to reject when it refuses. */
export type StartTls = (socket: Socket, signal: AbortSignal) => Promise<void>;

/** How long one of several addresses of a name may take: Node's 250 ms are too short over a VPN. */
const ADDRESS_TIMEOUT_MS = 3000;

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);

/**
 * Opens a connection, encrypted for ldaps or with `startTls`, its certificate verified against name,
 * dates and authorities. Throws ExpectedError; the abort reason when the signal stops it.
 */
export async function openSocket(
  target: LdapUrl,
  options: SocketOptions,
  startTls: StartTls | undefined,
): Promise<Socket> {
  checkAuthorities(options.ca);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const { host, port } = target;
  const socket = connectTcp({
    host,
    port,
    noDelay: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
  });
  try {
    await once(socket, 'connect', { signal });
    if (startTls) await startTls(socket, signal);
    return target.secure || startTls ? await encrypt(socket, target, options, signal) : socket;
  } catch (error) {
    // A late error of a socket that nobody waits for any more must not end the process.
    socket.on('error', () => {}).destroy();
    options.signal?.throwIfAborted();
    if (timeout.aborted) throw tooSlow(target, options.timeoutMs);
    throw explain(error, target);
  }
}

async function encrypt(
  socket: Socket,
  { host }: LdapUrl,
  { ca, insecure }: SocketOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const name = serverName(host);
  const secure = connectTls({
    socket,
    host,
    ...(name ? { servername: name } : {}),
    // Partial chain: an administrator may well hand over the issuing authority without its root.
    ...(ca ? { ca: [...rootCertificates, ca], allowPartialTrustChain: true } : {}),
    rejectUnauthorized: !insecure,
  });
  try {
    await once(secure, 'secureConnect', { signal });
    return secure;
  } catch (error) {
    secure.on('error', () => {}).destroy();
    throw error;
  }
}

/** Node ignores text that holds no certificate; the refusal would then blame the server. */
function checkAuthorities(ca: string | undefined): void {
  if (ca === undefined) return;
  try {
    new X509Certificate(ca);
  } catch {
    throw new ExpectedError(
      (nameOf) => `What is given with ${nameOf('ca')} holds no certificate in PEM form`,
      'Convert it: openssl x509 -inform der -in FILE.cer -out FILE.pem',
    );
  }
}

function tooSlow({ url }: LdapUrl, timeoutMs: number): ExpectedError {
  return new ExpectedError(
    `${url} did not answer within ${timeoutMs / 1000} s`,
    'Check the name, the port and the firewall; ldaps:// is for ports 636 and 3269.',
  );
}

/** Turns what Node says about a connection into one line and a way out. */
function explain(error: unknown, target: LdapUrl): unknown {
  if (error instanceof ExpectedError || !isNativeError(error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const { url, host } = target;
  const say = (what: string, hint: Words) => new ExpectedError(what, hint);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return say(
      `The name ${printable(host)} is unknown (${code})`,
      'Check its spelling and the DNS.',
    );
  }
  if (code === 'ECONNREFUSED') {
    return say(
      `${url} refuses the connection`,
      'Check the port and whether the server is running.',
    );
  }
  if (UNTRUSTED.has(code)) return untrusted(url, code);
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const when = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return say(
      `The certificate of ${url} (or of its authority) ${when}`,
      'Renew it, or check the clock of this computer.',
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(error, target);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return say(
      `${url} does not speak TLS as expected (${code})`,
      (nameOf) =>
        `Is it the port for ldaps? With ldap:// and ${nameOf('startTls')} TLS starts on the plain port.`,
    );
  }
  if (code === 'ECONNRESET') {
    return say(
      `${url} closed the connection at once`,
      'A domain controller without a certificate does so on ldaps: give it one. So does a port that speaks ldap.',
    );
  }
  return say(`Cannot connect to ${url}: ${code || printable(error.message)}`, 'Check the network.');
}

function untrusted(url: string, code: string): ExpectedError {
  const selfSigned = code === 'DEPTH_ZERO_SELF_SIGNED_CERT';
  return new ExpectedError(
    selfSigned
      ? `The certificate of ${url} is self-signed (${code})`
      : `The certificate of ${url} comes from an authority that is not trusted here (${code})`,
    (nameOf) =>
      selfSigned
        ? `If it is the right one, give it with ${nameOf('ca')}.`
        : `Give the authority's certificate with ${nameOf('ca')}.`,
  );
}

/** The certificate is good but for another name: say which, because that is the name to use. */
function wrongName(error: Error, { url, host }: LdapUrl): ExpectedError {
  const names = certificateNames(error);
  return new ExpectedError(
    `The certificate of ${url} is not for ${printable(host)} but for ${names.join(', ') || 'nobody'}`,
    'Connect with a name from the certificate.',
  );
}

function certificateNames(error: Error): string[] {
  if (!('cert' in error) || typeof error.cert !== 'object' || error.cert === null) return [];
  const cert = error.cert as { subjectaltname?: unknown; subject?: { CN?: unknown } };
  const alternative = typeof cert.subjectaltname === 'string' ? cert.subjectaltname : '';
  const names = alternative.split(', ').filter((name) => /^(DNS|IP Address):/.test(name));
  if (names.length > 0)
    return names.slice(0, 5).map((name) => printable(name.replace(/^.*?:/, '')));
  const common = cert.subject?.CN;
  return typeof common === 'string' ? [printable(common)] : [];
}
