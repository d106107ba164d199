import { domainOf } from '../../mail/address.js';
import { isAscii } from '../../text/letters.js';
import { SIGN_IN_CHARACTERS } from './character-tables.js';
import { SIGN_IN_LENGTHS } from './lengths.js';

/** Whether an address is short enough for a sign-in name, in all and in its parts (facts UPN-1 to UPN-3). */
export function fitsSignIn(address: string): boolean {
  const domain = domainOf(address) ?? '';
  const parts = { value: address, domain, local: address.slice(0, -domain.length - 1) };
  return SIGN_IN_LENGTHS.lengths.every(({ part, limit }) => parts[part].length <= limit);
}

/** Whether the cloud takes a part before the `@` in a sign-in name (facts UPN-5 to UPN-8). */
export function isSignInLocal(local: string): boolean {
  if (local === '' || local.includes('@') || local.endsWith('.') || !isAscii(local)) return false;
  return !SIGN_IN_CHARACTERS.sets.some(({ characters }) => characters.test(local));
}

/** An address without what a sign-in name had better not hold. */
export function withoutUnfit(address: string): string {
  const isUnfit = (c: string) => SIGN_IN_CHARACTERS.sets.some((set) => set.characters.test(c));
  return [...address].filter((character) => !isUnfit(character)).join('');
}
