import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, type RunOptions, readRecords, scratch } from '../presync.js';
import { seeded } from '../random.js';
import { describeServer } from '../servers/available.js';
import { startProxy } from '../servers/proxy.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

const SIZE = 100_000;
const SUFFIX = 'dc=contoso,dc=local';
const SEED = Number(process.env['PRESYNC_SEED'] ?? 11);
/** As many as presync bears with even when none of them comes later than those before. */
const CUTS = 5;

/** People of whom one in ten has a fault, some of them shared with others. */
function person(n: number, chance: () => number): string {
  const shared = Math.floor(chance() * 500);
  const fault = chance();
  const local = `user${n}${fault < 0.03 ? '.' : ''}`;
  const address = fault > 0.97 ? `shared${shared}` : `user${n}`;
  return [
    `dn: cn=user${n},${SUFFIX}`,
    'objectClass: user',
    `cn: user${n}`,
    `sn: ${n}`,
    `displayName: Person ${n}`,
    `sAMAccountName: user${n}`,
    `userPrincipalName: ${local}@contoso.com`,
    `mail: user${n}@contoso.com`,
    `proxyAddresses: SMTP:user${n}@contoso.com`,
    `proxyAddresses: smtp:${address}@alias.contoso.com`,
    '',
    '',
  ].join('\n');
}

describeServer('slapd', `a scan of ${SIZE} entries that is cut at random moments`, () => {
  const { path, remove } = scratch();
  const chance = seeded(SEED);
  const cuts: number[] = [];
  /** Bytes of all entries. */
  let total = 0;
  let server: SlapdServer;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  beforeAll(async () => {
    const entries = Array.from({ length: SIZE }, (_, n) => person(n, chance)).join('');
    server = await startSlapd({ suffix: SUFFIX, entries, tls: false });
    writeFileSync(path('password'), server.password);
    const { port } = new URL(server.url);
    proxy = await startProxy(Number(port), {
      cutAfterBytes: () => cuts.shift() ?? Number.POSITIVE_INFINITY,
    });
  }, 120_000);
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
    remove();
  });

  const scan = (report: string, options: RunOptions = {}) =>
    presync(
      [
        ...['scan', `ldap://127.0.0.1:${proxy.port}`, '--bind-dn', server.bindDn],
        ...['--password-file', path('password'), '--allow-plaintext', '--jsonl', path(report)],
      ],
      options,
    );

  test('finds the same, to the byte, and says that it is complete', async () => {
    const whole = await scan('whole.jsonl');
    expect([whole.code, proxy.connections()]).toEqual([1, 1]);
    total = proxy.bytes();
    // The first connection gets as far as the entries: a server that cannot be reached at all is an error at once.
    cuts.push(...Array.from({ length: CUTS }, () => Math.floor(chance() * total)));
    cuts[0] = Math.max(cuts[0] ?? 0, Math.floor(total / 10));
    const places = cuts.map((bytes) => `${Math.round((100 * bytes) / total)}%`).join(' ');
    process.stderr.write(`${total} bytes, cut at ${places}\n`);

    const cut = await scan('cut.jsonl');
    expect([cut.code, proxy.connections()]).toEqual([1, 2 + CUTS]);
    const report = readFileSync(path('cut.jsonl'));
    expect(report.equals(readFileSync(path('whole.jsonl')))).toBe(true);
    const summary = readRecords(report.toString()).at(-1);
    expect(summary).toMatchObject({ complete: true, gaps: [], entries: SIZE });
  });

  test('Ctrl-C in its middle: what was found, marked incomplete, and not so much is read after it', async () => {
    const before = proxy.bytes();
    let atOnce = 0;
    const { code } = await scan('stopped.jsonl', {
      started: async (child) => {
        while (proxy.bytes() - before < total / 2) await setTimeout(20);
        atOnce = proxy.bytes();
        child.kill('SIGINT');
      },
    });
    expect(atOnce - before).toBeGreaterThan(0);
    expect(proxy.bytes() - atOnce).toBeLessThan((atOnce - before) / 2);
    const summary = readRecords(readFileSync(path('stopped.jsonl'), 'utf8')).at(-1);
    const gaps = [expect.stringMatching(/: interrupted$/)];
    expect([code, summary]).toEqual([3, expect.objectContaining({ complete: false, gaps })]);
    expect(Number(summary?.['entries'])).toBeGreaterThan(SIZE / 4);
    expect(Number(summary?.['entries'])).toBeLessThan(SIZE);
  });
});
