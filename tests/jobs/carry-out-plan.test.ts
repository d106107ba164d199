import { expect, test } from '@jest/globals';
import { excessOf } from '../../src/jobs/carry-out-plan.js';
import { parseCap } from '../../src/jobs/change-cap.js';

test('a run that changes nothing asks nobody how much it may change', async () => {
  const target = { count: () => Promise.reject(new Error('asked')) };
  const cap = parseCap('10%');
  expect(await excessOf(cap, 0, target)).toBeUndefined();
  await expect(excessOf(cap, 1, target)).rejects.toThrow('asked');
});
