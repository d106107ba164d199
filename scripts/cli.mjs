/**
 * Bundles the command line, with what it depends on: reading some three hundred files one by one takes longer than a
 * small scan. dist/cli.js is what every command needs; what else one needs is loaded with it. The library is not
 * bundled: its users have the dependencies in their own tree.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const CHUNK = /^cli-.+\.js$/;

/** Some of the dependencies are CommonJS and ask for modules of Node. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

/**
 * yargs lays out help texts with string-width, whose tables of graphemes and emoji take a third of the time that
 * `presync --help` takes. What it lays out here is our own text.
 */
const ownWidth = {
  name: 'own-width',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^string-width$/ }, () => ({ path: 'width', namespace: 'own' }));
    onLoad({ filter: /./, namespace: 'own' }, () => ({
      contents: "export { displayWidth as default } from './src/text/printable.ts';",
      resolveDir: process.cwd(),
    }));
  },
};

for (const file of readdirSync('dist').filter((file) => CHUNK.test(file)))
  rmSync(join('dist', file));

const { metafile } = await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  chunkNames: 'cli-[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  banner: { js: REQUIRE },
  plugins: [ownWidth],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

writeFileSync('dist/third-party-licences.txt', notices(Object.keys(metafile.inputs)));

/** What the licences of the bundled packages ask to be sent along. */
function notices(files) {
  const packages = new Set(
    files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]),
  );
  packages.delete(undefined);
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (file === undefined) throw new Error(`${folder} has no licence to send along`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return [...new Set(texts)].join(`\n${'-'.repeat(80)}\n\n`);
}
