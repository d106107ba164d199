import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readingFailure } from '../../src/files/file-failure.js';
import {
  checkInput,
  MissingFileError,
  readInput,
  readInputText,
  streamInput,
  type WholeFile,
} from '../../src/files/read-input.js';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(path(name), content);
  return path(name);
};

/** A file of a size, without content on disk. */
const sparse = (name: string, bytes: number) => {
  put(name, '');
  truncateSync(path(name), bytes);
  return path(name);
};

async function drain(file: string) {
  for await (const _ of streamInput(file, 'baseline'));
}

describe('a file that cannot be read says why, and what to do', () => {
  mkdirSync(path('folder'));
  put('file', 'x');
  symlinkSync(path('ring'), path('ring'));
  // At its beginning there is nothing to be had: a disk that fails.
  symlinkSync('/proc/self/mem', path('broken'));

  test.each([
    ['absent', 'there is no such file', 'Check the path.'],
    ['file/below', 'a part of the path is no folder', 'Check the path.'],
    ['folder', 'it is a folder', 'Name the file in it.'],
    ['ring', 'its links lead in a circle', 'Name the file itself.'],
    ['broken', 'the disk or the share does not give it', 'Name a copy on another disk.'],
    [`${'n'.repeat(300)}`, 'the path is too long', 'Check the path.'],
  ])('%s', async (name, reason, hint) => {
    const failure = (kind: string) => ({
      name: 'ExpectedError',
      exitCode: 2,
      message: `Cannot read the ${kind} ${path(name)}: ${reason}.`,
      hint,
    });
    await expect(readInput(path(name), 'journal')).rejects.toMatchObject(failure('journal'));
    await expect(drain(path(name))).rejects.toMatchObject(failure('baseline'));
    await expect(checkInput(path(name), 'LDIF file')).rejects.toMatchObject(failure('LDIF file'));
  });

  test('only one that is not there is missing', async () => {
    await expect(readInput(path('absent'), 'journal')).rejects.toBeInstanceOf(MissingFileError);
    await expect(readInput(path('folder'), 'journal')).rejects.not.toBeInstanceOf(MissingFileError);
  });

  test('no permission is no missing file, and an unknown code keeps the words of the system', () => {
    const failed = (code: string) => Object.assign(new Error(`${code}: so it is`), { code });
    expect(readingFailure(failed('EACCES')).reason).toBe('no permission');
    expect(readingFailure(failed('EWHAT')).reason).toBe('EWHAT: so it is');
  });
});

describe('a file that is too large is refused with the limit', () => {
  const tooLarge = (kind: string, mb: number) =>
    new RegExp(
      `^Cannot read the (file of )?${kind},? .*: it holds more than ${mb} MB, the most that presync reads of one at once`,
    );

  test('before a byte of it is read', async () => {
    const file = sparse('3gb.csv', 3 * 2 ** 30);
    const started = process.memoryUsage().rss;
    await expect(readInput(file, 'review sheet')).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(tooLarge('review sheet', 128)),
      hint: 'Decide in a spreadsheet: presync apply and presync ldif take larger ones from a disk.',
    });
    expect(process.memoryUsage().rss - started).toBeLessThan(100 * 2 ** 20);
  });

  const LIMITS = [
    ['configuration file', 16],
    ['password', 1],
    ['ca', 16],
    ['verifiedDomains', 16],
    ['review sheet', 128],
  ] as const satisfies (readonly [WholeFile, number])[];

  test.each(LIMITS)('and where a device has no end: a %s', async (kind, mb) => {
    await expect(readInput('/dev/zero', kind)).rejects.toThrow(tooLarge(kind, mb));
  });

  test('and where a pipe has none', async () => {
    execFileSync('mkfifo', [path('pipe')]);
    const writer = spawn('sh', ['-c', `exec yes > '${path('pipe')}'`]);
    try {
      await expect(readInput(path('pipe'), 'password')).rejects.toThrow(tooLarge('password', 1));
    } finally {
      writer.kill();
    }
  });

  test('but the last byte within it is taken', async () => {
    const bytes = await readInput(sparse('full', 2 ** 20), 'password');
    expect(bytes.length).toBe(2 ** 20);
    await expect(readInput(sparse('over', 2 ** 20 + 1), 'password')).rejects.toThrow('1 MB');
  });
});

test('a file is read whole, also one that does not tell its size', async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, n) => n % 251));
  expect(Buffer.compare(await readInput(put('bytes', bytes), 'journal'), bytes)).toBe(0);
  expect(String(await readInput('/proc/self/stat', 'journal'))).toContain(String(process.pid));
});

test('a text is taken in UTF-8 only, and without its mark', async () => {
  const text = (content: string | Uint8Array) => readInputText(put('text', content), 'password');
  expect(await text('\uFEFFSchl\u00fcssel\n')).toBe('Schl\u00fcssel\n');
  const refused = {
    message: `Cannot read the file of password, ${path('text')}: it is not in UTF-8.`,
  };
  await expect(text(Buffer.from('S\u00e4cret1', 'latin1'))).rejects.toMatchObject(refused);
  for (const encoding of ['\uFEFFsecret', 'secret'])
    await expect(text(Buffer.from(encoding, 'utf16le'))).rejects.toMatchObject(refused);
});
