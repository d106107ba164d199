import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AttributeNames } from '../../../src/ldap/entry/attribute-names.js';
import { MalformedMessageError, SEQUENCE } from '../../../src/ldap/protocol/ber-reader.js';
import { messageReader, type Response } from '../../../src/ldap/protocol/messages.js';
import type { Entry, Value } from '../../../src/model/entry.js';
import { inWindowsForm, writeElement } from '../../servers/elements.js';
import { type Received, writeEntry, writeReference, writeResult } from '../../servers/messages.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

type Attributes = readonly (readonly [name: string, values: readonly Uint8Array[]])[];

const search = (id: number): Received => ({ id, op: 'search', dn: '', controls: [] });

/** Reads the bytes in pieces of the sizes given, the last of them over and over. */
function readIn(sizes: readonly number[], bytes: Buffer) {
  const entries: (readonly [id: number, entry: Entry])[] = [];
  const answers: (readonly [id: number, answer: Response])[] = [];
  const references: (readonly [id: number, urls: readonly string[]])[] = [];
  let octets = 0;
  const read = messageReader(new AttributeNames(), {
    onEntry: (id, entry, size) => {
      entries.push([id, entry]);
      octets += size;
    },
    onReference: (id, urls, size) => {
      references.push([id, urls]);
      octets += size;
    },
    onResponse: (id, answer) => answers.push([id, answer]),
  });
  let from = 0;
  for (let turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[Math.min(turn, sizes.length - 1)] ?? bytes.length;
    read(bytes.subarray(from, from + size));
    from += size;
  }
  return { entries, answers, references, octets };
}

const octets = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const element = (tag: number, parts: readonly Buffer[]) => writeElement(tag, Buffer.concat(parts));
const text = (words: string) => element(0x04, [Buffer.from(words, 'latin1')]);
const message = (id: number, ...parts: readonly Buffer[]) =>
  element(SEQUENCE, [octets('0201'), Buffer.from([id]), ...parts]);

const bytesOf = (value: Value) => Buffer.from(value as string);
const plain = (entry: Entry) => ({
  dn: entry.dn,
  attributes: entry.attributes.map((name) => [name, entry.values(name).map(bytesOf)]),
});

describe('messageReader', () => {
  const attribute = fc.tuple(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
  );
  const attributes = fc.uniqueArray(attribute, { selector: ([name]) => name, maxLength: 6 });
  const entry = fc.record({
    id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    attributes,
    dn: fc.string({ unit: 'grapheme' }),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });

  /** As most servers write lengths, and as Windows does. */
  const form = fc.constantFrom((message: Buffer) => message, inWindowsForm);

  test('reads entries and what ends them, however they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 5 }),
        sizes,
        form,
        (drawn, cut, as) => {
          const end = as(writeResult(search(7), 0, 'done', 'cookie'));
          const written = drawn.map(({ id, dn, attributes: all }) =>
            as(
              writeEntry(
                search(id),
                dn,
                all.map(([name, values]) => [name, values.map((v) => Buffer.from(v))] as const),
              ),
            ),
          );
          const { entries, answers, octets } = readIn(cut, Buffer.concat([...written, end, end]));
          expect(entries.map(([id]) => id)).toEqual(drawn.map(({ id }) => id));
          expect(entries.map(([, one]) => plain(one))).toEqual(
            drawn.map(({ dn, attributes: all }) => ({
              dn,
              attributes: all.map(([name, values]) => [name, values.map((v) => Buffer.from(v))]),
            })),
          );
          const page = done(0, { errorMessage: 'done', cookie: Buffer.from('cookie') });
          expect(answers).toEqual([
            [7, page],
            [7, page],
          ]);
          expect(octets).toBe(Buffer.concat(written).length);
        },
      ),
    );
  });

  const done = (status: number, more: Partial<Response> = {}) => ({
    ...{ status, matchedDN: '', errorMessage: '', operation: 'search', cookie: undefined },
    ...more,
  });

  test('every answer is decoded, in whatever form it comes and however it arrives', () => {
    const modify: Received = { id: 70_000, op: 'modify', dn: '', controls: [] };
    const other = (name: string, ...parts: Buffer[]) => element(SEQUENCE, [text(name), ...parts]);
    const controls = element(0xa0, [
      other('1.3'),
      other('1.4', octets('0101ff'), octets('0401ff')),
      other('1.2.840.113556.1.4.319', text(octets('3006 020100 040141').toString('latin1'))),
    ]);
    const success = octets('0a0100 0400 0400');
    const messages: readonly (readonly [message: Buffer, read: object])[] = [
      [writeResult(modify, 0), done(0, { operation: 'modify' })],
      [
        writeResult(search(300), 32, 'weg – für immer'),
        done(32, { errorMessage: 'weg – für immer' }),
      ],
      [writeResult(search(7), 0, '', ''), done(0, { cookie: Buffer.alloc(0) })],
      // A referral (RFC 4511 4.1.10).
      [
        message(9, element(0x65, [octets('0a010a 0400 0400'), element(0xa3, [text('ldap://b')])])),
        done(10, { referrals: ['ldap://b'] }),
      ],
      // serverSaslCreds (RFC 4511 4.2.2).
      [message(8, element(0x61, [success, octets('8701ff')])), done(0, { operation: 'bind' })],
      // The name and value of an extended answer (RFC 4511 4.12), and something that no RFC knows.
      [
        message(5, element(0x78, [success, octets('8a03312e32 8b0141 8c0100')])),
        done(0, { operation: 'extended' }),
      ],
      // Controls without a value, without the criticality, and with both.
      [message(6, element(0x65, [success]), controls), done(0, { cookie: Buffer.from('A') })],
    ];
    for (const as of [(one: Buffer) => one, inWindowsForm]) {
      for (const size of [1, 3, 1000]) {
        const { answers } = readIn([size], Buffer.concat(messages.map(([one]) => as(one))));
        expect(answers.map(([id]) => id)).toEqual([70_000, 300, 7, 9, 8, 5, 6]);
        expect(answers.map(([, one]) => one)).toEqual(messages.map(([, read]) => read));
      }
    }
  });

  test('references are told with their number', () => {
    const all = [
      writeReference(search(4), 'ldap://b/DC=b'),
      writeReference(search(500), 'ldap://c'),
    ];
    for (const as of [(one: Buffer) => one, inWindowsForm]) {
      expect(readIn([7], Buffer.concat(all.map(as))).references).toEqual([
        [4, ['ldap://b/DC=b']],
        [500, ['ldap://c']],
      ]);
    }
  });

  const one = (all: Attributes) => readIn([64], writeEntry(search(1), 'CN=a', all)).entries[0]?.[1];

  test('text is text, bytes are bytes, by their attribute or where they are no UTF-8', () => {
    const read = one([
      ['displayName', [Buffer.from('Zoë 山田 😀'), Buffer.from('\ufeffmark')]],
      ['mail', [Buffer.from([0xff, 0xfe])]],
      ['objectSid', [Buffer.from('abc')]],
      ['userCertificate;binary', [Buffer.from('abc')]],
      ['thumbnailPhoto;range=0-1', [Buffer.from('abc')]],
    ]);
    expect(read?.values('displayName')).toEqual(['Zoë 山田 😀', '\ufeffmark']);
    expect(read?.values('mail')).toEqual([Buffer.from([0xff, 0xfe])]);
    for (const name of ['objectSid', 'userCertificate;binary', 'thumbnailPhoto;range=0-1'])
      expect(read?.values(name)).toEqual([Buffer.from('abc')]);
  });

  test('a value that is kept does not keep what arrived with it', () => {
    const read = one([
      ['objectSid', [Buffer.alloc(28)]],
      ['info', [Buffer.alloc(1 << 20, 97)]],
    ]);
    const [value] = read?.values('objectSid') ?? [];
    expect((value as Uint8Array).buffer.byteLength).toBeLessThan(1 << 16);
  });

  test('a cookie that is kept does not keep the page that came with it', () => {
    const page = writeEntry(search(1), 'CN=a', [['info', [Buffer.alloc(1 << 20, 97)]]]);
    const end = writeResult(search(1), 0, '', 'cookie');
    const { answers } = readIn([1 << 21], Buffer.concat([page, end]));
    const cookie = answers[0]?.[1].cookie;
    expect(cookie?.toString()).toBe('cookie');
    expect(cookie?.buffer.byteLength).toBeLessThan(1 << 16);
  });

  test('an entry of 5 MB in one value, and one of 100,000 values', () => {
    const large = one([['info', [Buffer.alloc(5 << 20, 97)]]]);
    expect(String(large?.values('info')[0])).toHaveLength(5 << 20);
    const many = Array.from({ length: 100_000 }, (_, at) => Buffer.from(`CN=${at}`));
    expect(one([['member', many]])?.values('member')).toHaveLength(100_000);
  });

  test.each([
    ['HTTP', '485454502f312e31'],
    ['one wrong octet', '00'],
    ['an indefinite length', '3080020101000000'],
    ['a length of five octets', '30850000000001ff'],
    ['a length of a gigabyte and more', '30847fffffff0201'],
    ['a number of a message that is no number', '3005040101 6400'],
    ['a number without an octet', '300b0200 6707 0a0100 0400 0400'],
    ['a number of five octets', '3010020500000000ff 6707 0a0100 0400 0400'],
    ['a request', '300c020101 4200 00000000000000'],
    ['an intermediate response, for nobody asks for one', '300a020101 7905 8003312e32'],
    ['an entry that is longer than its message', '300702010164010400'],
    ['an entry that is shorter than what is in it', '3009020101 6402 0400 3000'],
    ['an entry with something behind it', '300b020101 6404 0400 3000 0400'],
    [
      'an attribute with something behind its values',
      '3016020101 6411 0400 300d 300b 040161 3103 040162 0101ff',
    ],
    ['a reference to nowhere', '3007020101 7302 3000'],
    ['a reference without a URL', '3005020101 7300'],
    ['an answer whose words are longer than it', '300c020101 6707 0a0100 0400 0401'],
    ['an answer without a result code', '3008020101 6703 020100'],
    ['an answer with something cut off behind it', '300e020101 6709 0a0100 0400 0400 8b05'],
    ['controls that are longer than the message', '300e020101 6507 0a0100 0400 0400 a005'],
    ['controls with something behind them', '3010020101 6507 0a0100 0400 0400 a000 0400'],
    [
      'a control with something behind its value',
      '301a020101 6507 0a0100 0400 0400 a00c 300a 040161 0400 3003 040161',
    ],
    ['controls that are none', '3012020101 6507 0a0100 0400 0400 a004 0402 3000'],
  ])('%s is no message', (_, hex) => {
    expect(() => readIn([1000], octets(hex))).toThrow(new MalformedMessageError());
  });

  test.each([
    ['no sequence', '0400'],
    ['a cookie that is longer than it', '3006 020100 040541'],
    ['no cookie', '3003 020100'],
    ['something behind it', '3005 020100 0400 00'],
    ['a cookie that is shorter than what is there', '3006 020100 040041'],
  ])('a paging control of %s is none', (_, hex) => {
    const control = [text('1.2.840.113556.1.4.319'), element(0x04, [octets(hex)])];
    const controls = element(0xa0, [element(SEQUENCE, control)]);
    const end = message(1, element(0x65, [octets('0a0100 0400 0400')]), controls);
    expect(() => readIn([1000], end)).toThrow(MalformedMessageError);
  });

  test('what a server can make it hold is limited: long messages, many values, names without end', () => {
    const announced = octets('30 84 12c00000 020101 64 84 12bffff7 04');
    expect(() => readIn([1000], announced)).toThrow('300 MiB, more than the 64 MiB');
    const least = octets('30 84 04000001 020101 64 84 03fffff8 04');
    expect(() => readIn([1000], least)).toThrow('65 MiB, more than the 64 MiB');
    const most = octets('30 84 04000000 020101 64 84 03fffff7 04');
    expect(readIn([1000], most)).toMatchObject({ entries: [], answers: [] });
    const values = element(0x31, [Buffer.alloc((2 ** 20 + 1) * 2, octets('0400'))]);
    const list = element(SEQUENCE, [element(SEQUENCE, [text('a'), values])]);
    expect(() => readIn([2 ** 16], message(1, element(0x64, [text(''), list])))).toThrow('values');
    const invented = Array.from({ length: 20_000 }, (_, at) =>
      writeEntry(search(1), 'CN=a', [[`invented${at}`, [Buffer.from('x')]]]),
    );
    expect(() => readIn([1000], Buffer.concat(invented.slice(0, 5000)))).not.toThrow();
    expect(() => readIn([1000], Buffer.concat(invented))).toThrow('names of attributes');
  });
});
