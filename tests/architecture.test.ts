import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Which layer a file belongs to: imports go down only. The first pattern that fits counts. */
const LAYERS: readonly (readonly [pattern: RegExp, layer: number])[] = [
  [
    /^(model|errors|file-failure|printable|compare|tally|memo|hash-table|json-lines|punycode\.d)\.ts$/,
    0,
  ],
  [
    /^ldap\/(connection|directory|filter|gathered-reads|lasting|members|messages|patience|schema|search|socket|wire|ranges|result-codes|root-dse|write)\.ts$/,
    3,
  ],
  [/^ldap\//, 1],
  [/^remediation\/(ahead|apply|journal|lag|look|prepare|read-journal|resume|retry|undo)\.ts$/, 3],
  [/^(validators|remediation|export)\//, 2],
  [
    /^(index|scan|config|config-file|count|read|registrations|reports|simulate|narrow|suppress|baseline|web-files)\.ts$/,
    4,
  ],
  [/^(cli\.ts$|(commands|review)\/)/, 5],
];

const sources = (readdirSync('src', { recursive: true }) as string[]).filter((f) =>
  f.endsWith('.ts'),
);
const textOf = (file: string) => readFileSync(join('src', file), 'utf8');
const linesWith = (file: string, pattern: RegExp) =>
  textOf(file)
    .split('\n')
    .filter((line) => pattern.test(line));
const layerOf = (file: string) => LAYERS.find(([pattern]) => pattern.test(file))?.[1];
const importsOf = (file: string) =>
  [...textOf(file).matchAll(/(?:from |import |await import\()'([^']+)'/g)].map(
    ([, name]) => name ?? '',
  );
const ownImports = (file: string) =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'));

describe.each(sources)('%s', (file) => {
  test('has a layer, and imports from its own or a lower one', () => {
    const layer = layerOf(file);
    expect(layer).toBeDefined();
    for (const other of ownImports(file))
      expect([file, other, layerOf(other)]).toEqual([file, other, expect.any(Number)]);
    expect(ownImports(file).filter((other) => (layerOf(other) ?? 9) > (layer ?? 0))).toEqual([]);
  });

  test('of the pure layers imports no other room of its layer', () => {
    if (layerOf(file) !== 2) return;
    const room = file.split('/')[0];
    const others = ownImports(file).filter((other) => layerOf(other) === 2);
    expect(others.filter((other) => other.split('/')[0] !== room)).toEqual([]);
  });

  test('touches the outside world only where it may', () => {
    const imports = importsOf(file);
    if (!/^ldap\/(wire|filter)\.ts$/.test(file)) expect(imports).not.toContain('ldapts');
    if (file !== 'validators/shared/domain-name.ts')
      expect(imports.join()).not.toMatch(/punycode|tldts/);
    // They are slow to load: only a command that needs one of them waits for it.
    if (file !== 'config-file.ts') expect(imports).not.toContain('zod');
    expect(linesWith(file, /^import (?!type).*config-file\.js'/)).toEqual([]);
    expect(linesWith(file, /^import (?!type).*'(read|yocto-spinner)'/)).toEqual([]);
    if (file !== 'cli.ts')
      expect(linesWith(file, /^(?!\s*(\/\/|\*)).*\b(process|console)\.[a-z]/)).toEqual([]);
    expect(linesWith(file, /\bDate\.now\(|Math\.random\(/)).toEqual([]);
  });

  test('stays readable in a minute', () => {
    const lines = textOf(file).split('\n').length;
    expect(lines).toBeLessThanOrEqual(file === 'model.ts' ? 400 : 300);
  });
});

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
  expect(loaded).toContain('validators/run.ts');
  for (const file of ['commands/directories.ts', 'ldap/wire.ts', 'reports.ts', 'export/csv.ts'])
    expect(loaded).not.toContain(file);
});

test('nothing committed names a registry, this machine or private papers', () => {
  const lock = readFileSync('package-lock.json', 'utf8');
  expect(lock).not.toMatch(/"resolved"/);
  for (const file of [
    'README.md',
    'docs/design.md',
    'package.json',
    '.ci/run',
    ...sources.map((s) => join('src', s)),
  ]) {
    expect(readFileSync(file, 'utf8')).not.toMatch(/\.\.\/shared|\/work\/|registry\./);
  }
});
