import { describe, expect, test } from '@jest/globals';
import { scan, settingsFrom } from '../../src/index.js';
import { recordedSource, simulate } from '../../src/scan/simulate.js';
import { generate, memorySource } from '../generator.js';
import { claimedButLeft, spotOf } from '../settled.js';

const SEEDS = [11, 12, 13, 14, 15];
const SETTINGS = {
  'no mapping': settingsFrom(),
  'a mapping': settingsFrom({ mapSuffix: ['contoso.local=contoso.com', 'contoso=contoso.com'] }),
  'the dedicated profile': settingsFrom({ profile: 'dedicated' }),
  'mail as login': settingsFrom({ loginAttribute: 'mail' }),
};

describe.each(Object.entries(SETTINGS))('with %s', (_name, settings) => {
  test.each(SEEDS)(
    'seed %d: a plan settles what it claims, brings nothing new, and leaves nothing to plan',
    async (seed) => {
      const { entries } = generate(seed, 1_000, 3);
      const source = recordedSource(memorySource(entries));
      const first = await scan([source], { settings });
      expect(first.proposals.length).toBeGreaterThan(20);
      const safe = first.proposals.filter(({ safety }) => safety === 'safe');
      for (const proposals of [safe, first.proposals]) {
        const edits = proposals.map(({ edit }) => edit);
        const { result, fresh } = await simulate([source], edits, first, { settings });
        expect(fresh.map((f) => [spotOf(f), f.value, f.message])).toEqual([]);
        expect(claimedButLeft(proposals, first, result)).toEqual([]);
        // What was for review may be safe once another value is what it becomes.
        const done = new Set(first.proposals.map(({ id }) => id));
        const again = result.proposals.filter(
          ({ safety, id }) => !done.has(id) && (proposals === first.proposals || safety === 'safe'),
        );
        expect(
          again.map(({ edit, trail }) => [
            edit.entry.dn,
            edit.attribute,
            edit.before,
            edit.after,
            trail,
          ]),
        ).toEqual([]);
      }
    },
    60_000,
  );
});
