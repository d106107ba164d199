import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Encoding, EncodingProof } from '../../../src/export/sheet/encoding.js';
import { LineReader, openText, readFile } from '../../../src/export/sheet/read-lines.js';
import { readRows, readSheet } from '../../../src/export/sheet/read-sheet.js';
import { resultSheet } from '../../../src/export/sheet/result-sheet.js';
import { codePage } from '../../code-page.js';

const HEADERS = [
  'DISTINGUISHEDNAME,ATTRIBUTE,VALUE,UPDATE,ACTION',
  'sep=;\r\nATTRIBUTE;DISTINGUISHEDNAME;VALUE;UPDATE;ACTION;NOTE',
  '"sep=|"\r\rOBJECTGUID|ATTRIBUTE|VALUE|ACTION',
  '\r\n \nACTION\tVALUE\tDISTINGUISHEDNAME\tATTRIBUTE\tUPDATE',
  // The columns of IdFix, whose lines may be broken.
  'DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION',
  '',
] as const;

const ENCODE: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 LE without a mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 BE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'Windows-1252': (text) => Buffer.from(`${text}\xe9`, 'latin1'),
  'Windows-1250': (text) =>
    Buffer.from(codePage('windows-1250').encode(text.replace(/[^\0-~]/g, 'ő'))),
};

const token = fc.constantFrom(
  ...['"', '""', '"a"', 'a', 'ö', '😀', '€', ' ', ',', ';', '\t', '|', '\r', '\n', '\r\n'],
  ...['CN=A,DC=c', 'mail', 'EDIT', "'=1", '\0', '\u2028', '"b\r\nc",', '",\n"', 'x'.repeat(40)],
);

/** A line that is a row in one of the files. */
const row = fc
  .record({
    separator: fc.constantFrom(',', ';', '|', '\t'),
    cells: fc.constantFrom(
      ['CN=A', 'mail', 'ä', 'b', 'EDIT', ''],
      ['mail', 'CN=A', '"a ""b"""', 'c', 'REMOVE', 'x'],
      ['REMOVE', 'a', 'CN=B', 'mail', '"x\ny"'],
      ['CN=A', 'A', 'user', 'mail', 'Format', '"a, "b""', 'c', 'EDIT', 'EDIT'],
    ),
    length: fc.constantFrom(5, 5, 6, 9),
    end: fc.constantFrom('\r\n', '\n', '\r'),
  })
  .map(({ separator, cells, length, end }) => cells.slice(0, length).join(separator) + end);

/** A file as a spreadsheet, a hand or a line may have left it. */
const file = fc
  .record({
    encode: fc.constantFrom(...Object.values(ENCODE)),
    header: fc.constantFrom(...HEADERS),
    end: fc.constantFrom('\r\n', '\n', '\r'),
    tokens: fc.array(fc.oneof(token, row, row), { maxLength: 30 }),
    missing: fc.nat(3),
  })
  .map(({ encode, header, end, tokens, missing }) => {
    const bytes = encode(header + end + tokens.join(''));
    return bytes.subarray(0, Math.max(0, bytes.length - missing));
  });

function encodingOf(pieces: readonly Uint8Array[]): Encoding {
  const proof = new EncodingProof();
  for (const piece of pieces) proof.see(piece);
  return proof.encoding;
}

function piecesOf(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

const outcome = async (act: () => unknown) => {
  try {
    return await act();
  } catch (error) {
    return String(error);
  }
};

test('the rows of a file are the same wherever it is cut on its way', () => {
  let rows = 0;
  fc.assert(
    fc.property(
      file,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 64 }),
      (bytes, size, window) => {
        const whole = readFile(bytes);
        const pieces = piecesOf(bytes, size);
        const reader = new LineReader(encodingOf(pieces), window);
        const lines = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
        expect([lines, reader.dialect]).toEqual([whole.lines, whole.dialect]);
        rows += lines.length;
      },
    ),
    { numRuns: 600, seed: 23 },
  );
  expect(rows).toBeGreaterThan(3000);
});

test('what is read and written piece by piece is to the byte what it is in one', async () => {
  const results = new Map(
    Array.from({ length: 40 }, (_, row) => [
      row,
      { action: 'FAIL', words: `refusé ${row}` } as const,
    ]),
  );
  let read = 0;
  await fc.assert(
    fc.asyncProperty(file, fc.integer({ min: 1, max: 9 }), async (bytes, size) => {
      const open = (pieces: readonly Uint8Array[]) =>
        openText(async function* () {
          yield* pieces;
        });
      const both = [await open([bytes]), await open(piecesOf(bytes, size))];
      const told = both.map((sheet) =>
        outcome(async () => {
          const written: Uint8Array[] = [];
          const { text, encode } = resultSheet(sheet, results);
          for await (const piece of text()) written.push(encode(piece));
          return Buffer.concat(written).toString('latin1');
        }),
      );
      expect(await told[1]).toEqual(await told[0]);
      const streamed = both.map((sheet) =>
        outcome(async () => {
          const found = {
            rows: [] as unknown[],
            refused: [] as unknown[],
            doubted: [] as unknown[],
          };
          for await (const lines of readRows(sheet))
            for (const { row, read, reason } of lines) {
              if (reason !== undefined) found.refused.push({ row, reason });
              if (read) (reason === undefined ? found.rows : found.doubted).push(read);
            }
          read += found.rows.length;
          return found;
        }),
      );
      const whole = await outcome(() => readSheet(bytes));
      expect(await Promise.all(streamed)).toEqual([whole, whole]);
    }),
    { numRuns: 150, seed: 23 },
  );
  expect(read).toBeGreaterThan(20);
});

test('a row without end is refused by its number once it is longer than any that is whole', () => {
  const reader = new LineReader('utf-8');
  const part = Buffer.alloc(2 ** 20, 'x');
  reader.push(Buffer.from('DISTINGUISHEDNAME,ATTRIBUTE,VALUE,ACTION\nCN=A,mail,'));
  expect(() => {
    for (let sent = 0; sent < 200; sent += 1) reader.push(part);
  }).toThrow('Row 2 of the sheet does not end within 40 MB');
});
