import { describe, expect, test } from '@jest/globals';
import { AttributeNames } from '../../../src/ldap/entry/attribute-names.js';
import { MalformedMessageError } from '../../../src/ldap/protocol/ber-reader.js';
import { messageReader } from '../../../src/ldap/protocol/messages.js';
import { inWindowsForm } from '../../servers/elements.js';

/**
 * Messages as a domain controller puts them on the wire, octet by octet (RFC 4511 5.1, X.690 8.1.3.5): whatever holds
 * other elements has its length in four octets, `84 00 00 00 07`, and whatever is a value has it in as few as may be.
 */
const BIND = '30 84 00000010 020101 61 84 00000007 0a0100 0400 0400';

/** What Active Directory says to a wrong password: 80090308, data 52e. */
const REFUSAL = '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e';
const REFUSED = `30 84 00000060 020101 61 84 00000057 0a0131 0400 0450 ${hexOf(REFUSAL)}`;

/** Of userPrincipalName one value, of member the first two of more, of mail none. */
const ENTRY = [
  '30 84 00000090 020102 64 84 00000087',
  ` 0418 ${hexOf('CN=A,DC=contoso,DC=local')}`,
  ' 30 84 00000067',
  `  30 84 00000028 0411 ${hexOf('userPrincipalName')} 31 84 0000000f 040d ${hexOf('a@contoso.com')}`,
  `  30 84 00000021 0410 ${hexOf('member;range=0-1')} 31 84 00000009 0401 62 0404 ${hexOf('CN=c')}`,
  `  30 84 0000000c 0404 ${hexOf('mail')} 31 84 00000000`,
].join('');

const REFERENCE = `30 84 00000026 020102 73 84 0000001d 041b ${hexOf('ldap://b.contoso.com/DC=b,x')}`;

/** The end of a page: one control of one value, which holds elements itself, `41` is the cookie. */
const PAGE = [
  '30 84 00000042 020102 65 84 00000007 0a0100 0400 0400',
  ' a0 84 0000002c',
  `  30 84 00000026 0416 ${hexOf('1.2.840.113556.1.4.319')} 040c 30 84 00000006 020100 040141`,
].join('');
const LAST_PAGE = [
  '30 84 00000041 020102 65 84 00000007 0a0100 0400 0400',
  ' a0 84 0000002b',
  `  30 84 00000025 0416 ${hexOf('1.2.840.113556.1.4.319')} 040b 30 84 00000005 020100 0400`,
].join('');

/** Where another server has what was asked for: 0000202B, referral (10). */
const REFERRAL = [
  '30 84 0000002d 020103 65 84 00000024 0a010a 0400 0400',
  ` a3 84 00000017 0415 ${hexOf('ldap://b.contoso.com/')}`,
].join('');

const MODIFIED = '30 84 00000010 020104 67 84 00000007 0a0100 0400 0400';

/** The answer to StartTLS, with its name (RFC 4511 4.14.2). */
const TLS = `30 84 00000028 020101 78 84 0000001f 0a0100 0400 0400 8a16 ${hexOf('1.3.6.1.4.1.1466.20037')}`;
/** A notice of disconnection: number 0, unavailable (52) (RFC 4511 4.4.1). */
const NOTICE = `30 84 00000028 020100 78 84 0000001f 0a0134 0400 0400 8a16 ${hexOf('1.3.6.1.4.1.1466.20036')}`;

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

const octets = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** What is read of octets that come in pieces of a size. */
function readIn(size: number, bytes: Buffer): readonly object[] {
  const told: object[] = [];
  const read = messageReader(new AttributeNames(), {
    onEntry: (id, entry, length) => {
      const values = entry.attributes.map((name) => [name, ...entry.values(name)]);
      told.push({ id, dn: entry.dn, values, length });
    },
    onReference: (id, urls, length) => told.push({ id, urls, length }),
    onResponse: (id, response) => told.push({ id, ...response }),
  });
  for (let from = 0; from < bytes.length; from += size) read(bytes.subarray(from, from + size));
  return told;
}

const done = (id: number, operation: string, more: object = {}) => ({
  ...{ id, operation, status: 0, matchedDN: '', errorMessage: '', cookie: undefined },
  ...more,
});

const FRAMES: readonly (readonly [name: string, hex: string, read: object])[] = [
  ['a logon', BIND, done(1, 'bind')],
  ['a logon that is refused', REFUSED, done(1, 'bind', { status: 49, errorMessage: REFUSAL })],
  [
    'an entry, and a range of its values',
    ENTRY,
    {
      ...{ id: 2, dn: 'CN=A,DC=contoso,DC=local', length: 150 },
      values: [
        ['userPrincipalName', 'a@contoso.com'],
        ['member;range=0-1', 'b', 'CN=c'],
      ],
    },
  ],
  ['a reference', REFERENCE, { id: 2, urls: ['ldap://b.contoso.com/DC=b,x'], length: 44 }],
  ['a page with another one behind it', PAGE, done(2, 'search', { cookie: Buffer.from('A') })],
  ['the last page', LAST_PAGE, done(2, 'search', { cookie: Buffer.alloc(0) })],
  ['a referral', REFERRAL, done(3, 'search', { status: 10, referrals: ['ldap://b.contoso.com/'] })],
  ['a change', MODIFIED, done(4, 'modify')],
  ['the answer to StartTLS', TLS, done(1, 'extended')],
  ['a notice of disconnection', NOTICE, done(0, 'extended', { status: 52 })],
];

describe('messages as a domain controller writes them', () => {
  test.each(FRAMES)('%s is read in pieces of every size', (_, hex, read) => {
    const bytes = octets(hex);
    for (let size = 1; size <= bytes.length; size += 1)
      expect([size, ...readIn(size, bytes)]).toEqual([size, read]);
  });

  test('one behind the other, in pieces of every size', () => {
    const bytes = octets(FRAMES.map(([, hex]) => hex).join(''));
    const all = FRAMES.map(([, , read]) => read);
    for (let size = 1; size <= bytes.length; size += 1)
      expect([size, ...readIn(size, bytes)]).toEqual([size, ...all]);
  });

  test('what the servers of the tests write is of the same form', () => {
    for (const [, hex] of FRAMES) {
      const bytes = octets(hex);
      expect(inWindowsForm(bytes).toString('hex')).toBe(bytes.toString('hex'));
    }
  });

  test.each(FRAMES)('%s: one octet fewer or more in a length is no message', (_, hex) => {
    const bytes = octets(hex);
    const places = [...bytes.keys()].filter((at) => bytes[at] === 0x84);
    expect(places.length).toBeGreaterThanOrEqual(2);
    // The length of the message itself says where the next one begins.
    for (const at of places.slice(1))
      for (const by of [-1, 1]) {
        const wrong = Buffer.from(bytes);
        wrong.writeUInt32BE((wrong.readUInt32BE(at + 1) + by) >>> 0, at + 1);
        expect(() => readIn(bytes.length, wrong)).toThrow(MalformedMessageError);
      }
  });
});
