import { ExpectedError, type Words } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** What a server answers at the end of an operation (LDAPResult, RFC 4511 4.1.9). */
export interface Answer {
  readonly status: number;
  readonly matchedDN: string;
  readonly errorMessage: string;
  /** URLs of the servers to ask instead; none as a rule. */
  readonly referrals?: readonly string[];
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

/** Names of the result codes (RFC 4511 appendix A, and those that IANA lists besides). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  5: 'compareFalse',
  6: 'compareTrue',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  9: 'partialResults',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  14: 'saslBindInProgress',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  33: 'aliasProblem',
  34: 'invalidDNSyntax',
  35: 'isLeaf',
  36: 'aliasDereferencingProblem',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  54: 'loopDetect',
  60: 'sortControlMissing',
  61: 'offsetRangeError',
  64: 'namingViolation',
  65: 'objectClassViolation',
  66: 'notAllowedOnNonLeaf',
  67: 'notAllowedOnRDN',
  68: 'entryAlreadyExists',
  69: 'objectClassModsProhibited',
  70: 'resultsTooLarge',
  71: 'affectsMultipleDSAs',
  76: 'virtualListViewError',
  80: 'other',
  118: 'canceled',
  119: 'noSuchOperation',
  120: 'tooLate',
  121: 'cannotCancel',
  122: 'assertionFailed',
  123: 'authorizationDenied',
};

/** What to do where a server wants encryption. */
export const ENCRYPT: Words = (nameOf) => `Connect with ldaps:// or add ${nameOf('startTls')}.`;

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

/** The server that an answer sends the client to, without what it is to do there; undefined where it names none. */
export function referredTo({ referrals = [] }: Answer): string | undefined {
  const [, server] = /^(ldaps?:\/\/[^/?]+)/i.exec(referrals[0] ?? '') ?? [];
  return server === undefined ? undefined : serverWords(server);
}
