import { describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { directorySource } from '../../../src/ldap/directory/source.js';
import { connect } from '../../../src/ldap/protocol/connection.js';
import { lastingConnection } from '../../../src/ldap/protocol/lasting-connection.js';
import { LogonError } from '../../../src/ldap/protocol/result-codes.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../../servers/faulty.js';
import { brokenSearch, closing, edit, pagesOf, readAll, refusal, WHOLE } from '../opening.js';

const PAUSES = [500, 1000, 2000];

/** A lasting connection to a misbehaving server, and how long it slept. */
async function lasting(
  behaviour: Behaviour,
  onSleep: (server: FaultyServer) => unknown = () => {},
) {
  const server = await startFaultyServer(behaviour);
  closing.push(() => server.stop());
  const slept: number[] = [];
  const login = { bindDn: 'CN=me', password: 'secret', allowPlaintext: true };
  const options = { url: server.url, startTls: false, insecure: false, timeoutMs: 300, ...login };
  const connection = await lastingConnection(() => connect(options), {
    pauses: PAUSES,
    sleep: async (ms) => {
      slept.push(ms);
      return (await onSleep(server)) !== 'enough';
    },
  });
  closing.push(() => connection.close());
  /** Cookies of the searches for a page, in order. */
  const cookies = () =>
    server.requests.flatMap(({ cookie }) => (cookie === undefined ? [] : [cookie]));
  const count = (op: 'bind' | 'search' | 'modify') =>
    server.requests.filter((request) => request.op === op).length;
  return { server, connection, slept, cookies, count };
}

const namesOf = (pages: Awaited<ReturnType<typeof pagesOf>>) =>
  pages.flatMap(({ entries }) => entries.map(({ dn }) => dn));

describe('a search on a connection that is lost', () => {
  test.each([
    ['dropped', { dropAfter: 15 }],
    ['silent', { hangAfter: 15 }],
  ])('begins again, logged on, and without the old cookie (%s)', async (_, fault) => {
    const { connection, slept, cookies, count } = await lasting({
      ...{ entries: 30, times: 1 },
      ...fault,
    });
    const pages = await pagesOf(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([10, 5, 10, 10, 10]);
    expect(new Set(namesOf(pages)).size).toBe(30);
    expect(cookies()).toEqual(['', '10', '', '10', '20']);
    expect([slept, count('bind')]).toEqual([[500], 2]);
  });

  test('is given up when it never gets further, and says so', async () => {
    const { connection, slept, count } = await lasting({ entries: 30, dropAfter: 15 });
    const { pages, failure } = await brokenSearch(connection);
    expect(new Set(namesOf([...pages])).size).toBe(15);
    expect(failure.message).toContain('is lost');
    expect([slept, count('bind')]).toEqual([[500, 1000, 2000], 4]);
  });

  test('is tried as long as it gets further', async () => {
    let fault = 5;
    const behaviour = {
      entries: 40,
      get dropAfter() {
        return fault;
      },
    };
    const { connection, slept } = await lasting(behaviour, () => {
      fault += 5;
    });
    expect(new Set(namesOf(await pagesOf(connection))).size).toBe(40);
    expect(slept).toEqual(Array.from({ length: 8 }, () => 500));
  });

  test.each([49, 19])(
    'ends at once where the account is refused by now (%i): another logon could lock it',
    async (code) => {
      let bind = 0;
      const behaviour = {
        ...{ entries: 30, dropAfter: 15 },
        get bind() {
          return bind;
        },
      };
      const { connection, slept, count } = await lasting(behaviour, () => {
        bind = code;
      });
      const { failure } = await brokenSearch(connection);
      expect(failure).toBeInstanceOf(LogonError);
      expect(await refusal(connection.read('', ['cn']))).toBeInstanceOf(LogonError);
      expect([slept, count('bind')]).toEqual([[500], 2]);
    },
  );

  test('stays closed once it is closed: what is under way fails, and nobody logs on again', async () => {
    const { connection, server, slept, count } = await lasting({ entries: 30, hangAfter: 15 });
    const search = brokenSearch(connection);
    await server.struck;
    await connection.close();
    expect((await search).failure.message).toBe('The connection was closed.');
    expect((await refusal(connection.read('', ['cn']))).message).toBe('The connection was closed.');
    expect([slept, count('bind')]).toEqual([[], 1]);
  });

  test('waits for a server that is away for a while', async () => {
    const { connection, slept } = await lasting({ entries: 30, dropAfter: 15 }, (server) =>
      server.stop(),
    );
    const { failure } = await brokenSearch(connection);
    expect(failure.message).toContain('refuses the connection');
    expect(slept).toEqual(PAUSES);
  });

  test('ends without a further attempt when the time is cut short', async () => {
    const { connection, count } = await lasting({ entries: 30, dropAfter: 15 }, () => 'enough');
    await brokenSearch(connection);
    expect(count('bind')).toBe(1);
  });

  test('ends with the reason of the signal, also while it waits', async () => {
    const abort = new AbortController();
    const reason = new ExpectedError('Interrupted.', 'x');
    const { connection } = await lasting({ entries: 30, dropAfter: 15 }, () => abort.abort(reason));
    expect(await refusal(pagesOf(connection, { signal: abort.signal }))).toBe(reason);
  });

  test('ends with that reason, and waits for nothing, where the signal comes with the loss', async () => {
    const abort = new AbortController();
    const reason = new ExpectedError('Interrupted.', 'x');
    const { connection, slept, count } = await lasting({ entries: 30, dropAfter: 15 });
    const read = async () => {
      const base = connection.rootDse.defaultNamingContext ?? '';
      const search = { ...WHOLE, base, signal: abort.signal };
      // What came of the page before the connection was lost: the loss is known by now.
      for await (const { next } of connection.searchPages(search))
        if (next === undefined) abort.abort(reason);
    };
    expect(await refusal(read())).toBe(reason);
    expect([slept, count('bind')]).toEqual([[], 1]);
  });
});

describe('a search on a server that is busy', () => {
  test.each([3, 11, 51, 52])('asks for the same page again (%i)', async (code) => {
    const { connection, slept, cookies, count } = await lasting({
      ...{ entries: 30, result: { code, after: 15 }, times: 2 },
    });
    expect(new Set(namesOf(await pagesOf(connection))).size).toBe(30);
    expect(cookies()).toEqual(['', '10', '10', '10', '20']);
    expect([slept, count('bind')]).toEqual([[500, 1000], 1]);
  });

  test.each([2, 12, 53])('begins again where the cookie is refused then (%i)', async (code) => {
    const { connection, cookies, slept } = await lasting({
      ...{ entries: 20, result: { code: 51, after: 15 }, times: 1, pageSize: 10 },
      cookies: { refusedWith: code, times: 1 },
    });
    expect(new Set(namesOf(await pagesOf(connection))).size).toBe(20);
    expect(cookies()).toEqual(['', '10', '10', '', '10']);
    expect(slept).toEqual([500, 1000]);
  });

  test('is given up in the end', async () => {
    const { connection, slept } = await lasting({ entries: 30, result: { code: 51, after: 15 } });
    const { failure } = await brokenSearch(connection);
    expect(failure.message).toContain('busy (51)');
    expect(slept).toEqual(PAUSES);
  });

  test('asks once where the answer is final', async () => {
    const { connection, slept } = await lasting({ entries: 30, result: { code: 4, after: 15 } });
    expect((await brokenSearch(connection)).failure.message).toContain('sizeLimitExceeded (4)');
    expect(slept).toEqual([]);
  });

  test('gives an entry whole whose other values were refused at first', async () => {
    const cn = ['a', 'b', 'c', 'd'];
    const { connection } = await lasting({
      ...{ entries: 1, rangeStep: 2, attributes: () => ({ cn }), moreValues: 51, times: 1 },
    });
    const [page] = await pagesOf(connection);
    expect(page?.entries[0]?.values('cn')).toEqual(cn);
    expect(page?.gaps).toEqual([]);
  });
});

test('an entry is read again, a change is sent once', async () => {
  const behaviour = { modify: { answer: false } };
  const { connection, server, count } = await lasting(behaviour);
  const dn = `CN=user0001,OU=People,${server.baseDn}`;
  await refusal(connection.modify(dn, [edit('mail', ['user0001@contoso.com'], ['b'])]));
  expect((await connection.read(dn, ['mail']))?.values('mail')).toEqual(['b']);
  expect([count('modify'), count('bind')]).toEqual([1, 2]);
});

test('a source that could not be read to its end says what is missing, once', async () => {
  const { connection } = await lasting({ entries: 30, dropAfter: 15 });
  const source = directorySource(connection, { bases: [], pageSize: 10, covered: [] });
  const { entries, gaps } = await readAll(source);
  expect(new Set(entries.map(({ guid }) => guid)).size).toBe(15);
  expect(gaps).toEqual([expect.stringMatching(/is lost: .*\. What comes after is missing\. /)]);
});

test('members are counted whole in spite of a lost connection', async () => {
  const { connection } = await lasting({ entries: 30, dropAfter: 15, times: 1 });
  const source = directorySource(connection, {
    ...{ bases: [], pageSize: 10, covered: [], memberLimit: 5 },
  });
  const reasons = await source.undelivered(['member', 'presync-memberOverflow']);
  expect(reasons?.get('member')).toBeUndefined();
});
