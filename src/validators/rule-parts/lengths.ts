/** How long a value, or a part of an address, may be: in UTF-16 code units, the limit included. */
export interface Length {
  readonly part: 'value' | 'local' | 'domain';
  readonly limit: number;
}

/** The lengths of an attribute. */
export interface Lengths {
  readonly lengths: readonly Length[];
  /** What becomes of a longer value: a sentence without its full stop. */
  readonly consequence: string;
  /** What may be shortened: the part before the `@`, the end of a text, or nothing. */
  readonly cut: 'local' | 'end' | 'nothing';
}

/** The facts that the limits stand on. */
export const LENGTH_FACTS: readonly string[] = [
  ...['UPN-1', 'UPN-2', 'UPN-3', 'UPN-16', 'MAIL-4', 'PRX-1', 'TGT-1', 'NICK-2', 'SAM-1', 'SAM-5'],
  ...['DSP-2', 'GIV-1', 'SN-1', 'LEN-1', 'LEN-2', 'LEN-3', 'LEN-5', 'GEN-6', 'DSC-1', 'INF-1'],
];

/** An attribute with one limit. */
const upTo = (limit: number, consequence: string, cut: Lengths['cut'] = 'end'): Lengths => ({
  lengths: [{ part: 'value', limit }],
  consequence,
  cut,
});

const NO_ROOM = 'The cloud has no room for more';
const NO_FLOW = 'The sync carries no more of it, or none of it';

/** The sign-in name, whichever attribute gives it (UPN-1 to UPN-3, UPN-16). */
export const SIGN_IN_LENGTHS: Lengths = {
  lengths: [
    { part: 'value', limit: 113 },
    { part: 'local', limit: 64 },
    { part: 'domain', limit: 48 },
  ],
  consequence: 'The cloud refuses it',
  cut: 'local',
};

/** mail (MAIL-4): only IdFix has the figure. */
export const MAIL_LENGTHS = upTo(256, 'IdFix took no more, and mail rarely does', 'local');

/** proxyAddresses (PRX-1) with the prefix, and targetAddress (TGT-1). */
export const ADDRESS_LENGTHS = upTo(256, 'The sync cannot carry more', 'local');

/** mailNickname (NICK-2). */
export const ALIAS_LENGTHS = upTo(64, 'Exchange Online takes no longer alias');

/** sAMAccountName of a user (SAM-1): people sign in with it, so nobody should shorten it for them. */
export const ACCOUNT_LENGTHS = upTo(
  20,
  'Without a good sign-in name beside it the user fails to sync',
  'nothing',
);

/** displayName (DSP-2). */
export const DISPLAY_NAME_LENGTHS = upTo(256, NO_ROOM);

/** Text about people, by attribute: GIV-1, SN-1, LEN-1 to LEN-3, LEN-5, GEN-6. */
export const PERSON_LENGTHS: Readonly<Record<string, Lengths>> = {
  givenName: upTo(64, NO_ROOM),
  sn: upTo(64, NO_ROOM),
  company: upTo(64, NO_ROOM),
  department: upTo(64, NO_ROOM),
  title: upTo(128, NO_ROOM),
  // The cloud has room for 1,024, but the sync trims it on the way (GEN-6, GEN-7).
  streetAddress: upTo(448, NO_FLOW),
  l: upTo(128, NO_ROOM),
  st: upTo(128, NO_ROOM),
  co: upTo(128, NO_ROOM),
  // A number without its end is another number.
  mobile: upTo(64, NO_ROOM, 'nothing'),
  postalCode: upTo(40, NO_ROOM, 'nothing'),
  employeeID: upTo(16, NO_ROOM, 'nothing'),
  wWWHomePage: upTo(448, NO_FLOW, 'nothing'),
};

/** Attributes that an organisation fills as it likes (GEN-6, GEN-7): nobody knows what their end means. */
export const EXTENSION_LENGTHS = upTo(448, NO_FLOW, 'nothing');
export const EXTENSION_ATTRIBUTES: readonly string[] = Array.from(
  { length: 15 },
  (_, at) => `extensionAttribute${at + 1}`,
);

/** description and info (DSC-1, INF-1): shortening them at home would lose the rest there too. */
export const NOTE_LENGTHS = upTo(448, 'Connect cuts the rest off without a word', 'nothing');
