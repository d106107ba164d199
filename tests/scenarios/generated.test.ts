import { describe, expect, test } from '@jest/globals';
import { scan, settingsFrom } from '../../src/index.js';
import { FAULT_NAMES, generate, memorySource } from '../generator.js';
import { secondForest } from '../second-forest.js';

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

test.each(SEEDS.slice(0, 2))(
  'two forests made from seed %d: the joined are one person, strangers are not, in either order',
  async (seed) => {
    const first = generate(seed, SIZE);
    const second = secondForest(first);
    const sources = [memorySource(first.entries, 'first'), memorySource(second.entries, 'second')];
    const results = [
      await scan(sources, { settings: settingsFrom() }),
      await scan(sources.toReversed(), { settings: settingsFrom() }),
    ];
    const faulty = new Set([...first.planted, ...second.planted].map(({ dn }) => dn));
    for (const { findings, persons } of results) {
      const wrong = findings.filter(
        ({ entry, severity }) => severity !== 'info' && !faulty.has(entry.dn),
      );
      expect(wrong.map((f) => [f.entry.dn, f.rule, f.attribute, f.value])).toEqual([]);
      const found = new Set(findings.map(({ entry, error }) => `${entry.dn} ${error}`));
      const missed = second.planted.filter(({ dn, words }) =>
        words.every((word) => !found.has(`${dn} ${word}`)),
      );
      expect(missed).toEqual([]);
      const others = persons.flatMap((person) => person.others.map(({ dn }) => dn));
      expect(others.sort()).toEqual(second.joined.toSorted());
      expect(others.length).toBeGreaterThan(100);
    }
  },
  60_000,
);

test('the seeds together plant every fault', () => {
  const names = new Set(
    SEEDS.flatMap((seed) => generate(seed, SIZE).planted.map(({ name }) => name)),
  );
  expect(FAULT_NAMES.filter((name) => !names.has(name))).toEqual([]);
});
