import { expect, test } from '@jest/globals';
import { readBaseline } from '../../src/export/jsonl/read-baseline.js';
import { readScan } from '../../src/export/jsonl/read-review.js';
import { scanLine, skippedLine, summaryLine } from '../../src/export/jsonl/write.js';
import { scan, settingsFrom } from '../../src/index.js';
import { memorySource } from '../generator.js';

const MB = 2 ** 20;
/** More than V8 takes for one text. */
const SIZE = 600 * MB;

/** A whole report of that size, of people who were skipped, a MB at a time. */
async function* report(look: () => void): AsyncGenerator<Uint8Array> {
  const result = await scan([memorySource([])], { settings: settingsFrom() });
  const entry = { dn: `CN=${'x'.repeat(900)},DC=c`, guid: undefined, kind: 'user' } as const;
  const line = Buffer.from(skippedLine({ entry, reason: 'a system account' }));
  const piece = Buffer.concat(Array.from({ length: Math.ceil(MB / line.length) }, () => line));
  yield Buffer.from(scanLine(result.header));
  for (let sent = 0; sent < SIZE; sent += piece.length) {
    look();
    yield piece;
  }
  yield Buffer.from(summaryLine(result));
}

test.each<[string, (look: () => void) => Promise<unknown>]>([
  ['as a baseline', (look) => readBaseline('large.jsonl', report(look))],
  ['for a review', (look) => readScan('large.jsonl', report(look))],
])('600 MB of JSON lines are read %s, and none of them is kept', async (_, read) => {
  const before = process.memoryUsage().rss;
  let peak = 0;
  await read(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  });
  expect(peak).toBeGreaterThan(0);
  expect((peak - before) / MB).toBeLessThan(400);
});
