import { expect, test } from '@jest/globals';
import { FirstNumbers } from '../../src/tables/first-numbers.js';
import { hashOf } from '../../src/tables/hash-table.js';

test('the first number under each of many hashes is kept, whatever comes later', () => {
  const numbers = new FirstNumbers();
  const all = Array.from({ length: 100_000 }, (_, n) => n);
  const numberOf = (n: number) => n * 31 - all.length;
  const told = all.filter((n) => numbers.earlier(hashOf(String(n)), numberOf(n)) !== undefined);
  expect(told).toEqual([]);
  const wrong = all.filter((n) => numbers.earlier(hashOf(String(n)), 7) !== numberOf(n));
  expect(wrong).toEqual([]);
});

test('hashes that differ in one half are others, also 0 and below', () => {
  const numbers = new FirstNumbers();
  const hashes = [
    { high: 0, low: 0 },
    { high: 0, low: 1 },
    { high: 1, low: 0 },
    { high: -1, low: 0 },
    { high: 0, low: -1 },
  ];
  for (const [at, hash] of hashes.entries()) expect(numbers.earlier(hash, at - 2)).toBeUndefined();
  for (const [at, hash] of hashes.entries()) expect(numbers.earlier(hash, 9)).toBe(at - 2);
});
