import { ExpectedError } from '../../errors.js';
import { type Io, STDIO } from '../../files/io.js';
import { checkInput, streamInput } from '../../files/read-input.js';
import { checkCount } from '../../jobs/limits.js';
import { isLdapUrl } from '../../ldap/format/ldap-url.js';
import { snapshotSource } from '../../ldap/offline/snapshot.js';
import type { EntrySource } from '../../model/entry.js';
import type { ReadFlags } from '../flags/read-flags.js';
import { PAGE_SIZE } from '../flags/reading.js';
import type { OpenSources } from './directories.js';

/** Opens every source of a scan: LDAP URLs are connected, files are looked at, before anything is read. */
export async function openSources(
  names: readonly string[],
  flags: ReadFlags,
  io: Io,
  memberLimit?: number,
): Promise<OpenSources> {
  checkNames(names);
  checkCount('pageSize', flags.pageSize, PAGE_SIZE);
  const urls = names.filter(isLdapUrl);
  const file = names.find((name) => !isLdapUrl(name));
  if (flags.filter !== undefined && file !== undefined)
    throw new ExpectedError(
      `--filter works on directories only, and ${file === STDIO ? 'standard input' : file} is none.`,
      'Leave it out, or export with that filter.',
    );
  const { sources: directories, close } = await openDirectories(urls, flags, io, memberLimit);
  const open = async (name: string): Promise<EntrySource> =>
    directories[urls.indexOf(name)] ?? fileSource(name, flags.base ?? [], io);
  try {
    return { sources: await Promise.all(names.map(open)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What speaks LDAP is slow to load: a scan of files alone does not wait for it. */
async function openDirectories(
  urls: readonly string[],
  ...how: [ReadFlags, Io, number | undefined]
): Promise<OpenSources> {
  if (urls.length === 0) return { sources: [], close: async () => {} };
  const directories = await import('./directories.js');
  return directories.openDirectories(urls, ...how);
}

function checkNames(names: readonly string[]): void {
  const wrong = names.find((n) => !isLdapUrl(n) && n !== STDIO && !/\.(ldif|ldf)(\.gz)?$/i.test(n));
  if (wrong !== undefined)
    throw new ExpectedError(
      `"${wrong}" is no source.`,
      'Name an LDAP URL (ldaps://dc1.contoso.com), an LDIF file (*.ldif, *.ldf, packed as *.gz) or - for standard input.',
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new ExpectedError(
      `The source ${twice === STDIO ? '-' : twice} is named twice.`,
      'Name each source once.',
    );
}

async function fileSource(name: string, bases: readonly string[], io: Io): Promise<EntrySource> {
  if (name === STDIO) return snapshotSource('standard input', () => io.stdin, { bases });
  await checkInput(name, 'LDIF file');
  return snapshotSource(name, () => streamInput(name, 'LDIF file'), { bases });
}
