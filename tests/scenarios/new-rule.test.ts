import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const RULE = 'src/validators/rules/shouted-name.ts';
const FIXTURE = 'fixtures/rules/shouted-name.ldif';
const PAGE = 'docs/rules/shouted-name.md';

/** Runs a program of the checkout in the copy of it. */
function run(program: string, ...args: readonly string[]) {
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  const env = { ...process.env, FORCE_COLOR: '0' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program, ...args], {
    cwd: path(''),
    encoding: 'utf8',
    env,
  });
  return { status, out: stdout + stderr };
}

const newRule = (...args: readonly string[]) => run('scripts/new-rule.mjs', ...args);
const rulesTest = () =>
  run('node_modules/jest/bin/jest.js', 'tests/validators/index.test.ts', '-t', 'shouted-name');

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(path(file), change(readFileSync(path(file), 'utf8')));
}

beforeAll(() => {
  const copied = ['src', 'web', 'tests', 'scripts', 'fixtures', 'docs', 'package.json'];
  for (const name of [...copied, '.gitignore', 'biome.json', 'tsconfig.json', 'jest.config.js'])
    cpSync(name, path(name), { recursive: true });
  symlinkSync(resolve('node_modules'), path('node_modules'));
});

describe('npm run new-rule', () => {
  test('refuses what is no id, what is no attribute, and a rule that there is', () => {
    for (const args of [[], ['Shouted'], ['name'], ['../x-y'], ['shouted-name', "sn', x"]]) {
      const { status, out } = newRule(...args);
      expect([status, out]).toEqual([2, expect.stringMatching(/^Usage: |no name of an attribute/)]);
    }
    const { status, out } = newRule('blank-value');
    expect([status, out]).toEqual([2, 'There is a src/validators/rules/blank-value.ts already.\n']);
  });

  test('writes a rule that compiles and is in form, with a line among those on its attribute', () => {
    const { status, out } = newRule('shouted-name', 'mailNickname');
    expect([status, out]).toEqual([0, expect.stringContaining('Fill in what the tests name')]);
    for (const file of [RULE, FIXTURE, PAGE]) expect(out).toContain(file);
    const list = readFileSync(path('src/validators/profiles/addresses.ts'), 'utf8');
    expect(list).toContain("  use(shoutedName, 'mailNickname', undefined),\n];");
    expect(run('node_modules/@biomejs/biome/bin/biome', 'check', 'src/validators').status).toBe(0);
    expect(run('node_modules/typescript/bin/tsc', '--noEmit')).toEqual({ status: 0, out: '' });
  }, 120_000);

  test('whose tests fail, and say what to fill in, until it is filled in', () => {
    const { status, out } = rulesTest();
    expect(status).toBe(1);
    for (const file of [RULE, FIXTURE, PAGE])
      expect(out).toMatch(new RegExp(`\\+ +"${file}:\\d+ .*FILL IN: `));
    expect(out).toContain('✕ shouted-name cites known facts');
    rewrite(RULE, (text) =>
      text
        .replace(/ *\/\/ FILL IN.*\n/g, '')
        .replace(/FILL IN: [^'`*]*/g, 'is filled in.')
        .replace('facts: []', "facts: ['NICK-1']")
        .replace("value === ''", "value === 'SHOUTED'"),
    );
    rewrite(FIXTURE, (text) =>
      text
        .replaceAll('FILL IN: ', '')
        .replace(/FILL IN(\s*)$/, 'bruno$1')
        .replaceAll('FILL IN', 'SHOUTED'),
    );
    rewrite(PAGE, (text) => text.replaceAll('FILL IN: ', ''));
    expect(rulesTest()).toEqual({ status: 0, out: expect.stringContaining('6 passed') });
  }, 240_000);
});
