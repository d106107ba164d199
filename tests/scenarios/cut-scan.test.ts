import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { directorySource } from '../../src/ldap/directory/source.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import { lastingConnection } from '../../src/ldap/protocol/lasting-connection.js';
import { scan } from '../../src/scan/scan.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { describeServer } from '../servers/available.js';
import { startProxy } from '../servers/proxy.js';
import { type Stage, type StageName, startStage } from '../servers/stage.js';

const SIZE = 300;
const STAGES: readonly StageName[] = ['slapd', 'samba'];

for (const name of STAGES) {
  describeServer(name, `a scan that is cut while entries move (${name})`, () => {
    let stage: Stage;
    let proxy: Awaited<ReturnType<typeof startProxy>>;
    let cutAt = Number.POSITIVE_INFINITY;
    const base = () => `ou=faults,${stage.baseDn}`;

    beforeAll(async () => {
      stage = await startStage(name);
      const units = [base(), `ou=elsewhere,${base()}`].map(
        (dn) => `dn: ${dn}\nobjectClass: organizationalUnit\n`,
      );
      const contacts = Array.from(
        { length: SIZE },
        (_, n) =>
          `dn: cn=c${n},${base()}\nobjectClass: contact\ncn: c${n}\nsn: x\ndisplayName: c${n}\nmail: c${n}@contoso.com\nproxyAddresses: SMTP:c${n}@contoso.com\n`,
      );
      await stage.add([...units, ...contacts].join('\n'));
      const { host, port } = stage.target;
      proxy = await startProxy(port, { targetHost: host, cutAfterBytes: () => cutAt });
    }, 180_000);
    afterAll(async () => {
      await proxy?.stop();
      await stage?.stop();
    });

    /** Renames and moves every third entry, so that some are already read and some are not. */
    const move = () => {
      const some = Array.from({ length: SIZE / 3 }, (_, n) => 3 * n);
      const changes = some.map(
        (n) =>
          `dn: cn=c${n},${base()}\nchangetype: modrdn\nnewrdn: cn=moved${n}\ndeleteoldrdn: 1\nnewsuperior: ou=elsewhere,${base()}\n`,
      );
      return stage.add(changes.join('\n'));
    };

    test('sees every entry, and each of them once', async () => {
      const { bindDn, password, target } = stage;
      const login = { bindDn, password, allowPlaintext: true, startTls: false, insecure: true };
      const url = `ldap${target.tls ? 's' : ''}://127.0.0.1:${proxy.port}`;
      const moved: number[] = [];
      const read = async () => {
        const connection = await lastingConnection(
          () => connect({ url, ...login, timeoutMs: 30_000 }),
          {
            pauses: [1],
            sleep: async () => {
              await move();
              cutAt = Number.POSITIVE_INFINITY;
              return moved.push(proxy.bytes()) > 0;
            },
          },
        );
        const options = { bases: [base()], pageSize: 20, covered: [] };
        const result = await scan([directorySource(connection, options)], {
          settings: settingsFrom(),
        });
        await connection.close();
        const { complete, gaps, entries } = result.summary;
        const doubles = result.findings.filter(({ rule }) => rule.startsWith('duplicate'));
        return { complete, gaps, entries, doubles };
      };
      const whole = { complete: true, gaps: [], entries: SIZE, doubles: [] };
      expect(await read()).toEqual(whole);
      cutAt = Math.floor(proxy.bytes() * 0.7);
      expect(await read()).toEqual(whole);
      expect([proxy.connections(), moved.length]).toEqual([3, 1]);
    }, 60_000);
  });
}
