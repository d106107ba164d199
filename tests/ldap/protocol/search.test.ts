import { describe, expect, test } from '@jest/globals';
import { UnknownOutcomeError } from '../../../src/ldap/protocol/connection.js';
import { parseFilter } from '../../../src/ldap/protocol/filter.js';
import { tagOf } from '../../servers/elements.js';
import { startFaultyServer } from '../../servers/faulty.js';
import { startProxy } from '../../servers/proxy.js';
import {
  brokenSearch,
  closing,
  edit,
  entriesOf,
  faulty,
  open,
  pagesOf,
  refusal,
  WHOLE,
} from '../opening.js';

describe('traps of ldapts', () => {
  test('a page without entries does not end the search', async () => {
    const { connection } = await faulty({ entries: 30, emptyPageAfter: 20 });
    const pages = await pagesOf(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([10, 10, 0, 10]);
  });

  test('the next two pages are asked for while one is judged, and no more', async () => {
    const { server, connection } = await faulty({ entries: 50 });
    const pages = connection.searchPages({ ...WHOLE, base: server.baseDn });
    await pages.next();
    const asked = () => server.requests.filter(({ pageSize }) => pageSize === 10).length;
    while (asked() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked()).toBe(3);
    await pages.return();
  });

  test('a search given up in the middle leaves no failure behind', async () => {
    const { server, connection } = await faulty({ entries: 30, dropAfter: 15 });
    for await (const page of connection.searchPages({ ...WHOLE, base: server.baseDn })) {
      expect(page.entries).toHaveLength(10);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test('a lost connection gives what had come and says so; it is never made again', async () => {
    const { server, connection } = await faulty({ entries: 30, dropAfter: 15, times: 1 });
    const { pages, failure } = await brokenSearch(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([10, 5]);
    expect(pages.map(({ next }) => next?.toString())).toEqual(['10', undefined]);
    expect(failure.message).toContain('is lost');
    const asked = server.requests.length;
    const after = await refusal(entriesOf(connection));
    expect(after.message).toContain('is lost');
    await refusal(connection.read(server.baseDn, ['cn']));
    await refusal(connection.modify(server.baseDn, [edit('mail', ['a'], ['b'])]));
    await connection.close();
    expect(server.requests).toHaveLength(asked);
  });

  test('a server that falls silent is given up after the time-out', async () => {
    const { connection } = await faulty({ silent: ['modify'] }, { timeoutMs: 200 });
    const error = await refusal(connection.modify('CN=x', [edit('mail', ['a'], [])]));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain('silent for 0.2 s');
    expect((await refusal(connection.read('', ['cn']))).message).toContain('is lost');
  });

  test('one that falls silent in the middle of a page too', async () => {
    const { connection } = await faulty({ entries: 30, hangAfter: 15 }, { timeoutMs: 200 });
    const { pages, failure } = await brokenSearch(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([10, 5]);
    expect(failure.message).toContain('silent for 0.2 s');
  });

  test('a page may take longer than the time-out as long as something comes', async () => {
    const slow = { entries: 12, pauseMs: 150 };
    const { connection } = await faulty(slow, { timeoutMs: 1000 });
    expect(await entriesOf(connection, { pageSize: 12 })).toHaveLength(12);
  });

  test('a connection that owes no answer may be silent', async () => {
    const { connection } = await faulty({}, { timeoutMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await entriesOf(connection)).toHaveLength(10);
  });

  test.each([3, 4, 11, 51, 52])('a search that ends with %i gives what had come', async (code) => {
    const { connection } = await faulty({ entries: 30, result: { code, after: 15 } });
    const { pages, failure } = await brokenSearch(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([10, 5]);
    expect(failure.message).toContain(`(${code}): as the test asked`);
  });

  test.each(['same page', 'first page', 'second page', 'empty page'] as const)(
    'a cookie that leads to the %s for ever',
    async (cookies) => {
      const { server, connection } = await faulty({ entries: 30, cookies });
      const { pages, failure } = await brokenSearch(connection);
      expect(pages[0]?.entries).toHaveLength(10);
      expect(failure.message).toContain('again and again');
      expect(server.requests.length).toBeLessThan(1100);
    },
  );

  test('pages smaller than asked for', async () => {
    const { connection } = await faulty({ entries: 30, pageSize: 7 });
    const pages = await pagesOf(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([7, 7, 7, 7, 2]);
  });

  test('T8: a server that passes over the paging control gives what it has, and nobody knows whether that is all', async () => {
    const { server, connection } = await faulty({ entries: 30, ignoresPaging: true });
    const { pages, failure } = await brokenSearch(connection);
    expect(pages.map(({ entries, next }) => [entries.length, next])).toEqual([[30, undefined]]);
    expect(failure.message).toContain('does not say whether there is more');
    expect(server.requests.at(-1)?.pageSize).toBe(10);
  });

  test('one value of 5 MB, and 100,000 values, come whole', async () => {
    const big = 'x'.repeat(5_000_000);
    const many = Array.from({ length: 100_000 }, (_, index) => `smtp:a${index}@contoso.com`);
    const attributes = (index: number) => (index === 1 ? { cn: [big] } : { mail: many });
    // Server and client share a process, which is silent while one of them is at work.
    const { connection } = await faulty({ entries: 3, attributes }, { timeoutMs: 60_000 });
    const entries = await entriesOf(connection);
    expect(entries[1]?.values('cn')).toEqual([big]);
    expect(entries[2]?.values('mail')).toEqual(many);
  });

  test('a search that fails before the first entry throws', async () => {
    const { connection } = await faulty({ result: { code: 50, after: 0 } });
    expect((await refusal(pagesOf(connection))).message).toContain('insufficientAccessRights');
  });

  test('values stay what they were: GUID as bytes, byte order mark kept, bad UTF-8 as bytes', async () => {
    const bad = Uint8Array.of(0x61, 0xff);
    const { connection } = await faulty({
      entries: 1,
      attributes: () => ({ cn: ['\ufeffAnna', bad], mail: [''] }),
    });
    const [entry] = await entriesOf(connection);
    expect(entry?.guid).toBe('64697567-302d-3030-3030-303030303030');
    expect(entry?.values('CN')).toEqual(['\ufeffAnna', Buffer.from(bad)]);
    expect(entry?.values('objectGUID')[0]).toBeInstanceOf(Uint8Array);
    expect(entry?.values('mail')).toEqual(['']);
  });

  test('an attribute that comes in ranges is whole', async () => {
    const addresses = Array.from({ length: 11 }, (_, index) => `smtp:a${index}@contoso.com`);
    const attributes = () => ({ proxyAddresses: addresses });
    const { server, connection } = await faulty({ entries: 2, rangeStep: 4, attributes });
    const wanted = { attributes: ['proxyAddresses', 'cn', 'objectGUID'] };
    const [entry] = await entriesOf(connection, wanted);
    expect(entry?.values('proxyAddresses')).toEqual(addresses);
    expect(entry?.attributes).toEqual(['proxyAddresses', 'cn', 'objectGUID']);
    const found = await connection.read(entry?.dn ?? '', ['proxyAddresses']);
    expect(found?.values('proxyAddresses')).toEqual(addresses);
    const ranges = server.requests.filter(({ attributes: [name] = [] }) => name?.includes('range'));
    expect(ranges[0]).toMatchObject({ scope: 'base', dn: `<GUID=${entry?.guid}>` });
  });

  test('an entry is left out only where its other values will never come', async () => {
    const attributes = () => ({ cn: ['a', 'b', 'c', 'd'] });
    const asking = async (moreValues: number) => {
      const { connection } = await faulty({ entries: 1, rangeStep: 2, attributes, moreValues });
      return connection;
    };
    const [page] = await pagesOf(await asking(50));
    expect([page?.entries, page?.gaps.length]).toEqual([[], 1]);
    const { pages, failure } = await brokenSearch(await asking(51));
    expect(pages).toEqual([]);
    expect(failure.message).toContain('busy (51)');
  });

  test('an entry that is read by itself is whole, or it is refused', async () => {
    const attributes = () => ({ cn: ['a', 'b', 'c', 'd'] });
    const dn = 'CN=user0000,OU=People,DC=contoso,DC=local';
    const { connection } = await faulty({ entries: 1, rangeStep: 2, attributes, moreValues: 50 });
    const { message } = await refusal(connection.read(dn, ['cn']));
    expect(message).toContain(`${dn}: the server did not give all values`);
  });

  test('entries that are found at once are all that there are, or the search is refused', async () => {
    const cn = ['a', 'b', 'c'];
    const all = await faulty({ entries: 3, rangeStep: 2, attributes: () => ({ cn }) });
    const filter = parseFilter('(cn=a)');
    const found = await all.connection.find(all.server.baseDn, filter, ['cn']);
    expect(found.map((entry) => entry.values('cn'))).toEqual([cn, cn, cn]);
    const few = await faulty({ entries: 30, result: { code: 4, after: 15 } });
    const finding = few.connection.find(few.server.baseDn, filter, ['cn']);
    expect((await refusal(finding)).message).toContain('sizeLimitExceeded (4)');
  });

  test('the others of its page are given all the same', async () => {
    const attributes = (index: number) => ({ cn: index === 1 ? ['a', 'b', 'c'] : ['a'] });
    const { connection } = await faulty({ entries: 3, rangeStep: 2, attributes, moreValues: 51 });
    const { pages, failure } = await brokenSearch(connection);
    expect(pages.map(({ entries }) => entries.length)).toEqual([2]);
    expect(failure.message).toContain('busy (51)');
  });

  test('every page is asked for with its size, and with a control that no server may ignore', async () => {
    const { server, connection } = await faulty({ entries: 21 });
    await pagesOf(connection, { pageSize: 7 });
    const pages = server.requests.filter(({ pageSize }) => pageSize !== undefined);
    expect(pages.map(({ pageSize, cookie, controls }) => [pageSize, cookie, controls])).toEqual([
      [7, '', ['1.2.840.113556.1.4.319!']],
      [7, '7', ['1.2.840.113556.1.4.319!']],
      [7, '14', ['1.2.840.113556.1.4.319!']],
    ]);
  });

  test('the server alone limits a search: it is given no time and no number of entries, follows no alias, and gives values', async () => {
    const attributes = () => ({ mail: ['a', 'b', 'c'] });
    const { server, connection } = await faulty({ entries: 12, rangeStep: 2, attributes });
    await pagesOf(connection);
    await connection.read('CN=user0000,OU=People,DC=contoso,DC=local', ['mail']);
    await connection.find(server.baseDn, parseFilter('(cn=user0001)'), ['mail']);
    // The root DSE, two pages, the ranges of twelve entries, the question whether the search is over, and so on.
    const searches = server.requests.filter(({ op }) => op === 'search');
    expect(searches.length).toBeGreaterThan(15);
    for (const { limits, aliases, typesOnly } of searches)
      expect({ limits, aliases, typesOnly }).toEqual({
        ...{ limits: { time: 0, size: 0 }, aliases: 0, typesOnly: false },
      });
    const unpaged = searches.filter(({ pageSize }) => pageSize === undefined);
    expect(new Set(unpaged.map(({ controls }) => controls.join()))).toEqual(new Set(['']));
  });

  test('a search that is given up has no page under way: the next one must not meet it', async () => {
    let ended = 0;
    const { server, connection } = await faulty({
      ...{ entries: 30, cookies: 'same page', pauseMs: 5 },
      says: (message, request) => {
        if (tagOf(message) === 0x65 && request.pageSize) ended += 1;
        return message;
      },
    });
    await brokenSearch(connection);
    const asked = server.requests.filter(({ pageSize }) => pageSize);
    expect([asked.length, ended]).toEqual([4, 4]);
  });

  test('a server without paging is searched without it', async () => {
    const { server, connection } = await faulty({ entries: 25, rootDse: { supportedControl: [] } });
    expect(await entriesOf(connection)).toHaveLength(25);
    expect(server.requests.findLast(({ scope }) => scope === 'sub')?.controls).toEqual([]);
  });

  test('a signal ends a search with its own reason, even while the server is silent', async () => {
    const server = await startFaultyServer();
    closing.push(() => server.stop());
    const proxy = await startProxy(server.port, { delayMs: 300 });
    closing.push(() => proxy.stop());
    const connection = await open({ url: `ldap://127.0.0.1:${proxy.port}` });
    const control = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => control.abort(reason), 50);
    await expect(pagesOf(connection, { signal: control.signal })).rejects.toBe(reason);
  });
});
