import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import { ExpectedError } from '../../errors.js';
import { type LdapUrl, serverName } from '../format/ldap-url.js';
import { explain, tooSlow } from './socket-failure.js';

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
