import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readCells, scratch, writeCells } from '../presync.js';
import { describeProgram, describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

describeServer('slapd', 'apply where its words find no reader', () => {
  const { path, remove } = scratch();
  let server: SlapdServer;
  beforeAll(async () => {
    server = await startSlapd({ tls: false });
    writeFileSync(path('password'), server.password);
    await server.add(`dn: OU=u,${server.suffix}\nobjectClass: organizationalUnit\n\n`);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    remove();
  }, 60_000);
  const dnOf = (cn: string) => `CN=${cn},OU=u,${server.suffix}`;
  const row = (cn: string) => ({
    DISTINGUISHEDNAME: dnOf(cn),
    ATTRIBUTE: 'mail',
    VALUE: `${cn}@contoso.local`,
    UPDATE: `${cn}@contoso.com`,
    ACTION: 'EDIT',
    ID: cn,
  });

  test.each([
    ['stderr to a reader that went away', '2>&1 >out | true'],
    ['both to a reader that went away', '2>&1 | true'],
    ['stderr to a full disk', '>out 2>/dev/full'],
  ])('%s: the run goes on, and the result file is there', async (name, redirect) => {
    const folder = path(name.replaceAll(' ', '-'));
    mkdirSync(folder);
    const cn = name.replaceAll(' ', '');
    await server.add(
      `dn: ${dnOf(cn)}\nobjectClass: user\nsn: a\nsAMAccountName: a\nmail: ${cn}@contoso.local\n`,
    );
    writeCells(`${folder}/s.csv`, [row(cn)]);
    const command = `set -o pipefail; cd ${folder} && "$0" ${process.cwd()}/dist/cli.js apply s.csv ${server.url} --bind-dn "$1" --password-file ${path('password')} --allow-plaintext --confirm --journal j.jsonl --result r.csv ${redirect}`;
    const { status } = spawnSync('bash', ['-c', command, process.execPath, server.bindDn]);
    expect(status).toBe(0);
    expect(readdirSync(folder).filter((one) => one.endsWith('.tmp'))).toEqual([]);
    expect(readCells(`${folder}/r.csv`)).toMatchObject([{ ACTION: 'COMPLETE' }]);
  });

  describeProgram('smallDisk', 'or no room', () => {
    test('standard output fills its disk after the writing: the result file must be there', async () => {
      const folder = path('small');
      mkdirSync(folder);
      mkdirSync(`${folder}/disk`);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${folder}/disk`]);
      try {
        await server.add(
          `dn: ${dnOf('z')}\nobjectClass: user\nsn: a\nsAMAccountName: a\nmail: z@contoso.local\n`,
        );
        writeCells(`${folder}/s.csv`, [row('z')]);
        // The plan fits into what is left of the last page (tmpfs gives 4 KB pages), the result does not.
        const plan = 4096 - 150;
        writeFileSync(`${folder}/disk/out`, Buffer.alloc(plan));
        writeFileSync(`${folder}/disk/other`, Buffer.alloc(15 * 4096));
        const command = `cd ${folder} && "$0" ${process.cwd()}/dist/cli.js apply s.csv ${server.url} --bind-dn "$1" --password-file ${path('password')} --allow-plaintext --confirm --journal j.jsonl --result r.csv >>disk/out`;
        const { status } = spawnSync('bash', ['-c', command, process.execPath, server.bindDn]);
        expect(existsSync(`${folder}/r.csv`)).toBe(true);
        expect(status).not.toBe(2);
      } finally {
        execFileSync('umount', [`${folder}/disk`]);
      }
    });
  });
});
