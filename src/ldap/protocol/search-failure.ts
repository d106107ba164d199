import { ExpectedError, type Words } from '../../errors.js';
import { printable } from '../../text/printable.js';
import {
  type Answer,
  describeAnswer,
  ENCRYPT,
  isBusy,
  referredTo,
  UnavailableError,
} from './result-codes.js';

const ADMIN_LIMIT_EXCEEDED = 11;
const UNAVAILABLE_CRITICAL_EXTENSION = 12;

const LOG_IN: Words = (nameOf) =>
  `Give an account with ${nameOf('bindDn')} and ${nameOf('password')}.`;
const LIMIT: Words = (nameOf) =>
  `Use an account with higher limits, or read the tree in parts with ${nameOf('bases')}.`;
const CHECK: Words = (nameOf) => `Check ${nameOf('bases')}, ${nameOf('filter')} and the server.`;
const SMALLER: Words = (nameOf) =>
  `Ask for smaller pages with ${nameOf('pageSize')}: the server takes none of this size (slapd: limits size.pr).`;
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
  12: 'The server lost its place in the search: start again.',
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

/** How a server takes its own limits: OpenLDAP's are fixed, and those of others may have been reached for the moment. */
export interface Limits {
  readonly areFixed: boolean;
}

/** Why a search failed: one line with the server's words, and what to do. */
export function searchFailure(
  url: string,
  base: string,
  answer: Answer,
  { areFixed }: Limits = { areFixed: false },
): ExpectedError {
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
  const hint = hintFor(answer);
  const isFixed = areFixed && answer.status === ADMIN_LIMIT_EXCEEDED;
  return isBusy(answer.status) && !isFixed
    ? new UnavailableError(message, hint, false)
    : new ExpectedError(message, hint);
}

function hintFor(answer: Answer): Words {
  const server = referredTo(answer);
  if (server !== undefined) {
    return (nameOf) => `Connect to ${server}, to which it refers, or correct ${nameOf('bases')}.`;
  }
  if (answer.status === ADMIN_LIMIT_EXCEEDED && /paged/i.test(answer.errorMessage)) return SMALLER;
  return SEARCH_HINTS[answer.status] ?? CHECK;
}

/**
 * Whether a server that knows paging does not let this account page, or not this search: by OpenLDAP's words, and by
 * the result code for a control that it was not to pass over. Without the control it says where its limits are.
 */
export function forbidsPaging({ status, errorMessage }: Answer): boolean {
  return (
    status === UNAVAILABLE_CRITICAL_EXTENSION ||
    (status === ADMIN_LIMIT_EXCEEDED && /paged ?results control not allowed/i.test(errorMessage))
  );
}

/** AD says 000004DC, Samba 00002020 (ERROR_DS_OPERATIONS_ERROR) in words. */
function wantsLogon(words: string): boolean {
  return /000004DC|successful bind|without authentication/i.test(words);
}
