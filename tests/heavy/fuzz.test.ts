import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import * as targets from '../fuzz/targets.js';

/** The same inputs each time, others with PRESYNC_SEED. */
const SEED = Number(process.env['PRESYNC_SEED'] ?? 5);
const TIMES = Number(process.env['PRESYNC_FUZZ'] ?? 1);

test.each<[string, targets.Target, number]>([
  ['answers of a server', targets.ldapAnswers, 600],
  ['exports', targets.exports, 2_000],
  ['sheets', targets.sheets, 600],
  ['reports', targets.reports, 600],
  ['configurations', targets.configurations, 2_000],
])(
  `mutated %s (PRESYNC_SEED=${SEED})`,
  async (name, target, count) => {
    const fates = await fuzz(target, SEED, count * TIMES);
    console.log(`${name}: ${JSON.stringify(fates)}`);
    expect(fates.taken).toBeLessThan(count * TIMES);
  },
  3_600_000,
);
