/** `npm run build`: the library by the compiler, then the bundles of the command line and of the pages. */
import { spawnSync } from 'node:child_process';
import { forgetBuild, ROOT, rememberBuild, sourcesNow } from './built-from.mjs';

const STEPS = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['scripts/cli.mjs'],
  ['scripts/web.mjs'],
];

// What is changed meanwhile may be in it or not: the next one to ask builds again.
const sources = sourcesNow();
forgetBuild();
for (const step of STEPS) {
  const { status } = spawnSync(process.execPath, step, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
rememberBuild(sources);
