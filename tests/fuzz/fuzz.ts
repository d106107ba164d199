import { expect } from '@jest/globals';
import { randomFrom } from './mutate.js';
import type { Fate, Target } from './targets.js';

/** Feeds so many mutated inputs, and says how many of them were told of; a failure names the seed of its input. */
export async function fuzz(
  target: Target,
  seed: number,
  count: number,
): Promise<Readonly<Record<Fate, number>>> {
  const fates = { refused: 0, incomplete: 0, taken: 0 };
  const faults: string[] = [];
  for (let at = 0; at < count; at += 1) {
    try {
      fates[await target(randomFrom(seed * 1_000_003 + at))] += 1;
    } catch (error) {
      faults.push(`seed ${seed}, input ${at}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  expect(faults.slice(0, 3)).toEqual([]);
  return fates;
}
