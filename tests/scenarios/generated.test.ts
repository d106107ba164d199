import { describe, expect, test } from '@jest/globals';
import { scan, settingsFrom } from '../../src/index.js';
import { FAULT_NAMES, generate, memorySource } from '../generator.js';

const SEEDS = [1, 2, 3, 4, 5];
const SIZE = 3_000;

describe.each(SEEDS)('a directory made from seed %d', (seed) => {
  test('every planted fault is found with a fitting word, and no clean entry has an error or a warning', async () => {
    const { entries, planted } = generate(seed, SIZE);
    const { findings, summary } = await scan([memorySource(entries)], { settings: settingsFrom() });
    expect(summary.rules['rule-failed']).toBeUndefined();
    const missed = planted.filter(
      ({ dn, attribute, words }) =>
        !findings.some(
          (f) =>
            f.entry.dn === dn &&
            (attribute === '*' || f.attribute === attribute) &&
            words.includes(f.error),
        ),
    );
    expect(missed).toEqual([]);
    const faulty = new Set(planted.map(({ dn }) => dn));
    const wrong = findings.filter(
      ({ entry, severity }) => severity !== 'info' && !faulty.has(entry.dn),
    );
    expect(wrong.map((f) => [f.entry.dn, f.rule, f.attribute, f.value])).toEqual([]);
  }, 60_000);
});

test('the seeds together plant every fault', () => {
  const names = new Set(
    SEEDS.flatMap((seed) => generate(seed, SIZE).planted.map(({ name }) => name)),
  );
  expect(FAULT_NAMES.filter((name) => !names.has(name))).toEqual([]);
});
