import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { randomFrom } from './mutate.js';
import { FATES, type Fate, type Target } from './target.js';

/** Milliseconds after which an input counts as one that hangs. */
const PATIENCE_MS = 60_000;

/**
 * Feeds so many mutated inputs, and says how many of them were told of; a failure names the seed of its input.
 * @param atOnce inputs under way at the same time, where most of the time is waiting.
 */
export async function fuzz(
  target: Target,
  seed: number,
  count: number,
  atOnce = 1,
): Promise<Readonly<Record<Fate, number>>> {
  const fates: Record<Fate, number> = { refused: 0, told: 0, taken: 0 };
  const faults: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count && faults.length < 3) {
      const at = next++;
      try {
        fates[await inTime(target(randomFrom(seed * 1_000_003 + at)))] += 1;
      } catch (error) {
        faults.push(`seed ${seed}, input ${at}: ${error instanceof Error ? error.stack : error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  expect(faults).toEqual([]);
  return fates;
}

async function inTime(fate: Promise<Fate>): Promise<Fate> {
  const end = new AbortController();
  const late = setTimeout(PATIENCE_MS, undefined, { signal: end.signal }).then(
    () => Promise.reject(new Error(`no end within ${PATIENCE_MS} ms`)),
    () => FATES[0],
  );
  return Promise.race([fate, late]).finally(() => end.abort());
}
