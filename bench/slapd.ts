import { ENTRY_UUID } from '../src/ldap/format/dn.js';
import { startSlapd } from '../tests/servers/slapd.js';
import { compareScans } from './ldap.js';
import { peopleLdif, unitsLdif } from './people.js';
import type { Scale, Section } from './report.js';

export const SUFFIX = 'dc=contoso,dc=com';

/** The LDIF of a directory for slapd. */
export function slapdEntries(users: number): string {
  return [unitsLdif(SUFFIX), ...peopleLdif(users, SUFFIX)].join('');
}

/** A scan over LDAP from OpenLDAP. */
export async function slapd({ rounds, quick }: Scale, folder: string): Promise<Section> {
  const users = quick ? 10_000 : 100_000;
  const server = await startSlapd({ suffix: SUFFIX, entries: slapdEntries(users) });
  try {
    const directory = {
      url: server.url,
      base: SUFFIX,
      bindDn: server.bindDn,
      password: server.password,
      filter:
        '(|(objectClass=user)(objectClass=inetOrgPerson)(objectClass=group)(objectClass=contact))',
      flags: ['--allow-plaintext'],
      identity: [ENTRY_UUID],
      users,
    };
    return await compareScans(directory, folder, rounds, 1.5);
  } finally {
    await server.stop();
  }
}
