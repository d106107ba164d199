import { expect, test } from '@jest/globals';
import { growth, NEARLY_SQUARE } from './growth.js';

/** Looks at each of so many numbers, for each of others. */
function look(many: number, others: number): number {
  let sum = 0;
  for (let a = 0; a < many; a += 1) for (let b = 0; b < others; b += 1) sum += a ^ b;
  return sum;
}

test('what grows with the square is told from what grows with the size', async () => {
  expect(await growth(1_500, (size) => look(size, size))).toBeGreaterThan(NEARLY_SQUARE);
  expect(await growth(1_500, (size) => look(size, 1_500))).toBeLessThan(NEARLY_SQUARE);
});
