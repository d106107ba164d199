import { execFileSync, spawn } from 'node:child_process';
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Chunks, openAgain } from '../../src/files/read-again.js';
import { MissingFileError } from '../../src/files/read-input.js';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

/** The limit of this kind is 1 MB: what is larger is not kept. */
const KIND = 'password';
const SMALL = Buffer.alloc(1000, 'a');
const LARGE = Buffer.alloc(3 * 2 ** 20, 'abcdefg');

async function read(chunks: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks()) parts.push(part);
  return Buffer.concat(parts);
}

const put = (name: string, bytes: Uint8Array) => {
  writeFileSync(path(name), bytes);
  return path(name);
};

test.each([
  ['small', SMALL],
  ['large', LARGE],
])('a %s file is the same each time', async (name, bytes) => {
  const chunks = await openAgain(put(name, bytes), KIND);
  for (const _ of [1, 2]) expect(Buffer.compare(await read(chunks), bytes)).toBe(0);
});

test('what is kept may change or go', async () => {
  const file = put('kept', SMALL);
  const chunks = await openAgain(file, KIND);
  rmSync(file);
  expect(Buffer.compare(await read(chunks), SMALL)).toBe(0);
});

test('a pipe is kept, for it gives everything once', async () => {
  execFileSync('mkfifo', [path('pipe')]);
  const writer = spawn('sh', ['-c', `printf '%s' some > '${path('pipe')}'`]);
  const chunks = await openAgain(path('pipe'), KIND);
  writer.kill();
  for (const _ of [1, 2]) expect(String(await read(chunks))).toBe('some');
});

describe('a large file that is not what it was is refused', () => {
  const changes: Readonly<Record<string, (file: string) => void>> = {
    longer: (file) => writeFileSync(file, Buffer.concat([LARGE, SMALL])),
    'written again': (file) => {
      writeFileSync(file, LARGE.toReversed());
      utimesSync(file, 1, 1);
    },
    replaced: (file) => {
      writeFileSync(`${file}.new`, LARGE);
      renameSync(`${file}.new`, file);
    },
    gone: (file) => rmSync(file),
  };
  const refused = (file: string) => ({
    message: `The password ${file} was changed while it was in use.`,
    hint: 'Start again, and leave it alone until the end.',
  });

  test.each(Object.entries(changes))('%s', async (name, change) => {
    const file = put(name.replace(' ', '-'), LARGE);
    const chunks = await openAgain(file, KIND);
    await read(chunks);
    change(file);
    await expect(read(chunks)).rejects.toMatchObject(refused(file));
  });

  test('also if it changes while it is read', async () => {
    const file = put('under-way', LARGE);
    const chunks = await openAgain(file, KIND);
    const reading = async () => {
      for await (const _ of chunks()) utimesSync(file, 1, 1);
    };
    await expect(reading()).rejects.toMatchObject(refused(file));
  });
});

test('a file that is not there is missing', async () => {
  await expect(openAgain(path('absent'), KIND)).rejects.toBeInstanceOf(MissingFileError);
});
