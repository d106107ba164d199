import { expect, test } from '@jest/globals';
import { fuzz } from '../fuzz/fuzz.js';
import { TARGETS } from '../fuzz/targets.js';

/** The same inputs each time, others with PRESYNC_SEED. */
const SEED = Number(process.env['PRESYNC_SEED'] ?? 5);
/** Inputs for each target. */
const COUNT = 600 * Number(process.env['PRESYNC_FUZZ'] ?? 1);

test.each(TARGETS)(
  `mutated $name (PRESYNC_SEED=${SEED})`,
  async ({ name, target, atOnce }) => {
    const begun = performance.now();
    const fates = await fuzz(target, SEED, COUNT, atOnce);
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`FUZZ: ${name}: ${COUNT} in ${seconds} s: ${JSON.stringify(fates)}\n`);
    expect(fates.taken).toBeLessThan(COUNT);
  },
  36_000_000,
);
