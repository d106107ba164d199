import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BY_HAND, presync, scratch, shellWords, writeCells } from '../presync.js';
import { describeProgram } from '../servers/available.js';
import { startFaultyServer } from '../servers/faulty.js';

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

  /** Each entry takes some 500 octets of a journal, so that the disk is full in the middle of the run. */
  test('a journal: the run ends, what was done and how to put it back is said, and undo can do it', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `user${String(n).padStart(4, '0')}`);
    const server = await startFaultyServer({ entries: names.length });
    try {
      writeCells(
        path('sheet.csv'),
        names.map((name) => ({
          ...{ DISTINGUISHEDNAME: `CN=${name},OU=People,${server.baseDn}`, OBJECTCLASS: 'user' },
          ...{ ATTRIBUTE: 'mail', VALUE: `${name}@contoso.com`, UPDATE: `${name}@fabrikam.com` },
          ACTION: 'EDIT',
        })),
      );
      writeFileSync(path('disk/other'), Buffer.alloc(FILLED - 4096));
      const journal = path('disk/journal.jsonl');
      const { code, out, err } = await presync([
        ...['apply', ...BY_HAND, path('sheet.csv'), server.url, '--concurrency', '1'],
        ...['--confirm', '--journal', journal],
      ]);
      const changed = () =>
        names.filter((_, n) => server.values(n, 'mail')[0]?.endsWith('@fabrikam.com'));
      const applied = changed().length;
      expect([applied > 1, applied < names.length - 10]).toEqual([true, true]);
      expect(code).toBe(3);
      expect(out).toContain(`\n${applied} applied, ${names.length - applied} not attempted\n`);
      expect(out).toContain(
        `Stopped early: The journal ${journal} cannot be written: the disk is full.\n  Make room`,
      );
      expect(out).toContain(`The first row not attempted is row ${applied + 2}.\n`);
      expect(err).toBe(`Journal: ${journal}\n`);
      const [, back = ''] = /^To put everything back: presync (.*)$/m.exec(out) ?? [];
      const undone = await presync([
        ...shellWords(back),
        ...['--confirm', '--journal', path('undo.jsonl')],
      ]);
      expect([undone.code, changed()]).toEqual([0, []]);
    } finally {
      await server.stop();
    }
  }, 60_000);

  test('standard output too', () => {
    const command = '"$0" dist/cli.js scan "$1" --jsonl - 2>&1 >"$2/out" || echo "exit $?"';
    const args = ['-c', command, process.execPath, path('all.ldif'), path('disk')];
    expect(execFileSync('sh', args).toString()).toBe(
      'presync: Cannot write standard output: the disk is full\n' +
        '  Free some space or name a file on another disk.\nexit 2\n',
    );
  });
});
