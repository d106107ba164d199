import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { describeServer } from './available.js';
import { isFree } from './process.js';
import { startProxy } from './proxy.js';
import { startSamba } from './samba.js';
import { startSlapd } from './slapd.js';

const MINUTES = 180_000;

function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    () => true,
  );
}

/** The error of a TLS connection that checks the server's name and certificate, or 'accepted'. */
async function handshake(url: string, caFile: string, servername?: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const ca = await readFile(caFile);
  return new Promise((resolve) => {
    const name = servername === undefined ? {} : { servername };
    const socket = connect({ host, port: Number(port), ca, ...name }, () => {
      socket.destroy();
      resolve('accepted');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describeServer('samba', 'Samba AD domain controller', () => {
  test(
    'starts with Exchange attributes and a certificate for its own name, and is gone after stop',
    async () => {
      const samba = await startSamba();
      try {
        const login = await samba.addUser('reader', 'Other-Pa55.test');
        await samba.add(
          `dn: CN=reader,CN=Users,${samba.baseDn}
changetype: modify
add: proxyAddresses
proxyAddresses: SMTP:reader@contoso.com
-
add: mailNickname
mailNickname: reader
-
add: targetAddress
targetAddress: SMTP:reader@example.com
`,
        );
        const [entry] = await samba.search({ filter: `(userPrincipalName=${login})` });
        expect(entry?.dn).toBe('CN=reader,CN=Users,DC=contoso,DC=local');
        expect(entry?.values('PROXYADDRESSES')).toEqual(['SMTP:reader@contoso.com']);
        expect(entry?.values('targetAddress')).toEqual(['SMTP:reader@example.com']);
        expect(entry?.bytes('objectGUID')[0]).toHaveLength(16);

        const client = new Client({ url: samba.gc, tlsOptions: { rejectUnauthorized: false } });
        await client.bind(login, 'Other-Pa55.test');
        await client.unbind();
        expect(await handshake(samba.ldaps, samba.caFile, samba.hostname)).toBe('accepted');
        expect(await handshake(samba.ldaps, samba.caFile)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      } finally {
        await samba.stop();
      }
      expect(await isFree(636, new URL(samba.ldaps).hostname)).toBe(true);
      expect(await isGone(dirname(samba.caFile))).toBe(true);
    },
    MINUTES,
  );

  test(
    'runs twice at once, each with its own directory',
    async () => {
      const servers = await Promise.all([startSamba(), startSamba()]);
      const [one, two] = servers;
      try {
        await one.addUser('only-here', 'Other-Pa55.test');
        const filter = '(sAMAccountName=only-here)';
        expect(await one.search({ filter })).toHaveLength(1);
        expect(await two.search({ filter })).toHaveLength(0);
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
      }
    },
    MINUTES,
  );
});

describeServer('slapd', 'OpenLDAP', () => {
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const name = `user${index}`;
      return `dn: cn=${name},dc=contoso,dc=local
objectClass: user
cn: ${name}
sn: ${name}
proxyAddresses: SMTP:${name}@contoso.com
`;
    }).join('\n');

  test(
    'loads entries, takes more, has a certificate for 127.0.0.1, and is gone after stop',
    async () => {
      const slapd = await startSlapd({ entries: people(1200) });
      try {
        await slapd.add(`dn: cn=Jürgen,${slapd.suffix}
objectClass: contact
cn: Jürgen
sn: Müller
targetAddress: SMTP:j@example.com

dn: cn=pc,${slapd.suffix}
objectClass: computer
cn: pc
sn: pc

dn: cn=team,${slapd.suffix}
objectClass: group
cn: team
msExchHideFromAddressLists: TRUE
`);
        expect(await slapd.search({ filter: '(objectClass=user)' })).toHaveLength(1201);
        const [contact] = await slapd.search({ filter: '(targetAddress=*)' });
        expect(contact?.dn).toBe('cn=Jürgen,dc=contoso,dc=local');
        expect(contact?.values('sn')).toEqual(['Müller']);
        expect(await handshake(slapd.ldapsUrl, slapd.caFile)).toBe('accepted');

        const client = new Client({ url: slapd.url });
        await client.startTLS({ ca: await readFile(slapd.caFile) });
        await client.bind(slapd.readerDn, slapd.password);
        await client.unbind();
      } finally {
        await slapd.stop();
      }
      expect(await isFree(Number(new URL(slapd.url).port), '127.0.0.1')).toBe(true);
      expect(await isGone(dirname(slapd.caFile))).toBe(true);
    },
    MINUTES,
  );

  test(
    'keeps to a size limit and refuses strangers',
    async () => {
      const slapd = await startSlapd({
        entries: people(20),
        sizeLimit: 5,
        anonymous: false,
        tls: false,
      });
      const client = new Client({ url: slapd.url });
      try {
        const search = () => client.search(slapd.suffix, { paged: { pageSize: 2 } });
        await expect(search()).rejects.toThrow('authentication required');
        await client.bind(slapd.readerDn, slapd.password);
        await expect(search()).rejects.toThrow('0x4');
        expect(await slapd.search()).toHaveLength(22);
      } finally {
        await client.unbind();
        await slapd.stop();
      }
    },
    MINUTES,
  );

  test(
    'behind a proxy that cuts the connection',
    async () => {
      const slapd = await startSlapd({ entries: people(500) });
      const proxy = await startProxy(Number(new URL(slapd.url).port), { cutAfterBytes: 5000 });
      const client = new Client({ url: `ldap://127.0.0.1:${proxy.port}` });
      try {
        await client.bind(slapd.bindDn, slapd.password);
        await expect(client.search(slapd.suffix)).rejects.toThrow();
        expect(proxy.connections()).toBe(1);
      } finally {
        await client.unbind();
        await proxy.stop();
        await slapd.stop();
      }
    },
    MINUTES,
  );
});
