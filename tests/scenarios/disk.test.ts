import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, scratch } from '../presync.js';
import { describeProgram } from '../servers/available.js';

/** A sheet, a report and changes of this many people are far more than the disk holds. */
const SIZE = 2_000;
const DISK = '64k';
/** Leaves some room, yet less than the shortest report takes: the first pieces can be written. */
const FILLED = 56 * 1024;

const person = (n: number) =>
  `dn: CN=user${n},DC=contoso,DC=com\nobjectClass: user\ndisplayName: user${n}\nuserPrincipalName:: ${btoa(` user${n}@contoso.com`)}\n\n`;

describeProgram('smallDisk', 'a disk that is full', () => {
  const { path, remove } = scratch();

  beforeAll(() => {
    writeFileSync(path('all.ldif'), Array.from({ length: SIZE }, (_, n) => person(n)).join(''));
    mkdirSync(path('disk'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', path('disk')]);
  });
  afterAll(() => {
    execFileSync('umount', [path('disk')]);
    remove();
  });

  test.each(['csv', 'jsonl', 'ldif', 'html', 'junit'])(
    '%s: an error with the way out, the old report as it was, and nothing beside it',
    async (format) => {
      writeFileSync(path('disk/report'), 'old');
      writeFileSync(path('disk/other'), Buffer.alloc(FILLED));
      const { code, err, out } = await presync([
        ...['scan', path('all.ldif'), `--${format}`, path('disk/report')],
      ]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toBe(
        `presync: Cannot write ${path('disk/report')}: the disk is full\n` +
          '  Free some space or name a file on another disk.\n',
      );
      expect(readdirSync(path('disk'))).toEqual(['other', 'report']);
      expect(readFileSync(path('disk/report'), 'utf8')).toBe('old');
    },
  );

  test('standard output too', () => {
    const command = '"$0" dist/cli.js scan "$1" --jsonl - 2>&1 >"$2/out" || echo "exit $?"';
    const args = ['-c', command, process.execPath, path('all.ldif'), path('disk')];
    expect(execFileSync('sh', args).toString()).toBe(
      'presync: Cannot write standard output: the disk is full\n' +
        '  Free some space or name a file on another disk.\nexit 2\n',
    );
  });
});
