import { expect, test } from '@jest/globals';
import { settingsFrom } from '../../src/settings/settings.js';
import { scanText } from '../rule-tester.js';

const settings = settingsFrom({ mapSuffix: ['c.local=c.com'] });

/** Seconds to scan and propose for one entry with so many faulty values. */
async function timeOf(count: number): Promise<number> {
  const values = Array.from({ length: count }, (_, n) => `proxyAddresses: smtp:x,${n}@c.local\n`);
  const text = `dn: CN=a,DC=c\nobjectClass: user\nsAMAccountName: a\nuserPrincipalName: a@c.com\nproxyAddresses: SMTP:a@c.com\n${values.join('')}\n`;
  const started = performance.now();
  const { proposals } = await scanText(text, settings);
  expect(proposals).toHaveLength(count);
  return (performance.now() - started) / 1000;
}

test('the work for an entry with k faulty values grows no faster than k log k', async () => {
  await timeOf(500);
  const few = Math.min(await timeOf(1_000), await timeOf(1_000));
  const many = await timeOf(10_000);
  // k log k makes 13 times as much of ten times as many, a square a hundred times.
  console.log(`1,000 values: ${few.toFixed(2)} s, 10,000: ${many.toFixed(2)} s`);
  expect(many / few).toBeLessThan(25);
});
