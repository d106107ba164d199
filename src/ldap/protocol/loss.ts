import { ExpectedError } from '../../errors.js';
import { UnavailableError } from './result-codes.js';
import { tlsFailure } from './tls-failure.js';

/** Why a request will have no answer. */
export interface Loss {
  readonly reason: string;
  /** Whether the server sent what it must not: it would again. Otherwise the connection is gone. */
  readonly isBreach: boolean;
  /** What the system calls it, where it was an error of the socket. */
  readonly code?: string | undefined;
}

/** What to say about a connection that is gone, or that nothing can be believed of any more. */
export function lostFailure(url: string, { reason, isBreach, code = '' }: Loss): ExpectedError {
  // With TLS 1.3 a server refuses who has no certificate only after the handshake.
  const refusal = tlsFailure(url, code, '');
  if (refusal) return refusal;
  if (isBreach) {
    return new ExpectedError(
      `${url} cannot be read any further: ${reason}`,
      'Use another server, or ldaps:// if something between may change what passes; a filter leaves out what is too large.',
    );
  }
  return new UnavailableError(
    `The connection to ${url} is lost: ${reason}`,
    'Check the server and the network and start again; smaller pages are answered sooner.',
    true,
  );
}
