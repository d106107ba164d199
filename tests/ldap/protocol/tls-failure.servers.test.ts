import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeServer } from '../../servers/available.js';
import { run } from '../../servers/process.js';
import { startSlapd } from '../../servers/slapd.js';
import { closing, open, refusal } from '../opening.js';

await describeServer('slapd', 'T20 TLS that cannot be', () => {
  let directory: string;
  const file = (name: string) => join(directory, name);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'presync-tls-'));
    const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(name)];
    const ca = ['-x509', '-days', '30', '-subj', '/CN=authority', '-out', file('ca.pem')];
    await run('openssl', ['req', ...key('ca.key'), ...ca]);
    await run('openssl', ['req', '-new', ...key('key'), '-subj', '/CN=dc1', '-out', file('csr')]);
    await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
    await writeFile(file('purpose'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=clientAuth\n');
    await sign('good', 'sha256', 'names');
    await sign('old', 'sha1', 'names');
    await sign('client', 'sha256', 'purpose');
  }, 60_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function sign(name: string, digest: string, extensions: string): Promise<void> {
    const authority = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
    const what = ['-days', '30', `-${digest}`, '-extfile', file(extensions)];
    const files = ['-in', file('csr'), '-out', file(`${name}.pem`)];
    await run('openssl', ['x509', '-req', ...authority, ...what, ...files]);
  }

  /** A server that speaks TLS in its own way, and nothing behind it. */
  async function serving(certificate: string, options: TlsOptions = {}) {
    const server = createServer(
      {
        key: await readFile(file('key')),
        cert: await readFile(file(`${certificate}.pem`)),
        ciphers: 'DEFAULT:@SECLEVEL=0',
        ...options,
      },
      (socket) => socket.on('error', () => {}),
    );
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const url = `ldaps://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    return { url, ca: await readFile(file('ca.pem'), 'utf8') };
  }

  const wantsCertificate = { requestCert: true, rejectUnauthorized: true } as const;

  test.each<readonly [string, string, TlsOptions, string, string]>([
    ['a certificate signed with SHA-1', 'old', {}, 'too weak to prove', 'SHA-256'],
    ['a certificate for clients', 'client', {}, 'not one for a server', 'Server Authentication'],
    [
      'TLS 1.1 and no later',
      'good',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' },
      'TLS 1.1 or older only',
      'TLS 1.2 switched on',
    ],
    [
      'a client certificate, with TLS 1.2',
      'good',
      { ...wantsCertificate, maxVersion: 'TLSv1.2' },
      'refuses what presync offers',
      'certificate of the client',
    ],
    [
      'a client certificate, with TLS 1.3',
      'good',
      { ...wantsCertificate, minVersion: 'TLSv1.3' },
      'asks for a certificate of the client',
      'do without',
    ],
  ])('%s', async (_, certificate, options, what, hint) => {
    const { url, ca } = await serving(certificate, options);
    const error = await refusal(open({ url, ca }));
    expect(error.message).toContain(what);
    expect(error.hint).toContain(hint);
    expect(error.message + error.hint).not.toMatch(/Check the network|UNSPECIFIED/);
  });

  test('slapd that wants a client certificate, on both ways to TLS', async () => {
    const slapd = await startSlapd({ serverLines: ['TLSVerifyClient demand'] });
    closing.push(() => slapd.stop());
    const ca = await readFile(slapd.caFile, 'utf8');
    for (const way of [{ url: slapd.ldapsUrl }, { url: slapd.url, startTls: true }]) {
      const { message, hint } = await refusal(open({ ...way, ca }));
      // With GnuTLS, as on Debian, it closes without a word.
      expect(message).toMatch(
        /asks for a certificate of the client|refuses what presync offers|has not answered anything/,
      );
      expect(hint).toMatch(/TLSVerifyClient|certificate of the client/);
    }
  }, 60_000);
});
