import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FORMAT_NAMES } from '../src/reports/formats.js';
import { circlesIn, importsOf, ROOMS, roomOf } from './rooms.js';

const filesUnder = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file));
const sources = filesUnder('src').filter((file) => !file.endsWith('.d.ts'));
const textOf = (file: string) => readFileSync(join('src', file), 'utf8');
/** A line of code; what a comment tells whoever works here is no matter. */
const isCode = (line: string) => !/^\s*(\/\/|\*|\/\*)/.test(line);
const linesWith = (file: string, pattern: RegExp) =>
  textOf(file)
    .split('\n')
    .filter((line) => isCode(line) && pattern.test(line));
const ownImports = (file: string) =>
  importsOf(textOf(file))
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'));

/** Files that may use a package or a global, and nobody else. */
const ONLY_IN: readonly (readonly [what: RegExp, where: RegExp])[] = [
  [/'ldapts'/, /^ldap\/protocol\/(wire|filter)\.ts$/],
  [/'(tldts|punycode)/, /^mail\/domain-name\.ts$/],
  // They are slow to load: only a command that needs one of them waits for it.
  [/'zod'/, /^settings\/config-file\.ts$/],
  [/^import (?!type).*(config-file\.js|'read|'yocto-spinner)'/, /^$/],
  [/\b(process|console)\.[a-z]/, /^cli\.ts$/],
  [/\bDate\.now\(|Math\.random\(/, /^$/],
  // What others made stays as they made it: a library must not change it for the whole process.
  [/\.prototype\.\w+ = /, /^$/],
  [/'yargs/, /^(cli\.ts$|commands\/)/],
  [/\bas (never|unknown as)\b/, /^$/],
];

describe('the room table', () => {
  test('names only earlier rooms, so that no circle of rooms can be written down', () => {
    const seen: string[] = [];
    for (const { name, mayImport } of ROOMS) {
      expect(mayImport.filter((other) => !seen.includes(other))).toEqual([]);
      seen.push(name);
    }
  });

  test('every folder of src is a room or holds rooms, and five files at most stand loose', () => {
    const rooms = ROOMS.map(({ name }) => name);
    const folders = new Set(sources.map((file) => dirname(file)).filter((name) => name !== '.'));
    for (const folder of folders)
      expect([folder, rooms.some((room) => `${folder}/`.startsWith(`${room}/`))]).toEqual([
        folder,
        true,
      ]);
    expect(readdirSync('src').filter((name) => name.endsWith('.ts')).length).toBeLessThanOrEqual(5);
  });

  test('no room is named for not having been decided', () => {
    const vague = /(^|\/)(utils?|core|common|shared|services?|helpers?|misc)(\/|$)/;
    expect(sources.filter((file) => vague.test(dirname(file)))).toEqual([]);
  });
});

describe.each(sources)('%s', (file) => {
  test('stands in a room, and imports only from rooms that its room may import', () => {
    const room = roomOf(file);
    expect(room).toBeDefined();
    const allowed = new Set([room?.name, ...(room?.mayImport ?? [])]);
    const others = ownImports(file).map((other) => [other, roomOf(other)?.name] as const);
    expect(others.filter(([, name]) => !allowed.has(name))).toEqual([]);
  });

  test('touches the outside world only where it may', () => {
    for (const [what, where] of ONLY_IN)
      if (!where.test(file)) expect([what, linesWith(file, what)]).toEqual([what, []]);
  });

  test('stays readable in a minute', () => {
    expect(textOf(file).split('\n').length).toBeLessThanOrEqual(300);
  });
});

test('below the commands no string names a flag: whoever asked puts a setting into words', () => {
  const below = sources.filter((file) => !/^(cli\.ts$|commands\/)/.test(file));
  expect(below.length).toBeGreaterThan(150);
  const named = below.flatMap((file) =>
    linesWith(file, /(^|[^\w-])--[a-z]/).map((line) => [file, line]),
  );
  expect(named).toEqual([]);
});

test('files import each other in no circle', () => {
  expect(circlesIn(new Map(sources.map((file) => [file, ownImports(file)])))).toEqual([]);
});

test('a circle of files is seen, also one of types', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circlesIn(graph).map((circle) => circle.toSorted())).toEqual([['a', 'b', 'c']]);
  const text =
    "import type { A } from './a.js';\nexport {\n  b,\n} from './b.js';\nawait import('./c.js');";
  expect(importsOf(text)).toEqual(['./a.js', './b.js', './c.js']);
});

/** Tests that are of the whole: of commands from outside, of pages, of real servers, of much. */
const WHOLE =
  /^(mutants|scenarios|servers|heavy|fuzz|web)\/|^(architecture|docs|growth|package|rooms)\.test\.ts$/;

test('the test of a file is found by its path', () => {
  const tests = filesUnder('tests').filter((file) => file.endsWith('.test.ts'));
  const lost = tests
    .filter((file) => !WHOLE.test(file))
    // mail/address.test.ts is of src/mail/address.ts, and so is mail/address.servers.test.ts.
    .filter((file) => !existsSync(join('src', dirname(file), `${ownerOf(file)}.ts`)));
  expect(lost).toEqual([]);
});

const ownerOf = (test: string) => basename(test).split('.')[0];

test('a scan of a file loads neither LDAP nor the code of reports that nobody asked for', () => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const imports = textOf(file).matchAll(/^import (?!type)[^;]*?from '(\.[^']+)';/gm);
    for (const [, name = ''] of imports)
      load(normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'));
  };
  load('commands/scan.ts');
  expect(loaded).toContain('validators/engine/engine.ts');
  for (const file of [
    'commands/connect/directories.ts',
    'ldap/protocol/wire.ts',
    'export/sheet/csv.ts',
    ...FORMAT_NAMES.map((name) => `reports/${name}.ts`),
  ]) {
    expect(existsSync(join('src', file))).toBe(true);
    expect(loaded).not.toContain(file);
  }
});

test('nothing committed names a registry, this machine or private papers', () => {
  const lock = readFileSync('package-lock.json', 'utf8');
  expect(lock).not.toMatch(/"resolved"/);
  for (const file of [
    'README.md',
    'CONTRIBUTING.md',
    'docs/design.md',
    'package.json',
    '.ci/run',
    ...sources.map((s) => join('src', s)),
  ]) {
    expect(readFileSync(file, 'utf8')).not.toMatch(/\.\.\/shared|\/work\/|registry\./);
  }
});
