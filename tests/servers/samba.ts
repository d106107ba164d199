import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, isFree, run, supervise } from './process.js';
import { ldapTools, type Tools } from './tools.js';

const PASSWORD = 'Pa55-word.test';
/** The domain unless another is asked for, and the one that the schema files name. */
const DOMAIN = 'contoso.local';
const SCHEMA = ['exchange-schema-1.ldif', 'exchange-schema-2.ldif'];
/** Samba's ports cannot be chosen, so each server has a loopback address of its own. */
const PORTS = [389, 636, 3268, 3269];

let started = 0;

/** A running Samba Active Directory domain controller with Exchange's recipient attributes. */
export interface SambaServer extends Tools {
  readonly ldaps: string;
  /** Binds are refused here without TLS; StartTLS is offered. */
  readonly ldap: string;
  /** Global catalog over TLS. */
  readonly gc: string;
  readonly baseDn: string;
  /** Bind name of the administrator. */
  readonly admin: string;
  readonly password: string;
  readonly caFile: string;
  /** Its database, for ldbadd and its like. */
  readonly database: string;
  /** The certificate's name (CN, no subjectAltName); it does not name the address. */
  readonly hostname: string;
  /** Adds an ordinary account, which may read everything and write next to nothing; gives its bind name. */
  addUser(name: string, password: string): Promise<string>;
  /**
   * Lets an account of addUser write all attributes, or one by its schemaIDGUID, of whatever is below a DN. Holds for
   * what is below already too.
   */
  allowWriting(name: string, below: string, schemaIdGuid?: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a domain controller in a new directory: about 10 s the first time on a machine, then 1 s
 * from a copy of the first. Needs root. Several may run at once; each domain is a forest of its own.
 */
export async function startSamba(domain = DOMAIN): Promise<SambaServer> {
  const template = await provisionedTemplate(domain);
  const directory = await mkdtemp(join(tmpdir(), 'presync-samba-'));
  await run('cp', ['-a', '--reflink=auto', `${template}/.`, directory]);
  return launch(domain, directory, directory);
}

async function launch(
  domain: string,
  directory: string,
  removedAtEnd?: string,
): Promise<SambaServer> {
  const address = await freeAddress();
  const configuration = join(directory, 'smb.conf');
  await writeFile(configuration, smbConf(domain, directory, address));
  await writeFile(join(directory, 'password'), PASSWORD, { mode: 0o600 });
  const args = ['-F', '-s', configuration, '--no-process-group', '--debug-stdout'];
  const server = supervise('samba', args, removedAtEnd);
  const ldaps = `ldaps://${address}`;
  const passwordFile = join(directory, 'password');
  const admin = `administrator@${domain}`;
  const base = baseOf(domain);
  const tools = ldapTools({ url: ldaps, bindDn: admin, passwordFile, base });
  await answering('Samba', server, () => tools.search({ base: '', scope: 'base' }));
  return {
    ...tools,
    ldaps: `${ldaps}:636`,
    ldap: `ldap://${address}:389`,
    gc: `${ldaps}:3269`,
    baseDn: base,
    admin,
    password: PASSWORD,
    caFile: join(directory, 'private/tls/ca.pem'),
    database: join(directory, 'private/sam.ldb'),
    hostname: `DC1.${domain}`,
    addUser: async (name, password) => {
      await tools.add(account(name, password, domain));
      return `${name}@${domain}`;
    },
    allowWriting: async (name, below, schemaIdGuid = '') => {
      const [entry] = await tools.search({
        base: accountDn(name, domain),
        attributes: ['objectSid'],
      });
      const kind = schemaIdGuid === '' ? 'A' : 'OA';
      const ace = `(${kind};CI;WP;${schemaIdGuid};;${formatSid(entry?.bytes('objectSid')[0])})`;
      const where = ['-s', configuration, '-H', join(directory, 'private/sam.ldb')];
      const what = [`--objectdn=${below}`, `--sddl=${ace}`];
      await run('samba-tool', ['dsacl', 'set', ...where, ...what]);
    },
    stop: server.stop,
  };
}

/** A loopback address that no other process uses for Samba's ports; made from the process id. */
async function freeAddress(): Promise<string> {
  for (let attempt = 1; attempt < 255; attempt += 1) {
    started = (started % 254) + 1;
    const address = `127.${started}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
    const free = await Promise.all(PORTS.map((port) => isFree(port, address)));
    if (free.every(Boolean)) return address;
  }
  throw new Error(`No loopback address with the ports ${PORTS.join(', ')} free; is this root?`);
}

/** A provisioned and stopped controller, kept in the temporary directory for this Samba and schema. */
async function provisionedTemplate(domain: string): Promise<string> {
  const schema = await Promise.all(
    SCHEMA.map(async (name) => {
      const text = await readFile(new URL(name, import.meta.url), 'utf8');
      return text.replaceAll(baseOf(DOMAIN), baseOf(domain));
    }),
  );
  const parts = [
    await run('samba', ['--version']),
    ...schema,
    ...provisionArgs(domain, '', ''),
    PASSWORD,
  ];
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const template = join(tmpdir(), `presync-samba-template-${key}`);
  if (await exists(join(template, 'smb.conf'))) return template;
  const building = await mkdtemp(`${template}-`);
  try {
    await provision(domain, building, schema);
    await rename(building, template);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    // Another test file that wanted one at the same time may have been first.
    if (!(await exists(join(template, 'smb.conf')))) throw error;
  }
  return template;
}

function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

async function provision(
  domain: string,
  directory: string,
  schema: readonly string[],
): Promise<void> {
  await run('samba-tool', provisionArgs(domain, directory, PASSWORD));
  await mkdir(join(directory, 'cache'), { recursive: true });
  await mkdir(join(directory, 'run'), { recursive: true });
  await chmod(directory, 0o700);
  const server = await launch(domain, directory);
  try {
    for (const ldif of schema) await server.add(ldif);
  } finally {
    await server.stop();
  }
}

function provisionArgs(domain: string, directory: string, password: string): readonly string[] {
  return [
    ...['domain', 'provision', `--realm=${domain.toUpperCase()}`, '--server-role=dc'],
    `--domain=${netbiosName(domain)}`,
    ...['--use-rfc2307', '--dns-backend=NONE', '--host-name=dc1', '--host-ip=127.0.0.1'],
    ...['--option=bind interfaces only=yes', '--option=interfaces=lo', '--option=ldb:nosync=true'],
    `--targetdir=${directory}`,
    `--adminpass=${password}`,
  ];
}

/** The first label in capitals. */
function netbiosName(domain: string): string {
  return domain.replace(/\..*/, '').toUpperCase();
}

function baseOf(domain: string): string {
  return `DC=${domain.replaceAll('.', ',DC=')}`;
}

function smbConf(domain: string, directory: string, address: string): string {
  return `[global]
netbios name = DC1
realm = ${domain.toUpperCase()}
workgroup = ${netbiosName(domain)}
server role = active directory domain controller
server services = ldap
bind interfaces only = yes
interfaces = ${address}/8
private dir = ${directory}/private
state directory = ${directory}/state
cache directory = ${directory}/cache
lock directory = ${directory}
pid directory = ${directory}/run
ncalrpc dir = ${directory}/run/ncalrpc
binddns dir = ${directory}/bind-dns
log file = ${directory}/log.%m
dsdb:schema update allowed = true
ldb:nosync = true
`;
}

function account(name: string, password: string, domain: string): string {
  return `dn: ${accountDn(name, domain)}
objectClass: user
sAMAccountName: ${name}
userPrincipalName: ${name}@${domain}
userAccountControl: 512
unicodePwd:: ${Buffer.from(`"${password}"`, 'utf16le').toString('base64')}
`;
}

function accountDn(name: string, domain: string): string {
  return `CN=${name},CN=Users,${baseOf(domain)}`;
}

/** The text form of a SID (MS-DTYP 2.4.2). */
function formatSid(bytes: Buffer = Buffer.alloc(8)): string {
  const parts = Array.from({ length: bytes[1] ?? 0 }, (_, index) =>
    bytes.readUInt32LE(8 + 4 * index),
  );
  return ['S', bytes[0], bytes.readUIntBE(2, 6), ...parts].join('-');
}
