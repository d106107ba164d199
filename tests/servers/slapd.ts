import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answering, freePort, run, supervise } from './process.js';
import { ldapTools, type Tools } from './tools.js';

const PASSWORD = 'Pa55-word.test';
const SCHEMA = fileURLToPath(new URL('ad-like.schema', import.meta.url));

export interface SlapdOptions {
  /** LDIF of the entries below the suffix, loaded before the start. The suffix itself is made. */
  readonly entries?: string;
  readonly suffix?: string;
  /** A free port when left out. */
  readonly port?: number;
  /** How many entries a search may give to anyone but the administrator, pages added up. */
  readonly sizeLimit?: number;
  /** False refuses anonymous binds and every request without a bind. */
  readonly anonymous?: boolean;
  /** Flushes each change to disk, as a directory in use does. */
  readonly durable?: boolean;
  /** False leaves out certificate, StartTLS and LDAPS. */
  readonly tls?: boolean;
  /** Further lines of slapd.conf, for the server and for its database. */
  readonly serverLines?: readonly string[];
  readonly databaseLines?: readonly string[];
}

/** A running OpenLDAP server with a schema like Active Directory's. */
export interface SlapdServer extends Tools {
  /** LDAP, with StartTLS. */
  readonly url: string;
  /** Empty when TLS is off. */
  readonly ldapsUrl: string;
  /** The self-signed certificate for 127.0.0.1 and localhost. */
  readonly caFile: string;
  readonly suffix: string;
  /** The administrator, whom no limit stops. */
  readonly bindDn: string;
  /** The password of administrator and reader. */
  readonly password: string;
  /** An account that may read everything, write nothing, and is held to the size limit. */
  readonly readerDn: string;
  stop(): Promise<void>;
}

/** Starts slapd on 127.0.0.1 with a new database: under a second, and 2 s more for 100,000 entries. */
export async function startSlapd(options: SlapdOptions = {}): Promise<SlapdServer> {
  const { suffix = 'dc=contoso,dc=local', tls = true } = options;
  const directory = await mkdtemp(join(tmpdir(), 'presync-slapd-'));
  const url = `ldap://127.0.0.1:${options.port ?? (await freePort())}`;
  const ldapsUrl = tls ? `ldaps://127.0.0.1:${await freePort()}` : '';
  const bindDn = `cn=admin,${suffix}`;
  const passwordFile = join(directory, 'password');
  if (tls) await makeCertificate(directory);
  await writeFile(passwordFile, PASSWORD);
  const configuration = await configure(directory, suffix, options);
  await load(configuration, suffixEntries(suffix));
  await load(configuration, options.entries ?? '');

  const args = ['-d', '0', '-f', configuration, '-h', `${url} ${ldapsUrl}`.trim()];
  const server = supervise('slapd', args, directory);
  const tools = ldapTools({ url, bindDn, passwordFile, base: suffix });
  await answering('slapd', server, () => tools.search({ scope: 'base' }));
  return {
    ...tools,
    url,
    ldapsUrl,
    caFile: join(directory, 'cert.pem'),
    suffix,
    bindDn,
    password: PASSWORD,
    readerDn: `cn=reader,${suffix}`,
    stop: server.stop,
  };
}

async function makeCertificate(directory: string): Promise<void> {
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  await run('openssl', ['req', '-x509', ...key, ...names, ...files]);
}

async function configure(
  directory: string,
  suffix: string,
  options: SlapdOptions,
): Promise<string> {
  const { sizeLimit, anonymous = true, tls = true, durable = false } = options;
  const file = join(directory, 'slapd.conf');
  await mkdir(join(directory, 'db'));
  await copyFile(SCHEMA, join(directory, 'ad-like.schema'));
  const lines = [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    `include ${directory}/ad-like.schema`,
    `pidfile ${directory}/slapd.pid`,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    // As Debian sets it up: otherwise each request opens a socket to a log that may not be there.
    'loglevel none',
    `sizelimit ${sizeLimit ?? 'unlimited'}`,
    ...(anonymous ? [] : ['disallow bind_anon', 'require authc']),
    ...(tls ? [`TLSCertificateFile ${directory}/cert.pem`] : []),
    ...(tls ? [`TLSCertificateKeyFile ${directory}/key.pem`] : []),
    ...(options.serverLines ?? []),
    'database mdb',
    `directory ${directory}/db`,
    `maxsize ${4 * 2 ** 30}`,
    ...(durable ? [] : ['dbnosync']),
    `suffix "${suffix}"`,
    `rootdn "cn=admin,${suffix}"`,
    `rootpw ${PASSWORD}`,
    'index objectClass,objectCategory eq',
    ...(options.databaseLines ?? []),
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

async function load(configuration: string, ldif: string): Promise<void> {
  if (ldif !== '') await run('slapadd', ['-q', '-f', configuration], { input: ldif });
}

function suffixEntries(suffix: string): string {
  const [, type = '', name = ''] = /^(\w+)=([^,]+)/.exec(suffix) ?? [];
  const structural = type.toLowerCase() === 'dc' ? 'domain' : 'organization';
  return `dn: ${suffix}
objectClass: ${structural}
${type}: ${name}

dn: cn=reader,${suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${PASSWORD}
`;
}
