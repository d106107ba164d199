import { afterEach, describe, expect, test } from '@jest/globals';
import { openTarget } from '../../../src/commands/connect/target.js';
import { ExpectedError } from '../../../src/errors.js';
import type { Io } from '../../../src/files/io.js';
import { UnknownOutcomeError } from '../../../src/ldap/protocol/result-codes.js';
import { FOUND } from '../../../src/remediation/run/compare-entry.js';
import { type Behaviour, startFaultyServer } from '../../servers/faulty.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A target whose server carries changes out and hangs up instead of answering. */
async function target(
  behaviour: Behaviour = {},
  { signal = new AbortController().signal, pauses = [1, 1, 1] } = {},
) {
  const server = await startFaultyServer({ modify: { effect: true, answer: false }, ...behaviour });
  closing.push(() => server.stop());
  const said: string[] = [];
  const err = (text: string) => said.push(text);
  const io = { env: {}, err, canAsk: false, signal } as unknown as Io;
  const flags = { startTls: false, insecure: false, allowPlaintext: false };
  const writer = await openTarget(server.url, flags, io, pauses);
  closing.push(() => writer.close());
  const entry = { dn: `CN=user0003,OU=People,${server.baseDn}`, guid: undefined } as const;
  const mail = server.values(3, 'mail');
  const edit = { entry: { ...entry, kind: 'user' }, attribute: 'mail', before: mail, after: ['x'] };
  return { server, change: () => writer.modify(entry.dn, [edit as never]), writer, said };
}

const requestsOf = (server: Awaited<ReturnType<typeof target>>['server'], op: string) =>
  server.requests.filter((request) => request.op === op);

describe('a target', () => {
  test('comes back on a fresh connection and sees what was done', async () => {
    const { server, change } = await target();
    expect(await change()).toEqual({ state: 'applied', reason: FOUND });
    expect(requestsOf(server, 'modify')).toHaveLength(1);
    expect(server.values(3, 'mail')).toEqual(['x']);
  });

  test('does not believe another controller of the same name, which may be behind', async () => {
    let connections = 0;
    const rootDse = {
      get dnsHostName() {
        connections += 1;
        return [connections === 1 ? 'dc1.contoso.local' : 'dc2.contoso.local'];
      },
    };
    const { server, change } = await target({ rootDse });
    await expect(change()).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(connections).toBe(4);
    expect(requestsOf(server, 'modify')).toHaveLength(1);
  });

  test('says once what all changes wait for', async () => {
    const { change, said, server } = await target({ modify: { code: 51 } }, { pauses: [500] });
    const outcomes = await Promise.all([change(), change(), change()]);
    expect(outcomes.map(({ code }) => code)).toEqual([51, 51, 51]);
    expect(said).toEqual([`${server.url} is busy; going on in 0.5 s.\n`]);
  });

  test('counts users, groups and contacts without reading them', async () => {
    const { server, writer } = await target({ entries: 42, pageSize: 10 });
    expect(await writer.count()).toBe(42);
    expect(requestsOf(server, 'search').at(-1)).toMatchObject({ attributes: ['1.1'] });
  });

  test('that does not show all of them cannot be counted', async () => {
    const { writer } = await target({ entries: 42, result: { code: 4, after: 20 } });
    await expect(writer.count()).rejects.toBeInstanceOf(ExpectedError);
  });

  test('is not waited for once the run is interrupted', async () => {
    const abort = new AbortController();
    const { server, change } = await target({}, { signal: abort.signal });
    abort.abort(new ExpectedError('Interrupted.', 'x'));
    await expect(change()).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(requestsOf(server, 'modify')).toHaveLength(1);
  });
});
