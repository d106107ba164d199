import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import type { ApprovedEdit } from '../../../src/model/change.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-disk-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  jest.restoreAllMocks();
});

const header = { command: 'apply', target: 'ldaps://dc1.contoso.com' } as const;
const clock = () => new Date(0);
let files = 0;
const newPath = () => join(folder, `${++files}.jsonl`);

function approved(row: number, before: string, after: string): ApprovedEdit {
  const entry = { dn: 'CN=A,DC=contoso,DC=com', guid: undefined, kind: 'user' } as const;
  const edit = { entry, attribute: 'mail', before: [before], after: [after] };
  return { row, id: `id${row}`, edit };
}

/** What all open files have their methods from. */
async function handles(): Promise<FileHandle> {
  const handle = await open(newPath(), 'w');
  await handle.close();
  return Object.getPrototypeOf(handle);
}

describe('before a journal takes anything', () => {
  test('its first line and its name in the folder are on disk', async () => {
    const path = newPath();
    const prototype = await handles();
    const { sync } = prototype;
    const flushed: string[] = [];
    jest.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      const isFolder = (await this.stat()).isDirectory();
      flushed.push(isFolder ? 'the folder' : readFileSync(path, 'utf8'));
      return sync.call(this);
    });
    const journal = await openJournal(path, header, clock);
    expect(flushed).toEqual([expect.stringMatching(/^{"type":"journal",.*}\n$/), 'the folder']);
    expect(readFileSync(path, 'utf8')).toBe(flushed[0]);
    await journal.close();
  });

  test('a folder that cannot be flushed hinders nobody, as on Windows', async () => {
    const prototype = await handles();
    const { sync } = prototype;
    jest.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      if ((await this.stat()).isDirectory())
        throw Object.assign(new Error('no'), { code: 'EPERM' });
      return sync.call(this);
    });
    const path = newPath();
    const journal = await openJournal(path, header, clock);
    await journal.intended(1, [approved(1, 'a', 'b')]);
    await journal.close();
    expect(readJournal(readFileSync(path)).requests).toHaveLength(1);
  });
});

describe.each(['appendFile', 'sync'] as const)(
  'a disk that is full for a moment, at %s',
  (method) => {
    /** Once half of a text arrives, or all of it and nobody knows whether it lasts; later there is room. */
    async function failOnce() {
      const prototype = await handles();
      const fail = async function (this: FileHandle, text?: unknown) {
        if (method === 'appendFile') await this.write(String(text).slice(0, 100));
        await setTimeout(20);
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      };
      return jest.spyOn(prototype, method as 'sync').mockImplementationOnce(fail);
    }

    test('nothing is written behind the tear, and all before it can be read', async () => {
      const path = newPath();
      const journal = await openJournal(path, header, clock);
      await journal.intended(1, [approved(1, 'a', 'b')]);
      const whole = readFileSync(path);
      const failing = await failOnce();
      const words = /cannot be written: the disk is full/;
      const torn = expect(journal.intended(2, [approved(2, 'c', 'd')])).rejects.toThrow(words);
      while (failing.mock.calls.length === 0) await setImmediate();
      // Some wait for it already, and others come when there is room again.
      const waiting = expect(journal.intended(3, [approved(3, 'e', 'f')])).rejects.toThrow(words);
      await Promise.all([torn, waiting]);
      await expect(journal.intended(4, [approved(4, 'g', 'h')])).rejects.toThrow(words);
      const outcome = journal.outcome(1, { state: 'applied', reason: '' });
      journal.hurry();
      await expect(outcome).rejects.toThrow(words);
      await expect(journal.end()).rejects.toThrow(words);
      await journal.close();

      const left = readFileSync(path);
      expect(left.subarray(0, whole.length).equals(whole)).toBe(true);
      const behind = left.subarray(whole.length).toString();
      expect(behind).toMatch(method === 'sync' ? /^{.*"row":2,.*}\n$/ : /^{"type":"edit".*[^\n]$/);
      const { requests, isEnded } = readJournal(left);
      expect([requests.map(({ request }) => request), isEnded]).toEqual([
        method === 'sync' ? [1, 2] : [1],
        false,
      ]);
    });

    test('a journal whose first line may not last is none', async () => {
      await failOnce();
      await expect(openJournal(newPath(), header, clock)).rejects.toThrow(ExpectedError);
    });
  },
);
