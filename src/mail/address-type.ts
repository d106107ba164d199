import { trimUnseen } from '../text/characters.js';

/** The type in front of an address, up to its first colon: printable ASCII other than `@`. */
const TYPE = /^[!-9;-?A-~]+$/;

/** A value of proxyAddresses, taken apart. */
export interface TypedValue {
  /** The address type in lower case. */
  readonly type: string;
  /** What follows its colon. */
  readonly rest: string;
}

/** Reads a proxyAddresses value (fact PRX-7) without blanks at its ends (GEN-7); undefined where it has no type. */
export function readTyped(value: string): TypedValue | undefined {
  const text = trimUnseen(value);
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(colon, 0));
  return TYPE.test(type) ? { type: type.toLowerCase(), rest: text.slice(colon + 1) } : undefined;
}

/**
 * Address types of mail systems of the past, which the cloud drops (fact PRX-9 names MSMAIL and X400 and says that
 * there are more): Microsoft Mail, X.400, cc:Mail, Lotus Notes, GroupWise, fax gateways, MHS, PROFS and SNADS.
 */
export const LEGACY_TYPES: ReadonlySet<string> = new Set([
  ...['ms', 'msmail', 'x400', 'ccmail', 'notes', 'gwise', 'fax', 'rfax', 'mhs', 'profs', 'snads'],
]);

/** Where Skype for Business keeps the address at which somebody is called: `sip:` and an address (fact SIP-1). */
export const SIP_ATTRIBUTE = 'msRTCSIP-PrimaryUserAddress';
