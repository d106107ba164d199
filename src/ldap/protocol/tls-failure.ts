import { ExpectedError, type Words } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** One way in which TLS fails: what is wrong with the server of a URL, and what to do. */
interface Failure {
  readonly what: (url: string) => string;
  readonly hint: Words;
}

const SELF_SIGNED: Failure = {
  what: (url) => `The certificate of ${url} is self-signed`,
  hint: (nameOf) => `If it is the right one, give it with ${nameOf('ca')}.`,
};

const UNTRUSTED: Failure = {
  what: (url) => `The certificate of ${url} comes from an authority that is not trusted here`,
  hint: (nameOf) => `Give the authority's certificate with ${nameOf('ca')}.`,
};

const WEAK: Failure = {
  what: (url) => `The certificate of ${url} (or of its authority) is too weak to prove anything`,
  hint: 'Have a new one issued, signed with SHA-256 and with an RSA key of 2,048 bits or more.',
};

const OLD: Failure = {
  what: (url) => `${url} offers TLS 1.1 or older only`,
  hint: 'Have TLS 1.2 switched on there, or use another server.',
};

const WANTS_CERTIFICATE: Failure = {
  what: (url) => `${url} asks for a certificate of the client, and presync has none`,
  hint: 'Have the server do without (slapd: TLSVerifyClient allow), or use another server.',
};

const REFUSED: Failure = {
  what: (url) => `${url} refuses what presync offers for TLS`,
  hint: 'It wants a certificate of the client, which presync has not, or knows no cipher of today: its log says which.',
};

const RENEW = 'Renew it, or check the clock of this computer.';

/** By the codes of Node, and of OpenSSL behind it. */
const FAILURES: Readonly<Record<string, Failure>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: {
    what: (url) => `The certificate of ${url} (or of its authority) has expired`,
    hint: RENEW,
  },
  CERT_NOT_YET_VALID: {
    what: (url) => `The certificate of ${url} (or of its authority) is not valid yet`,
    hint: RENEW,
  },
  INVALID_PURPOSE: {
    what: (url) => `The certificate of ${url} is not one for a server`,
    hint: 'Have one issued for Server Authentication.',
  },
  ERR_SSL_EE_KEY_TOO_SMALL: WEAK,
  ERR_SSL_CA_MD_TOO_WEAK: WEAK,
  ERR_SSL_DH_KEY_TOO_SMALL: WEAK,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: WANTS_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: REFUSED,
};

/** Node has no code of its own for what it hardly meets: then OpenSSL's words tell. */
const UNSPECIFIED = 'UNSPECIFIED';

/**
 * Why there is no TLS with a server, by code and words of the error, where something is known of it; undefined where
 * nothing is.
 */
export function tlsFailure(url: string, code: string, words: string): ExpectedError | undefined {
  const known = / too weak$/.test(words) ? WEAK : FAILURES[code];
  const shown = code === UNSPECIFIED ? printable(words) : code;
  if (known) return new ExpectedError(`${known.what(url)} (${shown})`, known.hint);
  return code === UNSPECIFIED
    ? new ExpectedError(
        `The certificate of ${url} is not accepted: ${shown}`,
        'Have a new one issued, or use another server.',
      )
    : undefined;
}
