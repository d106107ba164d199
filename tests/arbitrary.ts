import fc from 'fast-check';
import { createEntry } from '../src/ldap/entry/entry.js';
import type { Entry, Value } from '../src/model/entry.js';
import { settingsFrom } from '../src/settings/settings.js';
import { attributesOf } from '../src/validators/engine/engine.js';
import { profileFor } from '../src/validators/profiles/index.js';

/** Settings under which every line of the catalogue stands in some profile. */
export const SETTINGS = [
  settingsFrom(),
  settingsFrom({ profile: 'dedicated', mapSuffix: ['contoso.local=contoso.com'] }),
  settingsFrom({
    profile: 'dedicated',
    loginAttribute: 'mail',
    verifiedDomains: ['contoso.com', 'xn--bcher-kva.com'],
    memberLimit: 1,
  }),
];

/** Attributes of which Active Directory keeps many values; all others have one at most. */
const MANY = new Set([
  'proxyaddresses',
  'usercertificate',
  'usersmimecertificate',
  'member',
  'description',
]);

const ATTRIBUTES = [
  ...new Set([...SETTINGS.flatMap((settings) => attributesOf(profileFor(settings))), 'cn']),
];

const CLASSES = [
  ['user'],
  ['user', 'inetOrgPerson'],
  ['group'],
  ['contact'],
  ['user', 'computer'],
  ['organizationalUnit'],
];

/** What addresses, names and numbers are made of, faulty and sound: glued together they reach every branch. */
const PIECES = [
  ...['SMTP:', 'smtp:', 'sip:', 'X500:', 'X400:', 'EUM:', 'notes:', ':', '@', '.', '..', ' ', '  '],
  ...[
    'joe',
    'José',
    'Straße',
    'o’neil',
    "O'Neil",
    'ann+tag',
    '山田',
    '😀',
    'é',
    '\u0000',
    '\u202e',
  ],
  ...['contoso.com', 'contoso.local', 'bücher.com', 'xn--bcher-kva.com', 'пример.рф', 'intranet'],
  ...[
    'fabrikam.onmicrosoft.com',
    'con_toso.com',
    '[127.0.0.1]',
    '/o=Contoso/cn=joe',
    'c=US;a= ;p=C;',
  ],
  ...[
    '"',
    '<',
    '>',
    '(',
    ')',
    ';',
    ',',
    '[',
    ']',
    '\\',
    '&',
    '$',
    '`',
    '_',
    '-',
    '\t',
    '\r\n',
    '\ufeff',
  ],
  ...[
    'TRUE',
    '0',
    '2',
    '-2147483646',
    'DE',
    'de',
    'Member',
    'x'.repeat(48),
    'y'.repeat(64),
    'z'.repeat(256),
  ],
];

const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((p) => p.join('')),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('SMTP:joe@contoso.com', 'joe@contoso.com', 'ann@contoso.com', 'joe'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
);

/** Any value that a directory may hold: text, or bytes where they are no UTF-8. */
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 9, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);

/** A directory keeps no value twice, and compares text without case. */
const valuesOf = (name: string) =>
  fc.uniqueArray(value, {
    maxLength: MANY.has(name.toLowerCase()) ? 3 : 1,
    selector: (one) => (typeof one === 'string' ? one.toLowerCase() : one.join()),
  });

/** What an entry is made of: its classes, and the values of its attributes. */
export interface Draft {
  readonly classes: readonly string[];
  readonly values: Readonly<Record<string, readonly Value[]>>;
}

/** Entries with any values in some attributes. */
export function draftOf(names: readonly string[]): fc.Arbitrary<Draft> {
  return fc.record({
    classes: fc.constantFrom(...CLASSES),
    values: fc.record(Object.fromEntries(names.map((name) => [name, valuesOf(name)]))),
  });
}

/** Entries with any values in every attribute of the catalogue; most of them take part in the sync. */
export const draft: fc.Arbitrary<Draft> = fc
  .tuple(draftOf(ATTRIBUTES), fc.boolean(), fc.integer({ min: 0, max: 5 }))
  .map(([drawn, isPlain, n]) => {
    if (!isPlain) return drawn;
    const scope = { sAMAccountName: [`joe${n}`], isCriticalSystemObject: [], adminDescription: [] };
    return { ...drawn, values: { ...drawn.values, ...scope, msExchRecipientTypeDetails: [] } };
  });

export function entryOf({ classes, values }: Draft, cn = 'x'): Entry {
  return createEntry(`CN=${cn},DC=contoso,DC=com`, [
    ['objectClass', classes],
    ...Object.entries(values),
  ]);
}
