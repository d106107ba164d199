import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { openOutput } from '../../src/files/output.js';
import { presync, scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const rights = (name: string) => (statSync(path(name)).mode & 0o777).toString(8);

async function write(name: string): Promise<void> {
  const output = await openOutput(path(name), { out: async () => {} });
  await output.write('new');
  await output.commit();
}

describe('T22: what presync writes', () => {
  test.each([0o022, 0o000])('is for its owner alone, under the umask %j', async (mask) => {
    const before = process.umask(mask);
    await write(`new-${mask}`).finally(() => process.umask(before));
    expect(rights(`new-${mask}`)).toBe('600');
  });

  test.each([0o644, 0o664, 0o640, 0o600, 0o666])(
    'leaves a file that it replaces the rights that it had (%i)',
    async (mode) => {
      const name = `old-${mode}`;
      writeFileSync(path(name), 'old');
      chmodSync(path(name), mode);
      await write(name);
      expect([rights(name), readFileSync(path(name), 'utf8')]).toEqual([mode.toString(8), 'new']);
    },
  );

  test('is so for every report of a scan, for LDIF, and while it is being written', async () => {
    const reports = ['html', 'csv', 'jsonl', 'ldif', 'junit'];
    const { code } = await presync([
      ...['scan', 'fixtures/directories/contoso.ldif', '--fail-on=never'],
      ...reports.map((format) => `--${format}=${path(`report.${format}`)}`),
    ]);
    expect(code).toBe(0);
    await presync(['ldif', path('report.csv'), `--out=${path('changes.ldif')}`]);
    for (const name of [...reports.map((format) => `report.${format}`), 'changes.ldif'])
      expect([name, rights(name)]).toEqual([name, '600']);
  });

  test('is flushed before it takes the place of the old file: a power cut leaves the one or the other', async () => {
    writeFileSync(path('flushed'), 'old');
    const handle = await open(path('flushed'));
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const { sync } = prototype;
    const seen: string[][] = [];
    const spy = jest.spyOn(prototype, 'sync').mockImplementation(async function (this: unknown) {
      const [temporary = ''] = readdirSync(path('.')).filter((name) =>
        name.startsWith('.flushed.'),
      );
      seen.push(['flushed', temporary].map((name) => readFileSync(path(name), 'utf8')));
      return sync.call(this);
    });
    try {
      await write('flushed');
    } finally {
      spy.mockRestore();
    }
    expect(seen).toEqual([['old', 'new']]);
    expect(readFileSync(path('flushed'), 'utf8')).toBe('new');
    expect(readdirSync(path('.')).filter((name) => name.startsWith('.flushed.'))).toEqual([]);
  });

  test('leaves the old file and nothing beside it where it cannot be flushed', async () => {
    writeFileSync(path('kept'), 'old');
    const handle = await open(path('kept'));
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const spy = jest.spyOn(prototype, 'sync').mockImplementation(async () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    const output = await openOutput(path('kept'), { out: async () => {} });
    try {
      await output.write('new');
      await expect(output.commit()).rejects.toThrow('the disk is full');
    } finally {
      spy.mockRestore();
      await output.discard();
    }
    const left = readdirSync(path('.')).filter((name) => name.includes('kept'));
    expect([left, readFileSync(path('kept'), 'utf8')]).toEqual([['kept'], 'old']);
  });

  test('goes to a device as it comes', async () => {
    const output = await openOutput('/dev/null', { out: async () => {} });
    await output.write('x');
    await output.commit();
    expect(statSync('/dev/null').isFile()).toBe(false);
  });
});
