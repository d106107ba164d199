/** Of which sources dist/ was built: their hash, which the build leaves in it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** All that a build reads; the tools and packages stand in package-lock.json. */
const SOURCES = [
  ...['src', 'web', 'docs/rules'],
  ...['scripts/build.mjs', 'scripts/cli.mjs', 'scripts/web.mjs'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
];

const RECORD = join(ROOT, 'dist/.built-from');

function filesIn(name) {
  const path = join(ROOT, name);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [name];
  return readdirSync(path)
    .toSorted()
    .flatMap((one) => filesIn(join(name, one)));
}

/** A hash over the names and texts of all sources. */
export function sourcesNow() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesIn)) {
    const bytes = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Whether the last build was whole, and of the sources as they are. */
export function isBuilt() {
  return existsSync(RECORD) && readFileSync(RECORD, 'utf8') === sourcesNow();
}

/** Until the next build is whole there is none. */
export function forgetBuild() {
  rmSync(RECORD, { force: true });
}

export function rememberBuild(sources) {
  writeFileSync(RECORD, sources);
}
