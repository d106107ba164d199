import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scratch } from '../presync.js';

const SIZE = 100_000;
const { path, remove } = scratch();

/** Leaves the most memory that the process ever held, in KB, in a file. */
const MEASURE = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));
`;

beforeAll(() => {
  const person = (n: number) =>
    `dn: CN=user${n},DC=contoso,DC=com\nobjectClass: user\ndisplayName: user${n}\nuserPrincipalName: user${n}.@contoso.com\n\n`;
  writeFileSync(path('all.ldif'), Array.from({ length: SIZE }, (_, n) => person(n)).join(''));
  writeFileSync(path('measure.mjs'), MEASURE);
});
afterAll(remove);

/** Scans, with a reader of standard output that takes its time; gives the peak in MB and the bytes that were read. */
async function scan(name: string, target: string): Promise<{ peak: number; bytes: number }> {
  const args = ['--import', path('measure.mjs'), resolve('dist/cli.js')];
  const child = spawn(process.execPath, [...args, 'scan', path('all.ldif'), '--jsonl', target], {
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
  return { peak: Number(readFileSync(path(name), 'utf8')) / 1024, bytes };
}

test('a slow reader of --jsonl - costs no more memory than a file', async () => {
  const file = await scan('file.peak', path('all.jsonl'));
  const pipe = await scan('pipe.peak', '-');
  const size = statSync(path('all.jsonl')).size;
  process.stderr.write(
    `${Math.round(size / 2 ** 20)} MB of findings; peak ${Math.round(file.peak)} MB into a file, ${Math.round(pipe.peak)} MB into a slow pipe\n`,
  );
  expect(pipe.bytes).toBe(size);
  expect(pipe.peak / file.peak).toBeLessThan(1.3);
});
