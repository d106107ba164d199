import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { BerReader } from 'ldapts';
import {
  type Received,
  readRequest,
  takeMessage,
  writeEntry,
  writeReference,
  writeResult,
} from '../../servers/messages.js';
import { brokenSearch, closing, edit, open, pagesOf, refusal } from '../opening.js';

/** Says nothing of itself, and then answers every search with these bytes after the number of the request. */
async function saying(hex: string): Promise<string> {
  let searches = 0;
  const server = createServer((socket) => {
    closing.push(async () => socket.destroy());
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const next = takeMessage(data);
      const request = next && readRequest(next.message);
      if (request?.op !== 'search') return;
      searches += 1;
      if (searches === 1) socket.write(writeResult(request, 0));
      else socket.write(message(request.id, Buffer.from(hex.replaceAll(' ', ''), 'hex')));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const address = server.address();
  return `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** Begins as every server does, and leaves the rest to the test: the requests that came, and where to answer them. */
async function listening() {
  const requests: Received[] = [];
  let answer: (message: Buffer) => void = () => {};
  const server = createServer((socket) => {
    closing.push(async () => socket.destroy());
    answer = (message) => socket.write(message);
    let received = Buffer.alloc(0);
    socket
      .on('error', () => {})
      .on('data', (data) => {
        received = Buffer.concat([received, data]);
        for (let next = takeMessage(received); next; next = takeMessage(received)) {
          received = Buffer.from(next.rest);
          const request = readRequest(next.message);
          if (requests.push(request) === 1) socket.write(writeResult(request, 0));
        }
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const address = server.address();
  const url = `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return { url, requests, answer: (message: Buffer) => answer(message) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function message(id: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, body.length + 3, 0x02, 0x01, id]), body]);
}

describe('a length that reaches beyond its message', () => {
  // A search entry is 64 { 04 name, 30 { 30 { 04 type, 31 { 04 value … } } … } } (RFC 4511 4.5.2).
  test.each([
    ['of the values', '640e 0400 300a 3008 040161 317f 040162'],
    ['of one value', '640e 0400 300a 3008 040161 3103 047f62'],
    ['of an attribute', '640e 0400 300a 307f 040161 3103 040162'],
    ['of the attributes', '640e 0400 307f 3008 040161 3103 040162'],
    ['of an entry', '647f 0400 300a 3008 040161 3103 040162'],
    ['of references', '737f 040161'],
    ['of controls', '6507 0a0100 0400 0400 a07f 3003 040161'],
    ['of one control', '6507 0a0100 0400 0400 a005 307f 040161'],
    ['of what follows a bind', '6109 0a0100 0400 0400 877f'],
    [
      'that is negative, so that reading goes back',
      '6414 0400 3010 300e 040161 3109 04016b 0484fffffff7',
    ],
    ['that is cut off', '640a 0400 3006 3004 040161 31'],
  ])('%s', async (_, hex) => {
    const connection = await open({ url: await saying(hex) });
    const error = await refusal(pagesOf(connection));
    expect(error.message).toContain('no LDAP message');
  });

  test('a negative length of a message', async () => {
    const server = createServer((socket) => {
      closing.push(async () => socket.destroy());
      socket
        .on('error', () => {})
        .once('data', () => socket.write(Buffer.from('3084ffffffff020101', 'hex')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const error = await refusal(open({ url: `ldap://127.0.0.1:${port}` }));
    expect(error.message).toContain('no LDAP message');
  });

  test('a whole one is read', async () => {
    const connection = await open({
      url: await saying('640e 0400 300a 3008 040161 3103 040162'),
      timeoutMs: 300,
    });
    const { pages } = await brokenSearch(connection);
    expect(pages[0]?.entries[0]?.values('a')).toEqual(['b']);
  });
});

test('ldapts is as it was made, for all else in the process that uses it', () => {
  // A length that reaches beyond what has come: for ldapts the rest is still on its way.
  const reader = new BerReader(Buffer.from('3003020501', 'hex'));
  reader.readSequence();
  reader.readByte();
  expect(reader.readLength()).toBe(4);
  expect(reader.length).toBe(5);
});

describe('requests under way at once', () => {
  test('each gets what belongs to it, in whatever order the answers come', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const names = Array.from({ length: 20 }, (_, at) => `cn=${at}`);
    const reading = names.map((dn) => connection.read(dn, ['cn']));
    await until(() => requests.length === 1 + names.length);
    const asked = requests.slice(1);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(requests.length);
    for (const request of asked.toReversed())
      answer(writeEntry(request, request.dn, [['cn', [Buffer.from(request.dn)]]]));
    for (const request of asked) answer(writeResult(request, 0));
    const entries = await Promise.all(reading);
    expect(entries.map((entry) => entry?.values('cn'))).toEqual(names.map((dn) => [dn]));
  });

  const stranger = (request: Received) => ({ ...request, id: request.id + 1000 });
  const cn = [['cn', [Buffer.from('b')]]] as const;

  test.each<readonly [name: string, said: (request: Received) => Buffer]>([
    ['an entry for nobody', (request) => writeEntry(stranger(request), 'cn=b', cn)],
    ['the end of what was never asked', (request) => writeResult(stranger(request), 0)],
    ['a reference for nobody', (request) => writeReference(stranger(request), 'ldap://b')],
    ['an entry without a number', (request) => writeEntry({ ...request, id: 0 }, 'cn=b', cn)],
    ['the end of a search without a number', (request) => writeResult({ ...request, id: 0 }, 0)],
    ['the end of a modify request', (request) => writeResult({ ...request, op: 'modify' }, 0)],
    ['the end of a bind', (request) => writeResult({ ...request, op: 'bind' }, 0)],
    ['the end of something else', (request) => writeResult({ ...request, op: 'other' }, 0)],
    ['an intermediate response', ({ id }) => message(id, Buffer.from('79058003312e32', 'hex'))],
  ])('%s ends all: it might be what the search lacks', async (_, said) => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = refusal(connection.read('cn=a', ['cn']));
    await until(() => requests.length === 2);
    const request = requests[1] as Received;
    answer(said(request));
    answer(writeEntry(request, 'cn=a', cn));
    answer(writeResult(request, 0));
    expect((await reading).message).toContain('cannot be read any further: the server sent');
  });

  test('an entry after the end of its search', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = connection.read('cn=a', ['cn']);
    await until(() => requests.length === 2);
    const request = requests[1] as Received;
    answer(Buffer.concat([writeEntry(request, 'cn=a', cn), writeResult(request, 0)]));
    expect((await reading)?.dn).toBe('cn=a');
    const after = refusal(connection.read('cn=c', ['cn']));
    await until(() => requests.length === 3);
    answer(writeEntry(request, 'cn=b', cn));
    expect((await after).message).toContain('an answer to something that it was not asked');
  });

  test('a second entry where one was asked for', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = refusal(connection.read('cn=a', ['cn']));
    await until(() => requests.length === 2);
    const request = requests[1] as Received;
    answer(writeEntry(request, 'cn=a', cn));
    answer(writeEntry(request, 'cn=b', cn));
    expect((await reading).message).toContain('more entries than it was asked for');
  });

  test.each([
    [10, 'another server has it'],
    [32, 'there is none'],
    [34, 'its name is none'],
  ])('an entry that is not here (%i: %s) is none, and no failure', async (code) => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = connection.read('cn=a', ['cn']);
    await until(() => requests.length === 2);
    answer(writeResult(requests[1] as Received, code));
    expect(await reading).toBeUndefined();
  });

  test('an entry that the server refuses to give is not taken for one that is not there', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = refusal(connection.read('cn=a', ['cn']));
    await until(() => requests.length === 2);
    answer(writeResult(requests[1] as Received, 50));
    expect((await reading).message).toContain('insufficientAccessRights (50)');
  });

  test('all of them fail when the connection is lost', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = ['cn=a', 'cn=b'].map((dn) => refusal(connection.read(dn, ['cn'])));
    await until(() => requests.length === 3);
    answer(Buffer.from('no LDAP'));
    for (const { message: words } of await Promise.all(reading))
      expect(words).toContain('no LDAP message');
  });

  test('a server that ends the session says why', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = refusal(connection.read('cn=a', ['cn']));
    await until(() => requests.length === 2);
    // 78 { 0a 34, 04, 04 "going down", 8a 1.3.6.1.4.1.1466.20036 } (RFC 4511 4.4.1).
    const name = Buffer.from('1.3.6.1.4.1.1466.20036').toString('hex');
    answer(
      message(
        0,
        Buffer.from(
          `7829 0a0134 0400 040a676f696e6720646f776e 8a16${name}`.replaceAll(' ', ''),
          'hex',
        ),
      ),
    );
    expect((await reading).message).toContain('is lost: unavailable (52): going down');
  });

  test('other notices are passed over', async () => {
    const { url, requests, answer } = await listening();
    const connection = await open({ url });
    const reading = connection.read('cn=a', ['cn']);
    await until(() => requests.length === 2);
    // 78 { 0a 0, 04, 04, 8a "1.2" } without a request (RFC 4511 4.4).
    answer(message(0, Buffer.from('780c0a0100040004008a03312e32', 'hex')));
    const request = requests[1] as Received;
    answer(writeEntry(request, 'cn=a', [['cn', [Buffer.from('a')]]]));
    answer(writeResult(request, 0));
    expect((await reading)?.dn).toBe('cn=a');
  });

  test('closing waits for no server that does not take the good-bye, and keeps nothing of it open', async () => {
    let held: Socket | undefined;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      held = socket;
      closing.push(async () => socket.destroy());
      socket
        .on('error', () => {})
        .once('data', (data) => {
          const next = takeMessage(data);
          if (!next) return;
          socket.write(writeResult(readRequest(next.message), 0));
          // From here on it reads nothing, and never closes its side.
          socket.pause();
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const connection = await open({ url: `ldap://127.0.0.1:${port}`, timeoutMs: 60_000 });
    // More than the two systems hold between them, so that the good-bye cannot leave.
    const large = edit('info', [], ['x'.repeat(8 * 2 ** 20)]);
    const changing = [1, 2, 3, 4].map(() => refusal(connection.modify('cn=a', [large])));
    // Who waits for the server waits a minute, which is more than this test has.
    await connection.close();
    for (const { message: words } of await Promise.all(changing)) expect(words).toContain('closed');
    expect(held?.destroyed).toBe(false);
  });

  test('closing says good-bye', async () => {
    const { url, requests } = await listening();
    await (await open({ url })).close();
    await until(() => requests.length === 2);
    expect(requests[1]?.op).toBe('unbind');
  });
});
