import type { EntryKind } from '../../model/entry.js';
import type { Settings } from '../../model/rule.js';
import { isDirectoryLine, type ProfileLine } from '../engine/profile-line.js';
import { CALLED, MAIL, MAIL_NICKNAME, PROXY_ADDRESSES, TARGET_ADDRESS } from './addresses.js';
import { DEDICATED, DEDICATED_MAIL } from './dedicated.js';
import { ANCHORS, EXCHANGE } from './identity.js';
import { LARGE } from './large.js';
import { NAMES } from './people.js';
import { ACCOUNT_NAME, impliedName, signInName } from './sign-in.js';

/*
 * Which rule judges which attribute, with which limits: the table an administrator would read. The lines of one
 * attribute stand in the order in which repairs are folded.
 */

/** With an alternate login ID people sign in with their mail; that of groups and contacts is mail as ever. */
function signInAndMail(loginAttribute: Settings['loginAttribute']): readonly ProfileLine[] {
  if (loginAttribute !== 'mail') return [...signInName(loginAttribute), ...MAIL];
  return [
    ...only(['user', 'inetOrgPerson'], signInName('mail')),
    ...only(['group', 'contact', 'publicFolder'], MAIL),
  ];
}

function only(kinds: readonly EntryKind[], lines: readonly ProfileLine[]): readonly ProfileLine[] {
  return lines.map((line) => ({ ...line, kinds: line.kinds.filter((k) => kinds.includes(k)) }));
}

/** The lines of a profile, given what the person who scans has chosen. */
export function profileFor({
  loginAttribute,
  profile,
}: Pick<Settings, 'loginAttribute' | 'profile'>): readonly ProfileLine[] {
  const signInIsMail = loginAttribute === 'mail';
  const lines = [
    ...signInAndMail(loginAttribute),
    ...PROXY_ADDRESSES,
    ...TARGET_ADDRESS,
    ...CALLED,
    ...MAIL_NICKNAME,
    ...impliedName(loginAttribute),
    ...ACCOUNT_NAME,
    ...NAMES,
    ...LARGE,
    ...ANCHORS,
    ...EXCHANGE,
  ];
  if (profile === 'default') return lines;
  const mail = signInIsMail ? only(['group', 'contact'], DEDICATED_MAIL) : DEDICATED_MAIL;
  return sharpened(lines, [...DEDICATED, ...mail]);
}

/** The lines of a profile by which it is told which entries Connect joins. */
export function joiningLines(settings: Settings): readonly ProfileLine[] {
  return profileFor(settings)
    .filter(isDirectoryLine)
    .filter(({ joinsBy }) => joinsBy !== undefined);
}

/**
 * A profile with further lines. Where a rule judges an attribute of the same kinds already, the further line takes the
 * place of the first one: a value must not get two findings of one rule.
 */
function sharpened(
  lines: readonly ProfileLine[],
  further: readonly ProfileLine[],
): readonly ProfileLine[] {
  const isSame = (a: ProfileLine, b: ProfileLine) =>
    a.meta.id === b.meta.id &&
    a.attribute === b.attribute &&
    a.kinds.some((kind) => b.kinds.includes(kind));
  return [
    ...lines.map((line) => further.find((other) => isSame(line, other)) ?? line),
    ...further.filter((other) => !lines.some((line) => isSame(line, other))),
  ];
}
