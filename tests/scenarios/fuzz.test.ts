import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import { TARGETS } from '../fuzz/targets.js';

const SEED = 20261128;
const COUNT = 60;

test.each(TARGETS)(
  'mutated $name: no stack, no silent gap, nothing written that nobody proposed',
  async ({ target, atOnce }) => {
    const { refused, told, taken } = await fuzz(target, SEED, COUNT, atOnce);
    expect(refused + told + taken).toBe(COUNT);
    expect(refused + told).toBeGreaterThan(COUNT / 10);
  },
  120_000,
);
