import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import { TARGETS } from '../fuzz/targets.js';

const SEED = 20261128;

test.each(TARGETS)(
  'mutated $name: no stack, no silent gap, nothing written that nobody proposed',
  async ({ target, few, atOnce }) => {
    const { refused, told, taken } = await fuzz(target, SEED, few, atOnce);
    expect(refused + told + taken).toBe(few);
    expect(refused + told).toBeGreaterThan(few / 10);
  },
  120_000,
);
