import { readFile } from 'node:fs/promises';

/** A file of the pages: the build leaves them in `web`, beside this module and beside the bundle that holds it. */
export function webFile(name: string): Promise<Buffer> {
  return readFile(new URL(`./web/${name}`, import.meta.url));
}
