import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import {
  Attribute,
  Change,
  Client,
  FilterParser,
  MessageParser,
  PagedResultsControl,
  SearchEntry,
  SearchRequest,
  SearchResponse,
} from 'ldapts';
import { type Behaviour, type FaultyServer, startFaultyServer } from './faulty.js';
import { isFree } from './process.js';

const FILTER = '(&(mail=*)(!(cn=a\\2a*b*)))';

/** Pages through the server on a bare socket, since ldapts's own paging stops at an empty page. */
function pages({ port, baseDn }: FaultyServer, size = 4): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const parser = new MessageParser();
    const sizes: number[] = [];
    let count = 0;
    const ask = (cookie: Buffer = Buffer.alloc(0)) => {
      const controls = [new PagedResultsControl({ value: { size, cookie } })];
      const filter = FilterParser.parseString(FILTER);
      socket.write(new SearchRequest({ messageId: 1, baseDN: baseDn, filter, controls }).write());
    };
    parser.on('message', (message) => {
      if (message instanceof SearchEntry) count += 1;
      if (!(message instanceof SearchResponse)) return;
      sizes.push(count);
      count = 0;
      const page = message.controls?.find((control) => control instanceof PagedResultsControl);
      if (page?.value?.cookie?.length) ask(page.value.cookie);
      else socket.end(() => resolve(sizes));
    });
    socket.on('data', (data) => parser.read(data, new Map()));
    ask();
  });
}

describe('faulty server', () => {
  async function talk<T>(
    behaviour: Behaviour,
    body: (client: Client, server: FaultyServer) => Promise<T>,
  ): Promise<T> {
    const server = await startFaultyServer(behaviour);
    const client = new Client({ url: server.url, timeout: 300 });
    try {
      await client.bind('someone', 'secret');
      return await body(client, server);
    } finally {
      await client.unbind().catch(() => {});
      await server.stop();
      expect(await isFree(server.port, '127.0.0.1')).toBe(true);
    }
  }

  test('behaves when nothing is asked, and logs the requests', async () => {
    await talk({}, async (_client, server) => {
      expect(await pages(server)).toEqual([4, 4, 2]);
      expect(server.requests.map(({ op, cookie }) => [op, cookie])).toEqual([
        ['bind', undefined],
        ['search', ''],
        ['search', '4'],
        ['search', '8'],
      ]);
      expect(server.requests[2]).toMatchObject({
        dn: server.baseDn,
        scope: 'sub',
        filter: FILTER,
        pageSize: 4,
      });
    });
  });

  test('lowers the page size, and gives an empty page with a cookie', async () => {
    await talk({ pageSize: 3, emptyPageAfter: 3 }, async (_client, server) => {
      expect(await pages(server)).toEqual([3, 0, 3, 3, 1]);
    });
    await talk({ emptyPageAfter: 10 }, async (_client, server) => {
      expect(await pages(server)).toEqual([4, 4, 2, 0, 0]);
    });
  });

  test.each([3, 4, 11, 51, 52])('ends a search with result code %i', async (code) => {
    await talk({ result: { code, after: 6 }, times: 1 }, async (client, server) => {
      const search = client.search(server.baseDn, { paged: { pageSize: 4 } });
      await expect(search).rejects.toThrow(`0x${code.toString(16)}`);
      expect(server.requests.at(-1)).toMatchObject({ op: 'search', cookie: '4' });
      expect(await pages(server)).toEqual([4, 4, 2]);
    });
  });

  test('drops the connection in mid-page, or never answers', async () => {
    await talk({ dropAfter: 6 }, async (client, server) => {
      await expect(client.search(server.baseDn)).rejects.toThrow('closed');
    });
    await talk({ silent: ['search'] }, async (client, server) => {
      await expect(client.search(server.baseDn)).rejects.toThrow('timed out');
    });
  });

  test('sends references, ranges, and bytes that are no text', async () => {
    const attributes = () => ({
      proxyAddresses: ['a', 'b', 'c', 'd', 'e'],
      displayName: [new Uint8Array([0x4d, 0xfc])],
    });
    const behaviour = { entries: 1, attributes, rangeStep: 2, references: ['ldap://elsewhere/'] };
    await talk(behaviour, async (client, server) => {
      const found = await client.search(server.baseDn);
      expect(found.searchReferences).toEqual(['ldap://elsewhere/']);
      const [entry] = found.searchEntries;
      expect(entry).toMatchObject({
        'proxyAddresses;range=0-1': ['a', 'b'],
        displayName: Buffer.from([0x4d, 0xfc]),
        objectGUID: 'guid-00000000000',
      });
      const ask = async (range: string) => {
        const attributes = [`proxyAddresses;range=${range}`];
        const dn = '<GUID=64697567-302d-3030-3030-303030303030>';
        return (await client.search(dn, { scope: 'base', attributes })).searchEntries[0];
      };
      expect(await ask('2-*')).toMatchObject({ 'proxyAddresses;range=2-3': ['c', 'd'] });
      expect(await ask('4-*')).toMatchObject({ 'proxyAddresses;range=4-*': 'e' });
    });
  });

  test('carries out or loses a modify, and says so or not', async () => {
    const swap = async (client: Client, server: FaultyServer) => {
      const dn = `CN=user0000,OU=People,${server.baseDn}`;
      const change = (operation: 'add' | 'delete', value: string) =>
        new Change({ operation, modification: new Attribute({ type: 'MAIL', values: [value] }) });
      await client
        .modify(dn, [change('delete', 'user0000@contoso.com'), change('add', 'new@contoso.com')])
        .catch((error: Error) => error.message);
      return server.values(0, 'mail');
    };
    expect(await talk({}, swap)).toEqual(['new@contoso.com']);
    expect(await talk({ modify: { answer: false } }, swap)).toEqual(['new@contoso.com']);
    expect(await talk({ modify: { code: 51 } }, swap)).toEqual(['user0000@contoso.com']);
    const lost = { modify: { answer: false, effect: false } };
    expect(await talk(lost, swap)).toEqual(['user0000@contoso.com']);
  });
});
