import { run } from '../tests/servers/process.js';
import { startSamba } from '../tests/servers/samba.js';
import { compareScans } from './ldap.js';
import { peopleLdif, unitsLdif } from './people.js';
import type { Scale, Section } from './report.js';

/**
 * Samba copies the lists of its indexes with each user that comes, so that twice as many take some three times as long
 * to make: four minutes for these, an hour or more for the 100,000 (`--users`) among which the start of a process does
 * not matter.
 */
const USERS = 20_000;

/** A scan over LDAPS from a Samba Active Directory domain controller. */
export async function samba(scale: Scale, folder: string): Promise<Section> {
  const { rounds, quick, users = quick ? 1_000 : USERS } = scale;
  const server = await startSamba();
  try {
    const { baseDn, database } = server;
    // Straight into the database: over LDAP each user would take a hundred times as long.
    for (const input of [unitsLdif(baseDn), ...peopleLdif(users, baseDn)])
      await run('ldbadd', ['--nosync', '-H', database], { input });
    const directory = {
      url: server.ldaps,
      base: baseDn,
      bindDn: server.admin,
      password: server.password,
      filter: '(|(objectCategory=person)(objectCategory=group)(objectClass=publicFolder))',
      flags: ['--insecure'],
      identity: [],
      users,
    };
    return await compareScans(directory, folder, rounds, 1.05);
  } finally {
    await server.stop();
  }
}
