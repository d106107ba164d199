import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runFixture } from '../rule-tester.js';

/** Situations that public reports and first days of use brought to light, one file a case, written as rule fixtures. */
const FOLDER = 'fixtures/field-cases';

describe.each(readdirSync(FOLDER))('%s', (file) => {
  test('finds and proposes what its comments say, and nothing else', async () => {
    const { expected, found, result } = await runFixture(`${FOLDER}/${file}`);
    expect(found).toEqual(expected);
    expect(result.summary.complete).toBe(true);
    expect(result.summary.rules['rule-failed']).toBeUndefined();
  });
});
