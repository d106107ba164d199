import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { scratch } from './presync.js';
import { ROOMS } from './rooms.js';

const { path, remove } = scratch();
afterAll(remove);

/** Checks a copy of the docs in which one thing was changed. */
function check(name: string, file: string, change: (text: string) => string) {
  const folder = path(name);
  cpSync('docs', resolve(folder, 'docs'), { recursive: true });
  const target = resolve(folder, 'docs', file);
  writeFileSync(target, change(readFileSync(target, 'utf8')));
  return new Promise<{ readonly failed: boolean; readonly err: string }>((done) => {
    execFile(
      process.execPath,
      [resolve('scripts/docs.mjs'), '--check'],
      { cwd: folder },
      (error, _out, err) => done({ failed: error !== null, err }),
    );
  });
}

test('the docs are fresh', async () => {
  expect(await check('fresh', 'idfix.md', (text) => text)).toEqual({ failed: false, err: '' });
});

test('a message of four sentences, with one twice, a long one or a DN, is noticed', async () => {
  const script: { complaints(text: string): string[] } = await import(
    resolve('scripts/messages.mjs')
  );
  const { complaints } = script;
  const good =
    '"a. B c" is no address. The cloud drops it (X500:/o=…/cn=…). Correct it; no proposal.';
  expect(complaints(good)).toEqual([]);
  expect(complaints(`${good} Do.`)).toEqual(['more than 3 sentences']);
  expect(complaints('Correct it. Correct it.')).toEqual(['a sentence twice']);
  expect(complaints('Held by CN=Anna,DC=contoso.')).toEqual(['a DN in prose']);
  expect(complaints(`${'word '.repeat(33)}.`)).toEqual(['a sentence of more than 32 words']);
});

test('a table of the IdFix page that was changed by hand is noticed', async () => {
  const { failed, err } = await check('stale', 'idfix.md', (text) =>
    text.replace('among sign-in names only', 'of everything'),
  );
  expect(failed).toBe(true);
  expect(err).toContain('docs/idfix.md is out of date');
});

test('a schema of the configuration file that was changed by hand is noticed', async () => {
  const { failed, err } = await check('schema', 'presync.config.schema.json', (text) =>
    text.replace('"large-photo",', ''),
  );
  expect(failed).toBe(true);
  expect(err).toContain('docs/presync.config.schema.json is out of date');
});

test('a date of a fact that was changed by hand is noticed, and a document that the key does not have', async () => {
  const dated = '| DOC | PREP | 2024-09, 2026-11 |';
  const stale = await check('date', 'facts.md', (text) =>
    text.replace(dated, '| DOC | PREP | 2026-09, 2026-11 |'),
  );
  expect(stale.failed).toBe(true);
  expect(stale.err).toContain('docs/facts.md is out of date');
  const unknown = await check('source', 'facts.md', (text) =>
    text.replace(dated, '| DOC | PERP | – |'),
  );
  expect(unknown.failed).toBe(true);
  expect(unknown.err).toContain(
    'docs/facts.md: GEN-1 names "PERP", which the source key does not have.',
  );
});

test('facts whose documents are all older than a year are listed', async () => {
  const { failed, err } = await check('age', 'facts.md', (text) =>
    text.replace(/^(\| LIMITS \| .* \|) 2024-07-15 and 2026-10-01 \|/m, '$1 2024-07-15 |'),
  );
  expect(failed).toBe(true);
  expect(err).toContain('docs/facts.md is out of date');
});

test('a rule or fact that does not exist, or does not judge the attribute, is noticed', async () => {
  const changes: readonly (readonly [from: string, to: string])[] = [
    ['"duplicate-mail-nickname"', '"no-such-rule"'],
    ['"duplicate-mail-nickname"', '"unroutable-domain"'],
    ['"NICK-11"', '"NICK-99"'],
  ];
  for (const [at, [from, to]] of changes.entries()) {
    const { failed, err } = await check(`bad${at}`, 'idfix.json', (text) => text.replace(from, to));
    expect(failed).toBe(true);
    expect(err).toMatch(/docs\/idfix\.json: no (rule|fact) "/);
  }
});

const DESIGN = readFileSync('docs/design.md', 'utf8');

/** What is written as code and looks like a path; ID stands for the id of any rule. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => name.includes('/') || /\.(tsx?|mjs|md)$/.test(name))
    .map((name) => name.replace('ID.', 'blank-value.'));

test('every path that the design names is there, from the root or from src', () => {
  const paths = pathsIn(DESIGN);
  expect(paths).toContain('tests/rooms.ts');
  expect(paths).toContain('remediation/run/prepare.ts');
  expect(paths.filter((name) => !existsSync(name) && !existsSync(join('src', name)))).toEqual([]);
  expect(pathsIn('`lag.ts`, `remediation/prepare.ts`, `dist/`, `a b/c`, `printable`')).toEqual([
    'lag.ts',
    'remediation/prepare.ts',
    'dist/',
  ]);
});

test('and every room, in the order of the table of rooms, with a reason', () => {
  const rows = [...DESIGN.matchAll(/^\| (`.+?`) \| (.+) \|$/gm)];
  const named = rows.flatMap(([, names = '']) => names.split(', '));
  expect(named).toEqual(ROOMS.map(({ name }) => `\`${name}\``));
});
