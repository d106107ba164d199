import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scratch } from '../presync.js';

const SIZE = 100_000;
const { path, remove } = scratch();

/** Leaves in a file the most memory that the process ever held (KB), and the most that waited for its reader (bytes). */
const MEASURE = `import { writeFileSync } from 'node:fs';
const { stdout } = process;
const write = stdout.write;
let waiting = 0;
stdout.write = (...args) => {
  const flowing = write.apply(stdout, args);
  waiting = Math.max(waiting, stdout.writableLength);
  return flowing;
};
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(process.env.PEAK_FILE, JSON.stringify({ maxRSS, waiting }));
});
`;
/** Not far from what the scan needs: without it the garbage that happens to be there decides the peak. */
const HEAP_MB = 550;

beforeAll(() => {
  const person = (n: number) =>
    `dn: CN=user${n},DC=contoso,DC=com\nobjectClass: user\ndisplayName: user${n}\nuserPrincipalName: user${n}.@contoso.com\n\n`;
  writeFileSync(path('all.ldif'), Array.from({ length: SIZE }, (_, n) => person(n)).join(''));
  writeFileSync(path('measure.mjs'), MEASURE);
});
afterAll(remove);

/** Scans, with a reader of standard output that takes its time. */
async function scan(name: string, target: string) {
  const node = [`--max-old-space-size=${HEAP_MB}`, '--import', path('measure.mjs')];
  const args = [resolve('dist/cli.js'), 'scan', path('all.ldif'), '--jsonl', target];
  const child = spawn(process.execPath, [...node, ...args], {
    env: { PATH: process.env['PATH'], PEAK_FILE: path(name) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = new Promise((done) => child.once('close', done));
  let bytes = 0;
  for await (const chunk of child.stdout) {
    bytes += (chunk as Buffer).length;
    await setTimeout(2);
  }
  expect(await closed).toBe(1);
  const { maxRSS, waiting } = JSON.parse(readFileSync(path(name), 'utf8'));
  return { peak: Number(maxRSS) / 1024, waiting: Number(waiting), bytes };
}

test('a slow reader of --jsonl - costs no more memory than a file', async () => {
  const file = await scan('file.peak', path('all.jsonl'));
  const pipe = await scan('pipe.peak', '-');
  const size = statSync(path('all.jsonl')).size;
  process.stderr.write(
    `${Math.round(size / 2 ** 20)} MB of findings; peak ${Math.round(file.peak)} MB into a file, ${Math.round(pipe.peak)} MB into a slow pipe, where ${pipe.waiting} bytes waited at most\n`,
  );
  expect(pipe.bytes).toBe(size);
  expect(pipe.waiting).toBeLessThan(2 ** 20);
  expect(pipe.peak / file.peak).toBeLessThan(1.3);
});
