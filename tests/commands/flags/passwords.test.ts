import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { presync, scratch } from '../../presync.js';

const { path, remove } = scratch();
afterAll(remove);

describe('T17: a password that is not in UTF-8', () => {
  /** A directory that counts who comes: one wrong password is one step towards a lockout. */
  async function scan(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = `ldaps://127.0.0.1:${port}`;
    const run = await presync(['scan', url, '--bind-dn=ann@contoso.com', ...args], { env });
    server.close();
    return { ...run, connections };
  }

  const file = (bytes: Uint8Array | string) => {
    writeFileSync(path('password'), bytes);
    return [`--password-file=${path('password')}`];
  };

  test.each([
    ['ANSI', Buffer.from('S\xe4cret1', 'latin1')],
    ['ANSI of Eastern Europe', Buffer.from('\xa3\xf3d\x9f1\r\n', 'latin1')],
    ['UTF-16 with a mark, as PowerShell writes it', Buffer.from('\uFEFFSäcret1\r\n', 'utf16le')],
    ['UTF-16 of the other order', Buffer.from('\uFEFFSecret1', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('Secret1', 'utf16le')],
    ['UTF-8 that was cut within a letter', Buffer.from('Secretä').subarray(0, -1)],
  ])('in a file, %s: nobody is asked, and the way out is told', async (_, bytes) => {
    const { code, err, connections } = await scan(file(bytes));
    expect([code, connections]).toEqual([2, 0]);
    expect(err).toBe(
      `presync: Cannot read the file of --password-file, ${path('password')}: it is not in UTF-8\n  Save it as UTF-8.\n`,
    );
  });

  test.each([
    ['a file that an editor damaged before', 'S\uFFFDcret1', undefined],
    ['PRESYNC_PASSWORD', undefined, 'S\uFFFDcret1'],
  ])('what stands for such letters, from %s, is not sent either', async (_, inFile, inEnv) => {
    const given = inFile === undefined ? [] : file(inFile);
    const env = inEnv === undefined ? {} : { PRESYNC_PASSWORD: inEnv };
    const { code, err, connections } = await scan(given, env);
    expect([code, connections]).toEqual([2, 0]);
    expect(err).toMatch(/ann@contoso\.com was not sent: .* UTF-8\n.*--password-file/);
  });

  test('in UTF-8, with a mark or without, it is taken', async () => {
    for (const text of ['Säcret1\n', '\uFEFFSäcret1\r\n'])
      expect((await scan(file(text))).connections).toBeGreaterThan(0);
  });
});
