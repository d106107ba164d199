import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import * as targets from '../fuzz/targets.js';

const SEED = 20261128;

test.each<[string, targets.Target, number]>([
  ['answers of a server', targets.ldapAnswers, 60],
  ['exports', targets.exports, 150],
  ['sheets', targets.sheets, 60],
  ['reports', targets.reports, 60],
  ['configurations', targets.configurations, 150],
])(
  'mutated %s: no stack, no silent gap, nothing written that nobody proposed',
  async (_, target, count) => {
    const { refused, incomplete, taken } = await fuzz(target, SEED, count);
    expect(refused + incomplete + taken).toBe(count);
    expect(refused + incomplete).toBeGreaterThan(count / 10);
  },
  120_000,
);
