import { ExpectedError, inWords, type Words } from '../../errors.js';
import type { Outcome } from '../../model/change.js';
import { printable } from '../../text/printable.js';

/** What a server answers at the end of an operation (LDAPResult, RFC 4511 4.1.9). */
export interface Answer {
  readonly status: number;
  readonly matchedDN: string;
  readonly errorMessage: string;
  /** URLs of the servers to ask instead; none as a rule. */
  readonly referrals?: readonly string[];
}

/** Why a request will have no answer. */
export interface Loss {
  readonly reason: string;
  /** Whether the server sent what it must not: it would again. Otherwise the connection is gone. */
  readonly isBreach: boolean;
}

/** The server cannot be reached or has no time now. Nothing was changed: the request can be sent again. */
export class UnavailableError extends ExpectedError {
  /** Whether the connection is gone with it. */
  readonly lost: boolean;

  constructor(message: string, hint: Words, lost: boolean) {
    super(message, hint);
    this.name = 'UnavailableError';
    this.lost = lost;
  }
}

/** The server does not take the account or its password: to try again could lock the account. */
export class LogonError extends ExpectedError {}

/** What a server answers when it did nothing for want of time: the same request may succeed later. */
const BUSY: ReadonlySet<number> = new Set([3, 11, 51, 52]);

/** Whether a result code says that nothing was done for want of time. */
export function isBusy(code: number | undefined): boolean {
  return code !== undefined && BUSY.has(code);
}

/**
 * The connection was lost while a change was on its way: nobody knows whether it was made.
 * Whoever asked for it has to look at the entry.
 */
export class UnknownOutcomeError extends ExpectedError {
  constructor(url: string, reason: string) {
    super(
      `The outcome of a change is unknown: ${reason} (${url})`,
      'Look at the entry before you repeat the change: it may or may not have been made.',
    );
    this.name = 'UnknownOutcomeError';
  }
}

/** Names of the result codes (RFC 4511 appendix A). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  33: 'aliasProblem',
  34: 'invalidDNSyntax',
  36: 'aliasDereferencingProblem',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  54: 'loopDetect',
  64: 'namingViolation',
  65: 'objectClassViolation',
  67: 'notAllowedOnRDN',
  69: 'objectClassModsProhibited',
  71: 'affectsMultipleDSAs',
  80: 'other',
};

/** AD's reasons for refusing a password: the Win32 error behind `data` in the server's words. */
const LOGON_REASONS: Readonly<Record<string, string>> = {
  '525': 'there is no such account',
  '52e': 'wrong name or password',
  '530': 'the account may not log on at this time',
  '531': 'the account may not log on from this computer',
  '532': 'the password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'the password must be changed before the first logon',
  '775': 'the account is locked out',
};

const ENCRYPT: Words = (nameOf) => `Connect with ldaps:// or add ${nameOf('startTls')}.`;
const LOG_IN: Words = (nameOf) =>
  `Give an account with ${nameOf('bindDn')} and ${nameOf('password')}.`;
const LIMIT: Words = (nameOf) =>
  `Use an account with higher limits, or read the tree in parts with ${nameOf('bases')}.`;
const CHECK: Words = (nameOf) => `Check ${nameOf('bases')}, ${nameOf('filter')} and the server.`;
const LATER = 'Try again when the server is less busy, or use another server.';

const SEARCH_HINTS: Readonly<Record<number, Words>> = {
  1: LATER,
  2: (nameOf) =>
    `Check ${nameOf('filter')} and ${nameOf('bases')}; another server may know the request.`,
  3: LIMIT,
  4: LIMIT,
  8: ENCRYPT,
  10: (nameOf) => `Connect to a server of that part of the tree, or correct ${nameOf('bases')}.`,
  11: LIMIT,
  12: 'The server lost its place in the search, or cannot page: start again.',
  13: ENCRYPT,
  18: (nameOf) => `Correct ${nameOf('filter')}: the attribute cannot be compared in this way.`,
  34: (nameOf) =>
    `Correct ${nameOf('bases')}: it must be a distinguished name such as DC=example,DC=com.`,
  48: LOG_IN,
  50: (nameOf) =>
    `Use an account that may read there: ${nameOf('bindDn')} and ${nameOf('password')}.`,
  51: LATER,
  52: LATER,
};

/** Reasons stand in sheets and journals, whose readers typed nothing: no setting is named in them. */
const TLS = 'the server wants encryption: connect with ldaps:// or StartTLS';

const MODIFY_HINTS: Readonly<Record<number, string>> = {
  3: 'nothing was changed: apply again later',
  8: TLS,
  10: 'the entry belongs to another server: apply through a controller of its domain',
  11: 'nothing was changed: apply again later',
  13: TLS,
  19: 'the value is too long or must be unique and is taken: correct UPDATE in the sheet',
  21: 'the attribute does not take such a value: correct UPDATE in the sheet',
  50: 'the account may not write this attribute: bind with one that may',
  51: 'nothing was changed: apply again later',
  52: 'nothing was changed: apply again later, or through another server',
  53: 'the server does not allow this change at all: is it read-only, or the attribute its own?',
};

/** The server's words on one line, safe to print: AD ends them with a NUL and breaks lines in them. */
export function serverWords(text: string): string {
  const oneLine = text.replace(/[\0\s]+$/, '').replace(/[ \t\r\n]+/g, ' ');
  const words = printable(oneLine.trim());
  return words.length > 500 ? `${words.slice(0, 500)}…` : words;
}

/** A result code by its RFC name and number, and what the server said about it. */
export function describeAnswer({ status, errorMessage }: Answer): string {
  const words = serverWords(errorMessage);
  const name = `${NAMES[status] ?? 'unknown result'} (${status})`;
  return words ? `${name}: ${words}` : name;
}

/** What to say about a connection that is gone, or that nothing can be believed of any more. */
export function lostFailure(url: string, { reason, isBreach }: Loss): ExpectedError {
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

/** Why a server refused the account. */
export function bindFailure(url: string, answer: Answer): ExpectedError {
  if (answer.status === 49) {
    const [, data = ''] = /\bdata ([0-9a-f]+)/i.exec(answer.errorMessage) ?? [];
    const reason = LOGON_REASONS[data.toLowerCase()] ?? 'wrong name or password';
    return new LogonError(
      `${url} refuses the account: ${reason}`,
      (nameOf) =>
        `Check ${nameOf('bindDn')} (a DN, user@domain or DOMAIN\\user), the password and the account.`,
    );
  }
  const encrypt = answer.status === 8 || answer.status === 13;
  const message = `${url} refuses the logon: ${describeAnswer(answer)}`;
  const hint: Words = (nameOf) =>
    encrypt
      ? `The server wants encryption. ${inWords(ENCRYPT, nameOf)}`
      : `Check ${nameOf('bindDn')} and what the server allows.`;
  // Some servers count tries under other codes than 49, too: 19 and 53 are in use.
  return isBusy(answer.status) ? new ExpectedError(message, hint) : new LogonError(message, hint);
}

/** Why a search failed: one line with the server's words, and what to do. */
export function searchFailure(url: string, base: string, answer: Answer): ExpectedError {
  const shown = base === '' ? 'the root of the tree' : printable(base);
  if (answer.status === 1 && wantsLogon(answer.errorMessage)) {
    return new ExpectedError(`${url} lets only known accounts search`, LOG_IN);
  }
  if (answer.status === 32) {
    const near = answer.matchedDN ? `; the nearest is ${printable(answer.matchedDN)}` : '';
    return new ExpectedError(
      `${url} has no entry ${shown}${near}`,
      (nameOf) =>
        `Correct ${nameOf('bases')}; without an account a server may also hide it: ${nameOf('bindDn')}.`,
    );
  }
  const message = `${url} could not search ${shown}: ${describeAnswer(answer)}`;
  const hint = SEARCH_HINTS[answer.status] ?? CHECK;
  return isBusy(answer.status)
    ? new UnavailableError(message, hint, false)
    : new ExpectedError(message, hint);
}

/** AD says 000004DC, Samba 00002020 (ERROR_DS_OPERATIONS_ERROR) in words. */
function wantsLogon(words: string): boolean {
  return /000004DC|successful bind|without authentication/i.test(words);
}

/** What the answer to a modify request means for the edits in it. */
export function modifyOutcome(answer: Answer): Outcome {
  if (answer.status === 0) return { state: 'applied', reason: '' };
  const words = describeAnswer(answer);
  const code = answer.status;
  // The old value is gone (16), the new one is there (20), or the entry is (32): someone was faster.
  if ([16, 20, 32].includes(code)) return { state: 'stale', reason: words, code };
  const hint = MODIFY_HINTS[code];
  return { state: 'failed', reason: hint ? `${words}; ${hint}` : words, code };
}
