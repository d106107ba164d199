import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const SOURCE = 'src/cli.ts';
const TEST = `import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
test('built', () => expect(readFileSync('dist/cli.js', 'utf8')).toMatch(/^#!/));
`;

/** Runs one test of the copy of the checkout, as one does who does not think of building. */
function jest(...flags: readonly string[]) {
  const args = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...flags, 'one.test'], {
    cwd: path(''),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  return { status, out: stdout + stderr };
}

const bundle = () => readFileSync(path('dist/cli.js'), 'utf8');
const builtAt = () => statSync(path('dist/cli.js')).mtimeMs;

/** A checkout of little: what builds is ours, what it builds is small. */
const LITTLE: Readonly<Record<string, string>> = {
  [SOURCE]: "#!/usr/bin/env node\nconsole.log('here');\n",
  'web/report/main.tsx': 'export {};\n',
  'web/review/main.tsx': 'export {};\n',
  'docs/rules/a-rule.md': '# a-rule\n',
  'tests/one.test.ts': TEST,
  'tests/heavy/one.test.ts': TEST,
};

beforeAll(() => {
  const own = [
    'scripts',
    'package.json',
    'tsconfig.json',
    'jest.config.js',
    'jest.heavy.config.js',
  ];
  for (const name of own) cpSync(name, path(name), { recursive: true });
  symlinkSync(resolve('node_modules'), path('node_modules'));
  for (const [name, text] of Object.entries(LITTLE)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
});

test('what was never built is built, and where no source has changed since nothing is', () => {
  expect(jest()).toEqual({ status: 0, out: expect.stringContaining('1 passed') });
  const before = builtAt();
  expect(jest()).toEqual({ status: 0, out: expect.stringContaining('1 passed') });
  expect(builtAt()).toBe(before);
}, 120_000);

test('a source that has changed is built before the first test', () => {
  const source = readFileSync(path(SOURCE), 'utf8');
  appendFileSync(path(SOURCE), "\nconsole.error('marked');\n");
  expect(bundle()).not.toContain('marked');
  expect(jest()).toEqual({ status: 0, out: expect.stringContaining('1 passed') });
  expect(bundle()).toContain('marked');
  writeFileSync(path(SOURCE), source);
}, 120_000);

test('no test runs where it cannot be built, nor the next time, be it a long one; once it can, it is', () => {
  const source = readFileSync(path(SOURCE), 'utf8');
  appendFileSync(path(SOURCE), '\nconst text: string = 1;\n');
  for (const { status, out } of [jest(), jest('--config', 'jest.heavy.config.js')]) {
    expect(status).toBe(1);
    expect(out).toMatch(/src\/cli\.ts.* error TS[\s\S]*The build failed/);
    expect(out).not.toContain('passed');
  }
  writeFileSync(path(SOURCE), source);
  const before = builtAt();
  expect(jest().status).toBe(0);
  expect(builtAt()).toBeGreaterThan(before);
}, 120_000);
