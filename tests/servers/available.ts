import { describe, test } from '@jest/globals';
import { hasProgram } from './process.js';

const SERVERS = {
  samba: {
    title: 'Samba AD',
    programs: ['samba', 'samba-tool', 'ldapmodify', 'ldapsearch', 'setsid'],
    packages:
      'samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind ldap-utils',
    root: true,
  },
  slapd: {
    title: 'slapd',
    programs: ['slapd', 'slapadd', 'ldapmodify', 'ldapsearch', 'openssl', 'setsid'],
    packages: 'slapd ldap-utils openssl',
    root: false,
  },
} as const;

/**
 * A `describe` for tests that need a real server. Where it cannot run they are skipped, and standard
 * error says so; with PRESYNC_REQUIRE_SERVERS=1 they fail.
 */
export function describeServer(server: keyof typeof SERVERS, name: string, body: () => void): void {
  const reason = whyNot(server);
  if (reason === undefined) {
    describe(name, body);
  } else if (process.env['PRESYNC_REQUIRE_SERVERS'] === '1') {
    describe(name, () => {
      test('needs a server', () => {
        throw new Error(`${SERVERS[server].title} tests cannot run: ${reason}`);
      });
    });
  } else {
    process.stderr.write(`SKIPPED: ${SERVERS[server].title} tests: ${name} (${reason})\n`);
    describe.skip(name, body);
  }
}

function whyNot(server: keyof typeof SERVERS): string | undefined {
  const { programs, packages, root } = SERVERS[server];
  const missing = programs.find((program) => !hasProgram(program));
  if (missing !== undefined) {
    return `${missing} is missing: install the Debian packages ${packages} to run them`;
  }
  if (root && process.getuid?.() !== 0) return 'only root may run a domain controller';
  return undefined;
}
