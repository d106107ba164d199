import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedMessageError, messageReader } from '../../../src/ldap/protocol/messages.js';
import type { Answer } from '../../../src/ldap/protocol/result-codes.js';
import type { Entry, Value } from '../../../src/model/entry.js';
import { type Received, writeEntry, writeResult } from '../../servers/messages.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

type Attributes = readonly (readonly [name: string, values: readonly Uint8Array[]])[];

const search = (id: number): Received => ({ id, op: 'search', dn: '', controls: [] });

/** Reads the bytes in pieces of the sizes given, the last of them over and over. */
function readIn(sizes: readonly number[], bytes: Buffer) {
  const entries: (readonly [id: number, entry: Entry])[] = [];
  const answers: (readonly [id: number, answer: Answer])[] = [];
  const others: Buffer[] = [];
  const read = messageReader({
    onEntry: (id, entry) => entries.push([id, entry]),
    onAnswer: (id, answer) => answers.push([id, answer]),
    onOther: (message) => others.push(message),
  });
  let from = 0;
  for (let turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[Math.min(turn, sizes.length - 1)] ?? bytes.length;
    read(bytes.subarray(from, from + size));
    from += size;
  }
  return { entries, answers, others };
}

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

  test('reads entries and cuts other messages off, however they arrive', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), sizes, (drawn, cut) => {
        const end = writeResult(search(7), 0, 'done', 'cookie');
        const written = drawn.map(({ id, dn, attributes: all }) =>
          writeEntry(
            search(id),
            dn,
            all.map(([name, values]) => [name, values.map((v) => Buffer.from(v))] as const),
          ),
        );
        const { entries, others } = readIn(cut, Buffer.concat([...written, end, end]));
        expect(entries.map(([id]) => id)).toEqual(drawn.map(({ id }) => id));
        expect(entries.map(([, one]) => plain(one))).toEqual(
          drawn.map(({ dn, attributes: all }) => ({
            dn,
            attributes: all.map(([name, values]) => [name, values.map((v) => Buffer.from(v))]),
          })),
        );
        expect(others).toEqual([end, end]);
      }),
    );
  });

  test('a plain answer is decoded, however it arrives; one with a referral or a control is left whole', () => {
    const modify: Received = { id: 70_000, op: 'modify', dn: '', controls: [] };
    const plainAnswers = [writeResult(modify, 0), writeResult(search(300), 32, 'weg – für immer')];
    const paged = writeResult(search(7), 0, '', 'cookie');
    // SearchResultDone 65 { 0a 0a, 04, 04, a3 { 04 "ldap://b" } } (RFC 4511 4.1.10).
    const referral = Buffer.from(
      '3018020109 6513 0a010a 0400 0400 a30a 0408 6c6461703a2f2f62'.replaceAll(' ', ''),
      'hex',
    );
    const bound = writeResult({ ...search(8), op: 'bind' }, 0);
    for (const size of [1, 3, 1000]) {
      const read = readIn([size], Buffer.concat([...plainAnswers, paged, referral, bound]));
      expect(read.answers).toEqual([
        [70_000, { status: 0, matchedDN: '', errorMessage: '' }],
        [300, { status: 32, matchedDN: '', errorMessage: 'weg – für immer' }],
      ]);
      expect(read.others).toEqual([paged, referral, bound]);
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
    ['an entry that is longer than its message', '300702010164010400'],
    ['an answer whose words are longer than it', '300c020101 6707 0a0100 0400 0401'],
    ['an answer without a result code', '3008020101 6703 020100'],
  ])('%s is no message', (_, hex) => {
    expect(() => readIn([1000], Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(
      MalformedMessageError,
    );
  });
});
