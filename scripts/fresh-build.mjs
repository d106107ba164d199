/**
 * Jest asks for this once, before any of its workers starts, whichever way it was called: the tests of commands run
 * dist/cli.js, and would pass or fail by what an older source did.
 */
import { spawnSync } from 'node:child_process';
import { isBuilt, ROOT } from './built-from.mjs';

export default function freshBuild() {
  if (isBuilt()) return;
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed, so that there is nothing to test.');
}
