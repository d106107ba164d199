import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, readCells, readRecords, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

const SIZE = 3_000;
const SUFFIX = 'dc=contoso,dc=local';

const person = (n: number) =>
  `dn: cn=user${n},${SUFFIX}\nobjectClass: user\ncn: user${n}\nsn: user${n}\ndisplayName: user${n}\nsAMAccountName: user${n}\nuserPrincipalName: user${n}@contoso.local\n\n`;

describeServer('slapd', 'volume and interruption on OpenLDAP', () => {
  const { path, remove } = scratch();
  let server: SlapdServer;

  beforeAll(async () => {
    const entries = Array.from({ length: SIZE }, (_, n) => person(n)).join('');
    server = await startSlapd({ suffix: SUFFIX, entries, sizeLimit: 1_200 });
    writeFileSync(path('password'), server.password);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    remove();
  });

  const login = (dn = server.bindDn) => [
    '--bind-dn',
    dn,
    '--password-file',
    path('password'),
    '--start-tls',
    '--ca',
    server.caFile,
  ];
  const state = async () => {
    const entries = await server.search({
      filter: '(userPrincipalName=*)',
      attributes: ['userPrincipalName'],
    });
    return entries.map(({ dn, values }) => [dn, values('userPrincipalName')]);
  };
  const scan = (...more: string[]) =>
    presync(['scan', server.url, ...login(), '--map-suffix', 'contoso.local=contoso.com', ...more]);

  test('Ctrl-C in the middle of an apply: what was under way is finished, the rest is left, undo restores all', async () => {
    const before = await state();
    const { code } = await scan('--csv', path('review.csv'), '--page-size', '100');
    expect(code).toBe(0);
    const rows = readCells(path('review.csv'));
    expect(rows).toHaveLength(SIZE);
    writeCells(
      path('review.csv'),
      rows.map((row) => ({ ...row, ACTION: 'EDIT' })),
    );

    const journal = path('apply.jsonl');
    const stopped = await presync(
      [
        ...['apply', path('review.csv'), server.url, ...login(), '--confirm'],
        ...['--journal', journal, '--max-changes', '100%'],
      ],
      {
        started: async (child) => {
          while (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < 60)
            await setTimeout(5);
          child.kill('SIGINT');
        },
      },
    );
    expect(stopped.code).toBe(3);
    expect(stopped.out).toMatch(/Stopped early: interrupted/);
    const applied = Number(/^(\d+) applied, (\d+) not attempted$/m.exec(stopped.out)?.[1]);
    expect(applied).toBeGreaterThan(0);
    expect(applied).toBeLessThan(SIZE);
    const changed = (await state()).filter(([, upn]) => String(upn).endsWith('@contoso.com'));
    expect(changed).toHaveLength(applied);

    const undone = await presync([
      'undo',
      journal,
      server.url,
      ...login(),
      '--confirm',
      '--max-changes',
      '100%',
      '--journal',
      path('undo.jsonl'),
    ]);
    expect(undone.code).toBe(0);
    expect(undone.out).toContain(`${applied} applied`);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('a size limit in the middle of the scan: exit 3, and both the summary and the person are told', async () => {
    const { code, out, err } = await presync([
      'scan',
      server.url,
      ...login(server.readerDn),
      '--jsonl',
      '-',
    ]);
    expect(code).toBe(3);
    const summary = readRecords(out).at(-1);
    expect(summary).toMatchObject({ complete: false });
    expect(Number(summary?.['entries'])).toBeGreaterThan(0);
    expect(Number(summary?.['entries'])).toBeLessThan(SIZE);
    expect(err).toMatch(/INCOMPLETE.*\n.*sizeLimitExceeded/);
  });

  test('--base in flag and URL, --filter, and a base that does not exist', async () => {
    const entries = async (...args: string[]) => {
      const { out } = await presync(['scan', ...args, ...login(), '--jsonl', '-']);
      return readRecords(out).at(-1)?.['entries'];
    };
    expect(await entries(server.url, '--base', `cn=user7,${SUFFIX}`)).toBe(1);
    expect(await entries(`${server.url}/cn=user8,${SUFFIX}`)).toBe(1);
    expect(await entries(server.url, '--filter', '(cn=user29*)')).toBe(111);
    const wrong = await presync(['scan', `${server.url}/ou=nowhere,${SUFFIX}`, ...login()]);
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    expect(wrong.err).toMatch(/^presync: .*nowhere.*\n {2}.+\n$/);
  });

  test('the same directory as two sources: nobody is their own duplicate', async () => {
    const twice = await presync([
      'scan',
      server.url,
      `${server.url}/${SUFFIX}`,
      ...login(),
      '--jsonl',
      '-',
    ]);
    expect(readRecords(twice.out).at(-1)).toMatchObject({ entries: SIZE, findings: { error: 0 } });
  });
});
