import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

/** Runs a command on a pseudo terminal (util-linux has the program) and types the answer once it is asked. */
function onTerminal(args: readonly string[], question?: string, answer = '') {
  const words = [process.execPath, resolve('dist/cli.js'), ...args].map((word) => `'${word}'`);
  const child = spawn('script', ['-qec', words.join(' '), '/dev/null']);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const asked = question !== undefined && !out.includes(question);
    out += chunk.toString();
    if (asked && out.includes(question)) child.stdin.write(answer);
  });
  return new Promise<{ out: string; status: number | null }>((done) => {
    child.on('close', (status) => done({ out, status }));
  });
}

const onLinux = existsSync('/usr/bin/script') ? test : test.skip;

onLinux('the password is asked for, and not echoed', async () => {
  const { out, status } = await onTerminal(
    ['scan', 'ldaps://127.0.0.1:1', '--bind-dn', 'x@contoso.com'],
    'Password for x@contoso.com: ',
    'hush-hush\r',
  );
  expect(out).toContain('Password for x@contoso.com: ');
  expect(out).not.toContain('hush-hush');
  expect(out).toContain('refuses the connection');
  expect(status).toBe(2);
});

onLinux('a person sees progress while a scan runs, and the summary at its end', async () => {
  const { out } = await onTerminal([
    'scan',
    'fixtures/directories/contoso.ldif',
    '--csv',
    path('r.csv'),
  ]);
  expect(out).toMatch(/44 entries read[\s\S]*Rule +Errors +Warnings +Info +What[\s\S]*Next: open/);
});

test('the demo runs from a fresh build and leaves its reports', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/demo.mjs']);
  expect(status).toBe(0);
  expect(stdout.toString()).toContain('presync review demo/review.csv');
  expect(stdout.toString()).toContain('presync apply demo/review.csv');
  for (const name of ['review.csv', 'scan.jsonl', 'safe.ldif', 'report.html', 'junit.xml'])
    expect(existsSync(`demo/${name}`)).toBe(true);
});
