import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultBases } from '../../../src/ldap/directory/scope.js';
import { directoryWriter } from '../../../src/ldap/directory/writer.js';
import { describeServer } from '../../servers/available.js';
import { startProxy } from '../../servers/proxy.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { closing, entriesOf, faulty, open, refusal } from '../opening.js';

test('T21 a catalog is known by what it answers, not by its port', async () => {
  const { connection } = await faulty({ globalCatalog: true });
  expect(connection.globalCatalog).toBe(true);
  expect(() => directoryWriter(connection)).toThrow('is a global catalog, which is read-only');
  // What lies beside a port that was forwarded is nobody's to guess.
  const beside = connection.openDirectory?.(undefined) ?? Promise.resolve();
  expect((await refusal(beside)).message).toContain('nobody knows the port');
});

test('T21 a directory has nothing below the root of the tree', async () => {
  const { server, connection } = await faulty({});
  expect(connection.globalCatalog).toBe(false);
  expect(connection.openDirectory).toBeUndefined();
  expect(server.requests.at(-1)).toMatchObject({ dn: '', scope: 'sub', attributes: ['1.1'] });
});

test('T21 what is no Active Directory is not asked', async () => {
  const { server, connection } = await faulty({ rootDse: { supportedCapabilities: [] } });
  expect(connection.globalCatalog).toBe(false);
  expect(server.requests.map(({ op, scope }) => [op, scope])).toEqual([['search', 'base']]);
});

await describeServer('samba', 'T21 Samba behind other ports', () => {
  let samba: SambaServer;
  beforeAll(async () => {
    samba = await startSamba();
  }, 120_000);
  afterAll(() => samba?.stop());

  const behind = async (port: number, logon = true) => {
    const targetHost = new URL(samba.ldaps).hostname;
    const proxy = await startProxy(port, { targetHost });
    closing.push(() => proxy.stop());
    const account = logon ? { bindDn: samba.admin, password: samba.password } : {};
    return open({ url: `ldaps://127.0.0.1:${proxy.port}`, insecure: true, ...account });
  };

  test('its catalog is read from the root of the tree, and not written to', async () => {
    const connection = await behind(3269);
    expect(connection.globalCatalog).toBe(true);
    expect(defaultBases(connection)).toEqual(['']);
    expect((await entriesOf(connection, { base: '' })).length).toBeGreaterThan(0);
    expect(() => directoryWriter(connection)).toThrow('read-only');
  });

  test('its directory is a directory', async () => {
    const connection = await behind(636);
    expect(connection.globalCatalog).toBe(false);
    expect(defaultBases(connection)).toEqual([samba.baseDn]);
  });

  test('whoever may not ask is told by the port', async () => {
    expect((await behind(3269, false)).globalCatalog).toBe(false);
    const anonymous = await open({ url: samba.gc, insecure: true });
    expect(anonymous.globalCatalog).toBe(true);
  });
});
