import { describe, test } from '@jest/globals';
import { hasProgram } from './process.js';

/** What tests may need besides Node: programs, and the Debian packages that have them. */
const NEEDS = {
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
  libreoffice: {
    title: 'LibreOffice',
    programs: ['soffice'],
    packages: 'libreoffice-calc-nogui',
    root: false,
  },
  chromium: {
    title: 'Chromium',
    programs: ['chromium'],
    packages: 'chromium',
    root: false,
  },
} as const;

type Need = keyof typeof NEEDS;

/**
 * A `describe` for tests that need a real server. Where it cannot run they are skipped, and standard
 * error says so; with PRESYNC_REQUIRE_SERVERS=1 they fail.
 */
export function describeServer(server: 'samba' | 'slapd', name: string, body: () => void): void {
  describeWith(server, name, body);
}

/** The same for tests that need a program that is no server. */
export function describeProgram(
  program: 'libreoffice' | 'chromium',
  name: string,
  body: () => void,
): void {
  describeWith(program, name, body);
}

function describeWith(need: Need, name: string, body: () => void): void {
  const { title } = NEEDS[need];
  const reason = whyNot(need);
  if (reason === undefined) {
    describe(name, body);
  } else if (process.env['PRESYNC_REQUIRE_SERVERS'] === '1') {
    describe(name, () => {
      test('needs what is not here', () => {
        throw new Error(`${title} tests cannot run: ${reason}`);
      });
    });
  } else {
    process.stderr.write(`SKIPPED: ${title} tests: ${name} (${reason})\n`);
    describe.skip(name, body);
  }
}

function whyNot(need: Need): string | undefined {
  const { programs, packages, root } = NEEDS[need];
  const missing = programs.find((program) => !hasProgram(program));
  if (missing !== undefined) {
    return `${missing} is missing: install the Debian packages ${packages} to run them`;
  }
  if (root && process.getuid?.() !== 0) return 'only root may run a domain controller';
  return undefined;
}
