import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { BY_HAND, readCells, writeCells } from '../presync.js';
import { describeProgram, describeServer } from '../servers/available.js';
import { desk } from './desk.js';

/** What tmpfs gives room in. */
const BLOCK = 4096;

describeServer('slapd', 'apply where its words find no reader', () => {
  const { path, stage, person, row, logon, run } = desk('slapd');

  /** A folder with a sheet of one user in it. */
  const prepared = async (cn: string) => {
    const folder = path(cn);
    mkdirSync(folder);
    await person(cn, `mail: ${cn}@contoso.local`);
    const cells = row(cn, 'mail', `${cn}@contoso.local`, `${cn}@contoso.com`);
    writeCells(`${folder}/s.csv`, [cells]);
    return folder;
  };
  /** Applies the sheet of a folder in a shell that sends what it says elsewhere; gives the exit code. */
  const applyIn = (cwd: string, redirect: string) => {
    const files = ['--journal', 'j.jsonl', '--result', 'r.csv'];
    const words = [
      resolve('dist/cli.js'),
      'apply',
      ...BY_HAND,
      's.csv',
      stage().url,
      ...logon(),
      ...files,
    ];
    const script = `set -o pipefail; "$0" "$@" ${redirect}`;
    return spawnSync('bash', ['-c', script, process.execPath, ...words], { cwd }).status;
  };

  test.each([
    ['gone', 'stderr to a reader that went away', '2>&1 >out | true'],
    ['bothgone', 'both to a reader that went away', '2>&1 | true'],
    ['full', 'stderr to a full disk', '>out 2>/dev/full'],
  ])('%s: %s: the run goes on, and the result file is there', async (cn, _, redirect) => {
    const folder = await prepared(cn);
    expect(applyIn(folder, redirect)).toBe(0);
    expect(readdirSync(folder).filter((one) => one.endsWith('.tmp'))).toEqual([]);
    expect(readCells(`${folder}/r.csv`)).toMatchObject([{ ACTION: 'COMPLETE' }]);
  });

  describeProgram('smallDisk', 'or no room', () => {
    test('the result file fills its disk: what was done is said all the same, and how to undo it', async () => {
      const folder = await prepared('y');
      mkdirSync(`${folder}/disk`);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${folder}/disk`]);
      try {
        writeFileSync(`${folder}/disk/other`, Buffer.alloc(16 * BLOCK));
        const files = ['--journal', path('y.jsonl'), '--result', `${folder}/disk/r.csv`];
        const { code, out, err } = await run(['apply', `${folder}/s.csv`, ...files]);
        expect([code, err]).toEqual([3, expect.stringContaining('r.csv: the disk is full')]);
        expect(out).toMatch(/^1 applied\nTo put everything back: presync undo .*y\.jsonl ldap:/m);
      } finally {
        execFileSync('umount', [`${folder}/disk`]);
      }
    });

    test('standard output fills its disk after the writing: the result file must be there', async () => {
      const folder = await prepared('z');
      mkdirSync(`${folder}/disk`);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${folder}/disk`]);
      try {
        // The plan fits into what is left of the last block, the result does not.
        writeFileSync(`${folder}/disk/out`, Buffer.alloc(BLOCK - 150));
        writeFileSync(`${folder}/disk/other`, Buffer.alloc(15 * BLOCK));
        const status = applyIn(folder, '>>disk/out');
        expect(existsSync(`${folder}/r.csv`)).toBe(true);
        expect(status).not.toBe(2);
      } finally {
        execFileSync('umount', [`${folder}/disk`]);
      }
    });
  });
});
