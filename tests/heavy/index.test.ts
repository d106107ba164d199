import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { createEngine } from '../../src/validators/engine/engine.js';
import { profileFor } from '../../src/validators/profiles/index.js';

const ENTRIES = 200_000;
const ADDRESSES = 6;

const guid = (n: number) => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(Math.imul(n, 2654435761) >>> 0, 0);
  bytes.writeUInt32BE(n, 12);
  return bytes;
};

const person = (n: number) =>
  createEntry(`CN=User ${n},OU=Unit ${n % 97},OU=Staff,DC=contoso,DC=com`, [
    ['objectClass', ['user']],
    ['objectGUID', [guid(n)]],
    ['sAMAccountName', [`user${n}`]],
    ['userPrincipalName', [`anna.berg.${n}@contoso.com`]],
    ['mail', [`anna.berg.${n}@contoso.com`]],
    ['mailNickname', [`annaberg${n}`]],
    [
      'proxyAddresses',
      Array.from({ length: ADDRESSES }, (_, at) =>
        at === 0 ? `SMTP:anna.berg.${n}@contoso.com` : `smtp:a${at}.berg.${n}@contoso.com`,
      ),
    ],
  ]);

/** Bytes held once nothing more is given back: the buffers of what was collected are freed a moment later. */
async function held(): Promise<number> {
  for (let least = Number.POSITIVE_INFINITY; ; ) {
    global.gc?.();
    await setImmediate();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (heapUsed + arrayBuffers >= least) return least;
    least = heapUsed + arrayBuffers;
  }
}

test('the value index needs less than 40 bytes a value, the entries behind it included', async () => {
  expect(global.gc).toBeDefined();
  const settings = settingsFrom();
  const engine = createEngine(profileFor(settings), settings);
  const reader = engine.reader(new Map());
  reader.judge(person(ENTRIES));
  const before = await held();
  for (let n = 0; n < ENTRIES; n += 1) reader.judge(person(n));
  // Account name, sign-in name, mail, alias and the addresses.
  const values = ENTRIES * (ADDRESSES + 4);
  expect(((await held()) - before) / values).toBeLessThan(40);
  expect([...engine.shared(engine.persons())]).toEqual([]);
});
