import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { describeServer } from '../../servers/available.js';
import { run } from '../../servers/process.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { brokenSearch, closing, edit, entriesOf, open, pagesOf, refusal } from '../opening.js';

await describeServer('slapd', 'certificates', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'presync-certificates-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** A TLS server with a certificate of its own for these names and this time. */
  async function serving(names: string, from = '20200101', to = '20991231') {
    const file = (name: string) => join(directory, name);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await writeFile(file('index'), '');
    await writeFile(
      file('ca.cnf'),
      `[ca]\ndefault_ca=own\n[own]\ndatabase=${file('index')}\nrand_serial=yes\ndefault_md=sha256\n` +
        `new_certs_dir=${directory}\npolicy=any\nx509_extensions=names\n[any]\ncommonName=supplied\n` +
        `[names]\nsubjectAltName=${names}\n`,
    );
    const request = ['-subj', '/CN=dc1', '-keyout', file('key'), '-out', file('request')];
    await run('openssl', ['req', '-new', ...key, ...request]);
    const times = ['-startdate', `${from}000000Z`, '-enddate', `${to}000000Z`];
    const files = ['-keyfile', file('key'), '-in', file('request'), '-out', file('cert')];
    const self = ['-selfsign', '-batch', '-notext', '-config', file('ca.cnf')];
    await run('openssl', ['ca', ...self, ...times, ...files]);
    const ca = await readFile(file('cert'), 'utf8');
    const server = createTlsServer({ key: await readFile(file('key')), cert: ca }, (socket) => {
      socket.on('error', () => {});
      socket.destroy();
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    return { url: `ldaps://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, ca };
  }

  test('self-signed', async () => {
    const { url } = await serving('IP:127.0.0.1');
    const error = await refusal(open({ url }));
    expect(error.message).toContain('self-signed');
    expect(error.worded(asFlag).hint).toContain('--ca');
  });

  test('for another name: says which', async () => {
    const error = await refusal(open(await serving('DNS:dc1.contoso.local,DNS:contoso.local')));
    expect(error.message).toContain('but for dc1.contoso.local, contoso.local');
  });

  test('expired', async () => {
    const error = await refusal(open(await serving('IP:127.0.0.1', '20200101', '20200102')));
    expect(error.message).toContain('has expired');
  });
});

await describeServer('slapd', 'slapd', () => {
  let slapd: SlapdServer;
  const COUNT = 25;

  beforeAll(async () => {
    const entries = Array.from(
      { length: COUNT },
      (_, n) =>
        `dn: cn=user${n},dc=contoso,dc=local\nobjectClass: user\ncn: user${n}\nsn: x\nmail: user${n}@contoso.com\n`,
    );
    slapd = await startSlapd({ entries: entries.join('\n'), sizeLimit: 15 });
  }, 60_000);
  afterAll(() => slapd?.stop());

  const admin = () => ({ bindDn: slapd.bindDn, password: slapd.password });

  test('TLS is verified: refused without the authority, accepted with it, and when told not to look', async () => {
    const ca = await readFile(slapd.caFile, 'utf8');
    for (const way of [{ url: slapd.ldapsUrl }, { url: slapd.url, startTls: true }]) {
      expect((await refusal(open({ ...way, ...admin() }))).worded(asFlag).hint).toContain('--ca');
      expect(
        await entriesOf(await open({ ...way, ...admin(), ca }), { base: slapd.suffix }),
      ).toHaveLength(COUNT);
      await open({ ...way, ...admin(), insecure: true });
    }
  });

  test('a size limit gives what had come and says so', async () => {
    const reader = { bindDn: slapd.readerDn, password: slapd.password };
    const connection = await open({ url: slapd.url, ...reader, allowPlaintext: true });
    const { pages, failure } = await brokenSearch(connection, { base: slapd.suffix });
    expect(pages.flatMap(({ entries }) => entries)).toHaveLength(15);
    expect(failure.message).toContain('sizeLimitExceeded (4)');
  });

  test('wrong password, wrong base, unknown entry', async () => {
    const wrong = { bindDn: slapd.bindDn, password: 'wrong', allowPlaintext: true };
    expect((await refusal(open({ url: slapd.url, ...wrong }))).message).toContain('wrong name or');
    const connection = await open({ url: slapd.url });
    const base = `ou=nowhere,${slapd.suffix}`;
    const error = await refusal(pagesOf(connection, { base }));
    expect(error.message).toContain(`has no entry ${base}; the nearest is ${slapd.suffix}`);
    expect((await refusal(pagesOf(connection, { base: 'x' }))).message).toContain(
      'invalidDNSyntax',
    );
    expect(await connection.read(base, ['cn'])).toBeUndefined();
  });

  test('an escaped filter finds what it means', async () => {
    const dn = `cn=Jörg*,${slapd.suffix}`;
    await slapd.add(`dn: ${dn}\nobjectClass: user\ncn: Jörg*\nsn: x\n`);
    const connection = await open({ url: slapd.url });
    const filter = '(cn=J\\c3\\b6rg\\2a)';
    expect(await entriesOf(connection, { base: slapd.suffix, filter })).toHaveLength(1);
  });

  test('changes are compare-and-swap; without rights they fail with a hint', async () => {
    const connection = await open({ url: slapd.url, ...admin(), allowPlaintext: true });
    const dn = `cn=user0,${slapd.suffix}`;
    const change = [edit('mail', ['user0@contoso.com'], ['new0@contoso.com'])];
    expect((await connection.modify(dn, change)).state).toBe('applied');
    expect(await connection.modify(dn, change)).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('noSuchAttribute (16)'),
    });
    const [entry] = await slapd.search({ filter: '(cn=user0)' });
    expect(entry?.values('mail')).toEqual(['new0@contoso.com']);
    const anonymous = await open({ url: slapd.url });
    expect((await anonymous.modify(dn, [edit('mail', ['new0@contoso.com'], [])])).state).toBe(
      'failed',
    );
  });
});

await describeServer('samba', 'Samba', () => {
  let samba: SambaServer;

  beforeAll(async () => {
    samba = await startSamba();
  }, 120_000);
  afterAll(() => samba?.stop());

  const admin = () => ({ bindDn: samba.admin, password: samba.password });

  test('the root DSE tells that it is Active Directory', async () => {
    const { rootDse } = await open({ url: samba.ldaps, ...admin(), insecure: true });
    expect(rootDse).toMatchObject({
      isActiveDirectory: true,
      defaultNamingContext: samba.baseDn,
      configurationNamingContext: `CN=Configuration,${samba.baseDn}`,
      schemaNamingContext: `CN=Schema,CN=Configuration,${samba.baseDn}`,
      rootDomainNamingContext: samba.baseDn,
    });
    expect(rootDse.supportedControl).toContain('1.2.840.113556.1.4.319');
    expect(rootDse.dnsHostName?.toLowerCase()).toBe(samba.hostname.toLowerCase());
  });

  test('an unknown authority is refused; with it the name still has to be right', async () => {
    const ca = await readFile(samba.caFile, 'utf8');
    expect((await refusal(open({ url: samba.ldaps, ...admin() }))).worded(asFlag).hint).toContain(
      '--ca',
    );
    const error = await refusal(open({ url: samba.ldaps, ...admin(), ca }));
    expect(error.message).toContain(`but for ${samba.hostname}`);
  });

  test('StartTLS; without encryption the controller refuses the password', async () => {
    const connection = await open({ url: samba.ldap, ...admin(), startTls: true, insecure: true });
    expect((await connection.read(`CN=Users,${samba.baseDn}`, ['cn']))?.values('cn')).toEqual([
      'Users',
    ]);
    const plain = { url: samba.ldap, ...admin(), allowPlaintext: true };
    expect((await refusal(open(plain))).worded(asFlag).hint).toContain('--start-tls');
  });

  test('T18 why Active Directory refuses an account', async () => {
    const refused = async (name: string, change: string) => {
      const bindDn = await samba.addUser(name, 'Pa55-word.test');
      const dn = `CN=${name},CN=Users,${samba.baseDn}`;
      await samba.add(`dn: ${dn}\nchangetype: modify\n${change}\n`);
      const account = { bindDn, password: 'Pa55-word.test', insecure: true };
      return (await refusal(open({ url: samba.ldaps, ...account }))).message;
    };
    expect(await refused('off', 'replace: userAccountControl\nuserAccountControl: 514')).toContain(
      'the account is disabled (533)',
    );
    expect(await refused('over', 'replace: accountExpires\naccountExpires: 1')).toContain(
      'the account has expired (701)',
    );
    expect(await refused('new', 'replace: pwdLastSet\npwdLastSet: 0')).toContain(
      'the password must be changed before the first logon (773)',
    );
  });

  test('a wrong password and an anonymous search', async () => {
    const wrong = { bindDn: samba.admin, password: 'wrong', insecure: true };
    expect((await refusal(open({ url: samba.ldaps, ...wrong }))).message).toContain(
      'wrong name or',
    );
    const connection = await open({ url: samba.ldaps, insecure: true });
    expect((await refusal(pagesOf(connection))).worded(asFlag).hint).toContain('--bind-dn');
  });
});
