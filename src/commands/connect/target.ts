import { ExpectedError } from '../../errors.js';
import type { Io } from '../../files/io.js';
import { countEntries, directoryWriter, findEntries } from '../../ldap/directory/writer.js';
import type { Connection } from '../../ldap/protocol/connection.js';
import { resilientWriter, type Target } from '../../remediation/run/resilient-writer.js';
import { printable } from '../../text/printable.js';
import type { ConnectionFlags } from '../flags/connection.js';
import { directoryOpener, patience } from './directories.js';

/** Connects to a directory for writing, and again when the connection is lost. */
export async function openTarget(
  url: string,
  flags: ConnectionFlags,
  io: Io,
  pauses?: readonly number[],
): Promise<Target> {
  const connect = await directoryOpener(url, flags, io);
  let host: string | undefined;
  const open = async (): Promise<Target> => {
    const connection = await connect();
    try {
      host ??= nameOf(connection);
      if (nameOf(connection) !== host) throw anotherController(url, host);
      return {
        ...directoryWriter(connection),
        count: () => countEntries(connection),
        find: (filter, attributes) => findEntries(connection, filter, attributes),
        close: () => connection.close(),
      };
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  return resilientWriter(open, patience(io, pauses));
}

function nameOf({ rootDse, url }: Connection): string {
  return rootDse.dnsHostName?.toLowerCase() ?? url;
}

/** What was written to one controller may reach the others minutes later: they cannot tell what became of it. */
function anotherController(url: string, host: string): ExpectedError {
  return new ExpectedError(
    `${url} is another controller than before, and may not know the last changes yet`,
    `Name one controller instead of the domain: ${printable(host)}.`,
  );
}
