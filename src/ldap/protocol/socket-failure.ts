import { isNativeError } from 'node:util/types';
import { ExpectedError, type Words } from '../../errors.js';
import { printable } from '../../text/printable.js';
import type { LdapUrl } from '../format/ldap-url.js';
import { tlsFailure } from './tls-failure.js';

/** What to say about a server that takes longer than it may. */
export function tooSlow({ url }: LdapUrl, timeoutMs: number): ExpectedError {
  return new ExpectedError(
    `${url} did not answer within ${timeoutMs / 1000} s`,
    'Check the name, the port and the firewall; ldaps:// is for ports 636 and 3269.',
  );
}

/** Turns what Node says about a connection into one line and a way out. */
export function explain(error: unknown, target: LdapUrl): unknown {
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
  const failure = tlsFailure(url, code, error.message);
  if (failure) return failure;
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
