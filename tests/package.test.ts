import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { scratch } from './presync.js';

const { path, remove } = scratch();
afterAll(remove);

test('the package holds what it needs and nothing else, and its command runs elsewhere', () => {
  const listing = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', path('.')],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [pack] = JSON.parse(listing.toString()) as {
    filename: string;
    files: { path: string }[];
  }[];
  const files = pack?.files.map((file) => file.path) ?? [];
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/cli.js',
      'dist/index.d.ts',
      'dist/third-party-licences.txt',
      'docs/presync.config.schema.json',
      'README.md',
      'LICENSE',
    ]),
  );
  expect(
    files.filter((file) => /^(src|tests|fixtures|scripts|node_modules|\.)/.test(file)),
  ).toEqual([]);

  // The command line is in its bundle.
  expect(files.filter((file) => /^dist\/(commands|review)\//.test(file))).toEqual([]);

  mkdirSync(path('elsewhere'));
  execFileSync('tar', ['-xzf', path(pack?.filename ?? ''), '-C', path('elsewhere')]);
  const { version, bin } = JSON.parse(readFileSync(path('elsewhere/package/package.json'), 'utf8'));
  const cli = path(`elsewhere/package/${bin.presync}`);
  expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(execFileSync(process.execPath, [cli, '--version']).toString().trim()).toBe(version);
  expect(execFileSync(process.execPath, [cli, 'rules']).toString()).toContain('duplicate-address');
  const scan = ['scan', 'fixtures/directories/contoso.ldif', '--html', '-', '--fail-on=never'];
  const html = execFileSync(process.execPath, [cli, ...scan], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(html.toString()).toContain('</html>');

  // Only the library takes its dependencies from where it is installed.
  symlinkSync(resolve('node_modules'), path('elsewhere/node_modules'));
  const program = 'import { RULES } from "presync"; console.log(RULES.length)';
  const library = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: path('elsewhere/package'),
  });
  expect(Number(library)).toBeGreaterThan(30);
});
