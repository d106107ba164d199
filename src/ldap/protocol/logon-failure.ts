import { ExpectedError, inWords, type Words } from '../../errors.js';
import {
  type Answer,
  describeAnswer,
  ENCRYPT,
  isBusy,
  LogonError,
  referredTo,
  serverWords,
} from './result-codes.js';

const INVALID_CREDENTIALS = 49;

/** What a server has against an account, and what to do. */
interface Refusal {
  readonly why: string;
  readonly hint: Words;
  /** Whether it is not for the account's sake: another attempt harms nobody. */
  readonly passes?: boolean;
}

const CHECK_BOTH: Words = (nameOf) =>
  `Check ${nameOf('bindDn')} (a DN, user@domain or DOMAIN\\user), the password and the account.`;
const ANOTHER = 'or use another account.';
const CHANGE_IT = `Change it by logging on to Windows with the account, ${ANOTHER}`;

/** AD's reasons for refusing a password, by what stands behind `data` in its words: a Win32 error, or one of SSPI. */
const REASONS: Readonly<Record<string, Refusal>> = {
  '51f': {
    why: 'the controller reaches nobody who could check the password',
    hint: 'Use another controller, or try again when its own domain can be reached.',
    passes: true,
  },
  '525': { why: 'there is no such account', hint: CHECK_BOTH },
  '52e': { why: 'wrong name or password', hint: CHECK_BOTH },
  '52f': {
    why: 'restrictions of the account forbid it (a member of Protected Users, an empty password, a silo)',
    hint: `Look at the groups and the authentication policy of the account, ${ANOTHER}`,
  },
  '530': {
    why: 'the account may not log on at this time',
    hint: `Widen its logon hours, ${ANOTHER}`,
  },
  '531': {
    why: 'the account may not log on from this computer',
    hint: `Add the domain controller to the computers it may log on to, ${ANOTHER}`,
  },
  '532': { why: 'the password has expired', hint: CHANGE_IT },
  '533': { why: 'the account is disabled', hint: `Have it enabled, ${ANOTHER}` },
  '568': {
    why: 'the account is in more groups than fit into one logon',
    hint: `Take it out of some groups, ${ANOTHER}`,
  },
  '569': {
    why: 'the account has not the right to log on to this controller over the network',
    hint: `Look at "Access this computer from the network" in the policy of the controllers, ${ANOTHER}`,
  },
  '57': {
    why: 'the controller can make nothing of the name or the password',
    hint: (nameOf) => `Write ${nameOf('bindDn')} as a DN, user@domain or DOMAIN\\user.`,
  },
  '701': { why: 'the account has expired', hint: `Have its end put off, ${ANOTHER}` },
  '773': { why: 'the password must be changed before the first logon', hint: CHANGE_IT },
  '775': {
    why: 'the account is locked out',
    hint: `Have it unlocked before anything else is tried, ${ANOTHER}`,
  },
  '80090346': {
    why: 'the controller demands channel binding, which presync does not offer',
    hint: 'Use another controller, or have LdapEnforceChannelBinding set to 1 (when supported) on this one.',
  },
};

const NAME_A_DN: Words = (nameOf) =>
  `Write ${nameOf('bindDn')} as a distinguished name, such as cn=reader,dc=example,dc=com.`;
const OTHER_WAY =
  'The server takes no password in this way: ask who runs it for another account or port.';

/** By result code, where the server refuses more than the account. */
const HINTS: Readonly<Record<number, Words>> = {
  7: OTHER_WAY,
  8: (nameOf) => `The server wants encryption. ${inWords(ENCRYPT, nameOf)}`,
  13: (nameOf) => `The server wants encryption. ${inWords(ENCRYPT, nameOf)}`,
  14: OTHER_WAY,
  34: NAME_A_DN,
  48: OTHER_WAY,
};

/** Why a server refused the account. */
export function bindFailure(url: string, answer: Answer): ExpectedError {
  if (answer.status === INVALID_CREDENTIALS) return credentialsFailure(url, answer);
  const message = `${url} refuses the logon: ${describeAnswer(answer)}`;
  const server = referredTo(answer);
  const hint: Words = (nameOf) =>
    server === undefined
      ? inWords(HINTS[answer.status] ?? CHECK_SERVER, nameOf)
      : `Connect to ${server}, to which it refers.`;
  // Some servers count tries under other codes than 49, too: 19 and 53 are in use.
  return isBusy(answer.status) ? new ExpectedError(message, hint) : new LogonError(message, hint);
}

const CHECK_SERVER: Words = (nameOf) => `Check ${nameOf('bindDn')} and what the server allows.`;

function credentialsFailure(url: string, { errorMessage }: Answer): ExpectedError {
  const [, data = ''] = /\bdata ([0-9a-f]+)/i.exec(errorMessage) ?? [];
  const known = REASONS[data.toLowerCase()];
  if (known) {
    const message = `${url} refuses the account: ${known.why} (${data.toLowerCase()})`;
    return known.passes
      ? new ExpectedError(message, known.hint)
      : new LogonError(message, known.hint);
  }
  // Others have words of their own, if any: a wrong password is only one of the reasons for this code.
  const words = serverWords(errorMessage) || 'wrong name or password';
  return new LogonError(`${url} refuses the account: ${words}`, CHECK_BOTH);
}
