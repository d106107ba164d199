import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import { TARGETS } from '../fuzz/targets.js';

/** The same inputs each time, others with PRESYNC_SEED. */
const SEED = Number(process.env['PRESYNC_SEED'] ?? 5);
/** How many times as many as in a small run. */
const TIMES = 10 * Number(process.env['PRESYNC_FUZZ'] ?? 1);

test.each(TARGETS)(
  `mutated $name (PRESYNC_SEED=${SEED})`,
  async ({ name, target, few, atOnce }) => {
    const count = few * TIMES;
    const begun = performance.now();
    const fates = await fuzz(target, SEED, count, atOnce);
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`FUZZ: ${name}: ${count} in ${seconds} s: ${JSON.stringify(fates)}\n`);
    expect(fates.taken).toBeLessThan(count);
  },
  36_000_000,
);
