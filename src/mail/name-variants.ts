/** Longest local part of a sign-in name (fact UPN-2); mail addresses have no shorter one. */
const LOCAL_LIMIT = 64;
/** Longest mailNickname (fact NICK-2). */
const NICKNAME_LIMIT = 64;
/** A name taken this often needs a person, not a number. */
const LAST_NUMBER = 99;

/**
 * Names to fall back on when a value is taken, nearest first: a number behind the local part of an address, or behind
 * a name without `@`. A local part at its limit is shortened by whole characters; the domain is never touched.
 */
export function* nameVariants(value: string): Generator<string> {
  const at = value.lastIndexOf('@');
  const name = at < 0 ? value : value.slice(0, at);
  const domain = at < 0 ? '' : value.slice(at);
  const prefix = at < 0 ? '' : (/^[a-z]+:/i.exec(name)?.[0] ?? '');
  const local = name.slice(prefix.length);
  for (let number = 2; number <= LAST_NUMBER; number += 1) {
    const room = (at < 0 ? NICKNAME_LIMIT : LOCAL_LIMIT) - String(number).length;
    yield `${prefix}${shortened(local, room)}${number}${domain}`;
  }
}

function shortened(text: string, room: number): string {
  const short = text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '');
  return short.replace(/[.\-_]+$/, '') || short;
}
