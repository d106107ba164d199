import { createEntry } from '../src/ldap/entry/entry.js';
import type { Entry, EntrySource, Value } from '../src/model/entry.js';
import type { ErrorWord } from '../src/model/finding.js';
import { type Random, seeded } from './random.js';

/** The attributes of a made-up entry; a fault changes them before the entry is built. */
export type Draft = { dn: string } & Record<string, Value | readonly Value[]>;

/** A fault that the generator put in, and by which words a scan may name it. */
export interface Planted {
  readonly name: string;
  readonly dn: string;
  readonly attribute: string;
  readonly words: readonly ErrorWord[];
}

export interface Generated {
  readonly entries: readonly Entry[];
  readonly planted: readonly Planted[];
}

/** Names that look wrong and are not: none of them may be reported. */
const GIVEN = [
  'Anna',
  'Bo',
  'Chloé',
  'Dmitri',
  "D'Arcy",
  'Guest',
  'Jürgen',
  'Administrator',
  '田中',
  'Support',
];
const FAMILY = [
  "O'Neil",
  'Berg',
  'de la Cruz',
  'Speaker',
  'Müller-Lüdenscheidt',
  'Li',
  'Desk',
  'Smith (Contractor)',
];
const DOMAINS = [
  'contoso.com',
  'contoso.co.uk',
  'contoso.app',
  'xn--bcher-kva.com',
  'mail.contoso.travelersinsurance',
];

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z']/g, '')
    .toLowerCase() || 'name';
const pick = <T>(list: readonly T[], next: Random): T =>
  list[Math.floor(next() * list.length)] as T;
export const guid = (n: number) => Buffer.from(n.toString(16).padStart(32, '0'), 'hex');

/** A domain account's objectSid: S-1-5-21, three numbers of the domain, and the account's own (MS-DTYP 2.4.2). */
function sid(n: number): Buffer {
  const bytes = Buffer.alloc(28, 9);
  bytes.set([1, 5, 0, 0, 0, 0, 0, 5]);
  bytes.writeUInt32LE(21, 8);
  bytes.writeUInt32LE(n, 24);
  return bytes;
}

function person(n: number, next: Random): Draft {
  const given = pick(GIVEN, next);
  const sn = pick(FAMILY, next);
  const local = `${plain(given)}.${plain(sn)}${n}`;
  const address = `${local}@${pick(DOMAINS, next)}`;
  const cn = `${given} ${sn} ${n}`;
  return {
    dn: `CN=${cn},OU=Staff,DC=contoso,DC=com`,
    objectClass: next() < 0.1 ? ['user', 'inetOrgPerson'] : ['user'],
    cn,
    givenName: given,
    sn,
    displayName: cn,
    sAMAccountName: `u${n}`,
    userPrincipalName: address,
    mail: address,
    mailNickname: local,
    proxyAddresses: [
      `SMTP:${address}`,
      `smtp:${local}+tag@contoso.com`,
      `X500:/o=Contoso/ou=Exchange (FYDIBOHF23SPDLT)/cn=Recipients/cn=${local}, O'B <x>`,
      `SIP:${local}@contoso.com`,
    ],
    'msRTCSIP-PrimaryUserAddress': `sip:${local}@contoso.com`,
    msExchMailboxGuid: guid(n),
    msExchArchiveGUID: n % 3 === 0 ? guid(n) : Buffer.alloc(16),
    extensionAttribute1: `${given}, cost centre ${n}: ${'x'.repeat(400)}`,
    c: pick(['DE', 'GB', 'US', 'IN'], next),
    preferredLanguage: pick(['en-US', 'de', 'pt-BR'], next),
    userAccountControl: '512',
    objectGUID: guid(n),
    objectSid: sid(n),
  };
}

function group(n: number): Draft {
  const address = `team${n}@contoso.com`;
  return {
    dn: `CN=Team ${n},OU=Groups,DC=contoso,DC=com`,
    objectClass: ['group'],
    cn: `Team ${n}`,
    displayName: `Team ${n}`,
    sAMAccountName: `g${n}`,
    groupType: '-2147483646',
    mail: address,
    mailNickname: `team${n}`,
    proxyAddresses: [`SMTP:${address}`],
    objectGUID: guid(n),
  };
}

function contact(n: number): Draft {
  const address = `partner${n}@fabrikam.com`;
  return {
    dn: `CN=Partner ${n},OU=Contacts,DC=contoso,DC=com`,
    objectClass: ['contact'],
    cn: `Partner ${n}`,
    displayName: `Partner ${n}`,
    mail: address,
    mailNickname: `partner${n}`,
    targetAddress: `SMTP:${address}`,
    proxyAddresses: [`SMTP:${address}`],
    objectGUID: guid(n),
  };
}

/** A user whose alias the cloud makes of the sign-in name; every third has mail beside it. */
function bare(n: number): Draft {
  const address = `implied${n}@contoso.app`;
  return {
    dn: `CN=Implied ${n},OU=Staff,DC=contoso,DC=com`,
    objectClass: ['user'],
    cn: `Implied ${n}`,
    displayName: `Implied ${n}`,
    sAMAccountName: `b${n}`,
    userPrincipalName: address,
    ...(n % 3 === 0 ? { mail: address } : {}),
    userAccountControl: '512',
    objectGUID: guid(n),
    objectSid: sid(n),
  };
}

/** A folder whose name and alias look odd: of it only the addresses matter. */
function folder(n: number): Draft {
  return {
    dn: `CN=Folder ${n},CN=Microsoft Exchange System Objects,DC=contoso,DC=com`,
    objectClass: ['publicFolder'],
    cn: `Folder ${n}`,
    mail: `folder${n}@contoso.com`,
    mailNickname: `folder & ${n}`,
    proxyAddresses: [`SMTP:folder${n}@contoso.com`, `smtp:folder ${n}@contoso.local`],
    objectGUID: guid(n),
  };
}

type Kind = 'person' | 'group' | 'contact' | 'bare' | 'folder';
type Change = (draft: Draft, other: Draft) => Record<string, Value | readonly Value[]>;
type FaultLine = readonly [
  name: string,
  kind: Kind,
  attribute: string,
  words: readonly ErrorWord[],
  change: Change,
];

const local = (draft: Draft) => String(draft['mailNickname']);
const addresses = (draft: Draft) => draft['proxyAddresses'] as readonly string[];
const upn =
  (make: (draft: Draft) => string): Change =>
  (draft) => ({ userPrincipalName: make(draft) });
const extra =
  (make: (draft: Draft) => string): Change =>
  (draft) => ({ proxyAddresses: [...addresses(draft), make(draft)] });

/** Faults as administrators meet them; each changes one entry (the other is a clean one to clash with). */
const FAULTS: readonly FaultLine[] = [
  [
    'UPN with a space',
    'person',
    'userPrincipalName',
    ['Character'],
    upn((d) => `a b${local(d)}@contoso.com`),
  ],
  [
    'UPN with an ampersand',
    'person',
    'userPrincipalName',
    ['Character'],
    upn((d) => `a&${local(d)}@contoso.com`),
  ],
  [
    'UPN with an umlaut',
    'person',
    'userPrincipalName',
    ['Character', 'LocalPart'],
    upn((d) => `ü${local(d)}@contoso.com`),
  ],
  [
    'UPN in another script',
    'person',
    'userPrincipalName',
    ['Character', 'LocalPart'],
    upn((d) => `анна${local(d)}@contoso.com`),
  ],
  [
    'UPN with a dot before the at',
    'person',
    'userPrincipalName',
    ['LocalPart', 'Format'],
    upn((d) => `${local(d)}.@contoso.com`),
  ],
  [
    'UPN with two at signs',
    'person',
    'userPrincipalName',
    ['Format', 'Character'],
    upn((d) => `${local(d)}@x@contoso.com`),
  ],
  ['UPN without at sign', 'person', 'userPrincipalName', ['Format'], upn((d) => local(d))],
  [
    'UPN with a long local part',
    'person',
    'userPrincipalName',
    ['Length'],
    upn((d) => `${local(d).padEnd(65, 'x')}@contoso.com`),
  ],
  [
    'UPN with a long domain',
    'person',
    'userPrincipalName',
    ['Length'],
    upn((d) => `${local(d)}@${'x'.repeat(45)}.com`),
  ],
  [
    'UPN in .local',
    'person',
    'userPrincipalName',
    ['TopLevelDomain'],
    upn((d) => `${local(d)}@contoso.local`),
  ],
  [
    'UPN in a single label',
    'person',
    'userPrincipalName',
    ['TopLevelDomain', 'DomainPart'],
    upn((d) => `${local(d)}@contoso`),
  ],
  ['UPN absent', 'person', 'userPrincipalName', ['Blank'], () => ({ userPrincipalName: [] })],
  [
    'UPN that is the address of somebody else',
    'person',
    'userPrincipalName',
    ['Duplicate'],
    (_, other) => ({ userPrincipalName: (addresses(other)[1] ?? '').slice(5) }),
  ],
  [
    'mail with an inner space',
    'person',
    'mail',
    ['Character', 'Format'],
    (d) => ({ mail: `${local(d)} x@contoso.com` }),
  ],
  [
    'mail of somebody else',
    'person',
    'mail',
    ['Duplicate'],
    (_, other) => ({ mail: String(other['mail']).toUpperCase() }),
  ],
  [
    'address without prefix',
    'person',
    'proxyAddresses',
    ['Format'],
    extra((d) => `x${local(d)}@contoso.com`),
  ],
  [
    'two primaries',
    'person',
    'proxyAddresses',
    ['Format'],
    extra((d) => `SMTP:second${local(d)}@contoso.com`),
  ],
  [
    'no primary',
    'person',
    'proxyAddresses',
    ['Format', 'Blank'],
    (d) => ({ proxyAddresses: addresses(d).map((a) => a.replace('SMTP:', 'smtp:')) }),
  ],
  [
    'address with a space',
    'person',
    'proxyAddresses',
    ['Character'],
    extra((d) => `smtp:a ${local(d)}@contoso.com`),
  ],
  [
    'address with brackets',
    'person',
    'proxyAddresses',
    ['Character'],
    extra((d) => `smtp:<${local(d)}x>@contoso.com`),
  ],
  [
    'address with two prefixes',
    'person',
    'proxyAddresses',
    ['Format'],
    extra((d) => `smtp:smtp:z${local(d)}@contoso.com`),
  ],
  [
    'address with diacritics',
    'person',
    'proxyAddresses',
    ['Character', 'LocalPart'],
    extra((d) => `smtp:é${local(d)}@contoso.com`),
  ],
  [
    'address in an unwritten domain',
    'person',
    'proxyAddresses',
    ['DomainPart', 'Character'],
    extra((d) => `smtp:${local(d)}@bücher.com`),
  ],
  [
    'address in .local',
    'person',
    'proxyAddresses',
    ['TopLevelDomain'],
    extra((d) => `smtp:${local(d)}@contoso.local`),
  ],
  [
    'address too long',
    'person',
    'proxyAddresses',
    ['Length'],
    extra((d) => `smtp:${local(d)}${'x'.repeat(250)}@contoso.com`),
  ],
  [
    'address with a dot in front',
    'person',
    'proxyAddresses',
    ['LocalPart', 'Format'],
    extra((d) => `smtp:.${local(d)}@contoso.com`),
  ],
  [
    'address with a broken domain',
    'person',
    'proxyAddresses',
    ['DomainPart', 'Format'],
    extra((d) => `smtp:${local(d)}@contoso..com`),
  ],
  [
    'address of a group',
    'person',
    'proxyAddresses',
    ['Duplicate'],
    (d, other) => ({ proxyAddresses: [...addresses(d), `smtp:${String(other['mail'])}`] }),
  ],
  [
    'legacy address',
    'person',
    'proxyAddresses',
    ['Format'],
    extra((d) => `X400:C=US;A= ;P=Contoso;S=${local(d)}`),
  ],
  [
    'far too many addresses',
    'person',
    'proxyAddresses',
    ['Length'],
    (d) => ({
      proxyAddresses: [
        ...addresses(d),
        ...Array.from({ length: 300 }, (_, n) => `smtp:${local(d)}-${n}@contoso.com`),
      ],
    }),
  ],
  [
    'SIP address of somebody else',
    'person',
    'proxyAddresses',
    ['Duplicate'],
    (d, other) => ({ proxyAddresses: [...addresses(d).slice(0, 3), addresses(other)[3] ?? ''] }),
  ],
  [
    'SIP address of Skype of somebody else',
    'person',
    'msRTCSIP-PrimaryUserAddress',
    ['Duplicate'],
    (_, other) => ({
      'msRTCSIP-PrimaryUserAddress': String(other['msRTCSIP-PrimaryUserAddress']).toUpperCase(),
    }),
  ],
  [
    'SIP address of Skype without its type',
    'person',
    'msRTCSIP-PrimaryUserAddress',
    ['Format'],
    (d) => ({ 'msRTCSIP-PrimaryUserAddress': `${local(d)}@contoso.com` }),
  ],
  [
    'address of a public folder',
    'person',
    'proxyAddresses',
    ['Duplicate'],
    (d, other) => ({ proxyAddresses: [...addresses(d), `smtp:${String(other['mail'])}`] }),
  ],
  [
    'address of another folder',
    'folder',
    'proxyAddresses',
    ['Duplicate'],
    (d, other) => ({ proxyAddresses: [...addresses(d), `smtp:${String(other['mail'])}`] }),
  ],
  [
    'alias that another one gets too',
    'bare',
    'userPrincipalName',
    ['Duplicate'],
    (_, other) => {
      other['mail'] = [];
      const [name] = String(other['userPrincipalName']).split('@');
      return { mail: [], userPrincipalName: `${name}@contoso.co.uk` };
    },
  ],
  [
    'alias that somebody else has',
    'bare',
    'mail',
    ['Duplicate'],
    (_, other) => ({
      mail: `${local(other)}@fabrikam.com`,
      userPrincipalName: `${local(other)}@fabrikam.com`,
    }),
  ],
  [
    'X500 address of somebody else',
    'person',
    'proxyAddresses',
    ['Duplicate'],
    (d, other) => ({
      proxyAddresses: [...addresses(d), (addresses(other)[2] ?? '').toLowerCase()],
    }),
  ],
  [
    'mailbox of somebody else',
    'person',
    'msExchMailboxGuid',
    ['Duplicate'],
    (_, other) => ({ msExchMailboxGuid: other['msExchMailboxGuid'] as Value }),
  ],
  [
    'archive of somebody else',
    'person',
    'msExchArchiveGUID',
    ['Duplicate'],
    (_, other) => {
      other['msExchArchiveGUID'] = other['objectGUID'] as Value;
      return { msExchArchiveGUID: other['objectGUID'] as Value };
    },
  ],
  [
    'address type with a slip',
    'person',
    'proxyAddresses',
    ['Format'],
    extra((d) => `smpt:x${local(d)}@contoso.com`),
  ],
  [
    'address with a character that the cloud replaces',
    'person',
    'proxyAddresses',
    ['Character'],
    extra((d) => `smtp:a/${local(d)}@contoso.com`),
  ],
  [
    'blank in front of a SIP address',
    'person',
    'proxyAddresses',
    ['Character'],
    extra((d) => ` sip:x${local(d)}@contoso.com`),
  ],
  [
    'extension attribute too long',
    'person',
    'extensionAttribute7',
    ['Length'],
    () => ({ extensionAttribute7: 'x'.repeat(449) }),
  ],
  [
    'mail in two values',
    'person',
    'mail',
    ['Length'],
    (d) => ({ mail: [String(d['mail']), `x${local(d)}@contoso.com`] }),
  ],
  [
    'target address without its type',
    'contact',
    'targetAddress',
    ['Format'],
    (d) => ({ targetAddress: `x${local(d)}@fabrikam.com` }),
  ],
  [
    'target address of a mail system of the past',
    'contact',
    'targetAddress',
    ['Format'],
    (d) => ({ targetAddress: `X400:C=US;A= ;P=Contoso;S=${local(d)}` }),
  ],
  [
    'alias with a dot in front',
    'person',
    'mailNickname',
    ['Format', 'Character'],
    (d) => ({ mailNickname: `.${local(d)}` }),
  ],
  [
    'alias too long',
    'person',
    'mailNickname',
    ['Length'],
    (d) => ({ mailNickname: local(d).padEnd(65, 'x') }),
  ],
  [
    'alias with an ampersand',
    'person',
    'mailNickname',
    ['Character'],
    (d) => ({ mailNickname: `a&${local(d)}` }),
  ],
  [
    'alias with a space',
    'person',
    'mailNickname',
    ['Character'],
    (d) => ({ mailNickname: `a ${local(d)}` }),
  ],
  [
    'alias of somebody else',
    'person',
    'mailNickname',
    ['Duplicate'],
    (_, other) => ({ mailNickname: local(other).toUpperCase() }),
  ],
  [
    'account name too long',
    'person',
    'sAMAccountName',
    ['Length'],
    (d) => ({ sAMAccountName: `${String(d['sAMAccountName'])}`.padEnd(21, 'x') }),
  ],
  [
    'account name with a bracket',
    'person',
    'sAMAccountName',
    ['Character'],
    (d) => ({ sAMAccountName: `[${String(d['sAMAccountName'])}` }),
  ],
  ['display name of blanks', 'person', 'displayName', ['Blank'], () => ({ displayName: '  ' })],
  [
    'display name too long',
    'person',
    'displayName',
    ['Length'],
    () => ({ displayName: 'x'.repeat(257) }),
  ],
  ['group without display name', 'group', 'displayName', ['Blank'], () => ({ displayName: [] })],
  ['given name too long', 'person', 'givenName', ['Length'], () => ({ givenName: 'x'.repeat(65) })],
  ['family name too long', 'person', 'sn', ['Length'], () => ({ sn: 'x'.repeat(65) })],
  [
    'department too long',
    'person',
    'department',
    ['Length'],
    () => ({ department: 'x'.repeat(65) }),
  ],
  ['country in words', 'person', 'c', ['Format'], () => ({ c: 'Germany' })],
  [
    'sixteen certificates',
    'person',
    'userCertificate',
    ['Length'],
    () => ({ userCertificate: Array.from({ length: 16 }, (_, n) => Buffer.from([n])) }),
  ],
  [
    'huge photo',
    'person',
    'thumbnailPhoto',
    ['Length'],
    () => ({ thumbnailPhoto: Buffer.alloc(102_401) }),
  ],
  [
    'linked mailbox',
    'person',
    'msExchRecipientTypeDetails',
    ['Format'],
    () => ({ msExchRecipientTypeDetails: '2' }),
  ],
  [
    'hidden without alias',
    'person',
    'mailNickname',
    ['Blank'],
    () => ({ mailNickname: [], msExchHideFromAddressLists: 'TRUE' }),
  ],
  [
    'anchor of somebody else',
    'person',
    'mS-DS-ConsistencyGuid',
    ['Duplicate'],
    (_, other) => {
      other['mS-DS-ConsistencyGuid'] = Buffer.alloc(16, 7);
      return { 'mS-DS-ConsistencyGuid': Buffer.alloc(16, 7) };
    },
  ],
  [
    'identifier of somebody else',
    'person',
    'objectSid',
    ['Duplicate'],
    (_, other) => ({ objectSid: other['objectSid'] as Value }),
  ],
  [
    'target address with a space',
    'contact',
    'targetAddress',
    ['Character', 'Format'],
    () => ({ targetAddress: 'SMTP:a b@fabrikam.com' }),
  ],
  [
    'target address of somebody else',
    'contact',
    'targetAddress',
    ['Duplicate'],
    (_, other) => ({ targetAddress: other['targetAddress'] as Value }),
  ],
];

/** The names of the faults that the generator knows. */
export const FAULT_NAMES: readonly string[] = FAULTS.map(([name]) => name);

/** Faults between entries of two kinds, and the kind of the other one. */
const PARTNERS: ReadonlyMap<string, Kind> = new Map([
  ['address of a group', 'group'],
  ['address of a public folder', 'folder'],
  ['alias that somebody else has', 'person'],
]);

const SHAPES: Readonly<Record<Kind, (n: number, next: Random) => Draft>> = {
  person,
  group,
  contact,
  bare,
  folder,
};

/** How often a clean entry is of a kind: the sum of the shares is one. */
const SHARES: readonly (readonly [Kind, number])[] = [
  ['person', 0.7],
  ['bare', 0.1],
  ['group', 0.09],
  ['contact', 0.08],
  ['folder', 0.03],
];

function cleanKind(next: Random): Kind {
  let at = next();
  for (const [kind, share] of SHARES) {
    if (at < share) return kind;
    at -= share;
  }
  return 'person';
}

/**
 * A directory of clean entries with look-alikes, and with faults in known places.
 * @param faults the most faults of one entry; with more than one, some may hide others, and `planted` says only where.
 */
export function generate(seed: number, size: number, faults = 1): Generated {
  const next = seeded(seed);
  const drafts: Draft[] = [];
  const planted: Planted[] = [];
  while (drafts.length < size) {
    const n = drafts.length + 1;
    if (next() > 0.1) {
      drafts.push(SHAPES[cleanKind(next)](n, next));
      continue;
    }
    const kind = pick(FAULTS, next)[1];
    let draft = SHAPES[kind](n, next);
    for (let left = 1 + Math.floor(next() * faults); left > 0; left -= 1) {
      const ofKind = FAULTS.filter((fault) => fault[1] === kind);
      const [name, , attribute, words, change] = pick(ofKind, next);
      const shape = PARTNERS.get(name) ?? kind;
      const partner = SHAPES[shape](n + left * size, next);
      draft = { ...draft, ...change(draft, partner) } as Draft;
      planted.push({ name, dn: draft.dn, attribute, words });
      if (!words.includes('Duplicate')) continue;
      drafts.push(partner);
      planted.push({ name: `${name} (the other)`, dn: partner.dn, attribute: '*', words });
    }
    drafts.push(draft);
  }
  return { entries: drafts.map(build), planted };
}

/** A directory holds no value twice, nor in two spellings of its letters. */
function asSet(values: readonly Value[]): readonly Value[] {
  const byText = new Map(values.map((value) => [String(value).toLowerCase(), value]));
  return [...byText.values()];
}

export function build({ dn, ...attributes }: Draft): Entry {
  const list = Object.entries(attributes).map(
    ([name, value]) =>
      [name, asSet(Array.isArray(value) ? (value as Value[]) : [value as Value])] as const,
  );
  return createEntry(dn, list);
}

/** Entries in memory as a source that knows its schema: what is absent is absent. */
export function memorySource(entries: readonly Entry[], name = 'memory'): EntrySource {
  return {
    name,
    undelivered: async () => new Map(),
    async *pages() {
      for (let at = 0; at < entries.length; at += 500)
        yield { entries: entries.slice(at, at + 500), gaps: [] };
    },
  };
}
