import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HashSet, hashOf, hashOfBytes, NumbersByHash } from '../../src/tables/hash-table.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

describe('hashOf', () => {
  test('differs for 300,000 texts that are nearly alike, in each half as often as chance has it', () => {
    const texts = Array.from({ length: 300_000 }, (_, at) => `user${at}@contoso.com`);
    const hashes = texts.map((text) => hashOf(text));
    expect(new Set(hashes.map(({ high, low }) => `${high} ${low}`)).size).toBe(texts.length);
    // Of 300,000 random numbers of 32 bits some 10 pairs are equal.
    for (const half of ['high', 'low'] as const)
      expect(new Set(hashes.map((hash) => hash[half])).size).toBeGreaterThan(texts.length - 40);
  });

  test('spreads over the upper bits, which choose the part of a table', () => {
    const counts = new Array<number>(256).fill(0);
    for (let at = 0; at < 256_000; at += 1) {
      const part = hashOf(`CN=User ${at},DC=contoso,DC=com`).high >>> 24;
      counts[part] = (counts[part] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  test('of ASCII bytes is that of their text in lower case, wherever they stand', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(ascii, ascii, fc.integer({ min: 0, max: 9 }), (before, text, seed) => {
        const bytes = Buffer.from(`${before}${text}Z`);
        const to = before.length + text.length;
        expect(hashOfBytes(bytes, before.length, to, seed)).toEqual(
          hashOf(text.toLowerCase(), seed),
        );
      }),
    );
  });

  test('depends on the seed and on every character', () => {
    expect(hashOf('a', 1)).not.toEqual(hashOf('a', 2));
    expect(hashOf('ab')).not.toEqual(hashOf('ba'));
    expect(hashOf('\u0100')).not.toEqual(hashOf('\u0000'));
  });
});

describe('HashSet', () => {
  test('is a set of strings', () => {
    const word = fc.oneof(fc.string({ maxLength: 3 }), fc.string());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 300 }), (words) => {
        const [own, builtIn] = [new HashSet(), new Set<string>()];
        for (const one of words) {
          expect(own.add(hashOf(one))).toBe(!builtIn.has(one));
          builtIn.add(one);
        }
      }),
    );
  });

  test('finds all of 200,000 again after it has grown', () => {
    const set = new HashSet();
    const words = Array.from({ length: 200_000 }, (_, at) => `${at}`);
    expect(words.filter((one) => set.add(hashOf(one)))).toHaveLength(words.length);
    expect(words.filter((one) => set.add(hashOf(one)))).toEqual([]);
  });
});

test('NumbersByHash tells under which hash there is one number, and which numbers meet', () => {
  const numbers = new NumbersByHash();
  const known = new Map<string, Set<number>>();
  const pair = fc.tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
  for (const [text, number] of fc.sample(pair, { numRuns: 20_000, seed: 1 })) {
    const { high, low } = hashOf(text);
    numbers.add(high, low, number);
    known.set(text, (known.get(text) ?? new Set()).add(number));
    const [only = 0, ...others] = known.get(text) ?? [];
    const found = numbers.get({ high, low });
    if (others.length > 0 ? found >= 0 : found !== only) throw new Error(text);
  }
  const meeting = [...known.values()].filter(({ size }) => size > 1);
  expect(new Set(numbers.met())).toEqual(new Set(meeting.flatMap((some) => [...some])));
  expect(numbers.get(hashOf('never added'))).toBe(0);
});
