import { afterEach, describe, expect, test } from '@jest/globals';
import { presync, readRecords } from '../presync.js';
import { rewrite, tagOf, writeElement } from '../servers/elements.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../servers/faulty.js';
import { type Received, writeEntry, writeResult } from '../servers/messages.js';

const ENTRIES = 30;
const DNS_ZONES = 'ldap://DomainDnsZones.contoso.local/DC=DomainDnsZones,DC=contoso,DC=local';
const CHILD = 'ldap://child.contoso.local/DC=child,DC=contoso,DC=local';

let server: FaultyServer | undefined;
afterEach(() => server?.stop());

/** Scans a server whose people each have one fault of their own; gives what was reported. */
async function scan(behaviour: Behaviour) {
  server = await startFaultyServer({
    entries: ENTRIES,
    attributes: () => ({ displayName: ['  '] }),
    // No domain controller: nothing is counted before, so that the fault strikes the scan.
    rootDse: { supportedCapabilities: [] },
    ...behaviour,
  });
  const { code, out, err } = await presync([
    'scan',
    server.url,
    '--page-size',
    '10',
    '--jsonl',
    '-',
    '--fail-on=info',
  ]);
  const records = readRecords(out);
  const found = records.flatMap(({ type, rule }) => (type === 'finding' ? [rule] : []));
  const { complete, gaps, entries } = records.at(-1) ?? {};
  return { result: { code, complete, gaps, entries, found }, err };
}

/** Each fault of a person is found once, and nobody is taken for a duplicate of themselves. */
const found = (entries: number) => Array.from({ length: entries }, () => 'blank-value');
const WHOLE = { code: 1, complete: true, gaps: [], entries: ENTRIES, found: found(ENTRIES) };

test.each<readonly [name: string, behaviour: Behaviour]>([
  ['cuts the connection in a page', { dropAfter: 15, times: 1 }],
  ['cuts it in the last entry, three times', { dropAfter: 29, times: 3 }],
  ['gives a page of no entries, with a cookie', { emptyPageAfter: 20 }],
  ['puts less on a page than was asked for', { pageSize: 7 }],
  ['is busy in a page', { result: { code: 51, after: 15 }, times: 1 }],
  [
    'is busy, and takes its cookie no more then',
    {
      ...{ result: { code: 51, after: 15 }, times: 1 },
      cookies: { refusedWith: 53, times: 1 },
    },
  ],
  ['writes its lengths as short as may be', { form: 'short', references: [DNS_ZONES] }],
  ['reaches its time limit in a page', { result: { code: 3, after: 15 }, times: 1 }],
])(
  'a scan is complete where the server %s',
  async (_, behaviour) => {
    expect((await scan(behaviour)).result).toEqual(WHOLE);
  },
  60_000,
);

test.each<readonly [name: string, behaviour: Behaviour, entries: number, gap: string]>([
  ['cuts every connection', { dropAfter: 15 }, 15, 'is lost'],
  ['has a size limit', { result: { code: 4, after: 15 } }, 15, 'sizeLimitExceeded (4)'],
  ['refuses the rest', { result: { code: 50, after: 15 } }, 15, 'insufficientAccessRights (50)'],
  ['leads in a circle', { cookies: 'first page' }, 10, 'again and again'],
  ['refers to another domain', { references: [CHILD] }, ENTRIES, 'DC=child,DC=contoso,DC=local'],
])(
  'a scan says that it is not where the server %s',
  async (_, behaviour, entries, gap) => {
    const gaps = [expect.stringContaining(gap)];
    const result = { code: 3, complete: false, gaps, entries, found: found(entries) };
    expect((await scan(behaviour)).result).toEqual(result);
  },
  60_000,
);

/** Answers a search for the people of the directory in a way of its own from the second page on. */
const later =
  (says: (message: Buffer, request: Received) => Buffer | readonly Buffer[]): Behaviour['says'] =>
  (message, request) =>
    request.cookie ? says(message, request) : message;
const isEnd = (message: Buffer) => tagOf(message) === 0x65;
const retagged = (message: Buffer, tag: number) =>
  rewrite(message, ([id, operation, ...rest]) => [id, operation && { ...operation, tag }, ...rest]);
const numbered = (message: Buffer, id: number) =>
  rewrite(message, (parts) => [{ tag: 0x02, content: Buffer.from([id]) }, ...parts.slice(1)]);
/** The cookie loses its last octet, and no length says so. */
const cut = (message: Buffer) =>
  rewrite(message, ([id, operation, controls]) => [
    id,
    operation,
    { tag: controls?.tag ?? 0, content: controls?.content.subarray(0, -1) ?? Buffer.alloc(0) },
  ]);
const END_OF_PAGE = 'an answer to something that it was not asked';

describe('T8 a scan says that it is not complete, and exits with 3, where the server', () => {
  test.each<readonly [name: string, says: Behaviour['says'], entries: number, gap: string]>([
    [
      'passes over the paging control',
      later((message) => (isEnd(message) ? rewrite(message, (all) => all.slice(0, 2)) : message)),
      20,
      'does not say whether there is more',
    ],
    [
      'gives another control in its place',
      later((message) =>
        isEnd(message)
          ? Buffer.from(
              message.toString('latin1').replace('113556.1.4.319', '113556.1.4.318'),
              'latin1',
            )
          : message,
      ),
      20,
      'does not say whether there is more',
    ],
    [
      'garbles the paging control',
      later((message) => (isEnd(message) ? cut(message) : message)),
      20,
      'no LDAP message',
    ],
    [
      'ends the search as if it were a change',
      later((message) => (isEnd(message) ? retagged(message, 0x67) : message)),
      20,
      END_OF_PAGE,
    ],
    [
      'ends the search as if it were a logon',
      later((message) => (isEnd(message) ? retagged(message, 0x61) : message)),
      20,
      END_OF_PAGE,
    ],
    [
      'ends the search before its entries',
      later((message, request) =>
        isEnd(message) ? [] : [writeResult(request, 0, '', ''), message],
      ),
      10,
      END_OF_PAGE,
    ],
    [
      'gives entries after the end',
      (message, request) =>
        isEnd(message) && request.cookie === '20'
          ? [message, writeEntry(request, 'CN=late', [])]
          : message,
      ENTRIES,
      END_OF_PAGE,
    ],
    [
      'gives entries to another search',
      later((message) => (isEnd(message) ? message : numbered(message, 99))),
      10,
      END_OF_PAGE,
    ],
    [
      'gives entries to nobody',
      later((message) => (isEnd(message) ? message : numbered(message, 0))),
      10,
      END_OF_PAGE,
    ],
    [
      'calls its entries something else',
      later((message) => (isEnd(message) ? message : retagged(message, 0x79))),
      10,
      'no LDAP message',
    ],
  ])(
    '%s',
    async (_, says, entries, gap) => {
      const { result, err } = await scan({ ...(says ? { says } : {}) });
      const gaps = [expect.stringContaining(gap)];
      expect(result).toEqual({ code: 3, complete: false, gaps, entries, found: found(entries) });
      // It would do the same again.
      expect(err).not.toContain('going on in');
    },
    60_000,
  );
});

describe('T23 a scan says that it is not complete, and holds no more than it can, where the server', () => {
  test('has a value of 300 MB', async () => {
    // The message is announced, and its first octets: no more is waited for.
    const head = Buffer.from('308412c0000002010064 8412bffff7'.replaceAll(' ', ''), 'hex');
    const large = (message: Buffer, request: Received) => {
      if (isEnd(message)) return message;
      head[8] = request.id;
      return [head, writeElement(0x04, Buffer.from('CN=large,DC=contoso')), Buffer.alloc(1000)];
    };
    const { result } = await scan({ says: later(large) ?? ((message) => message) });
    const gaps = [expect.stringMatching(/300 MiB, more than the 64 MiB .*CN=large,DC=contoso/)];
    expect(result).toEqual({ code: 3, complete: false, gaps, entries: 10, found: found(10) });
  }, 60_000);

  test('invents attributes without end', async () => {
    let invented = 0;
    const says = (message: Buffer, request: Received) => {
      if (isEnd(message) || !request.cookie) return message;
      const names = Array.from({ length: 2000 }, () => {
        invented += 1;
        return `invented${invented}`;
      });
      return writeEntry(
        request,
        'CN=x',
        names.map((name) => [name, [Buffer.from('')]] as const),
      );
    };
    const { result } = await scan({ says });
    expect(result).toMatchObject({
      code: 3,
      complete: false,
      gaps: expect.arrayContaining([expect.stringContaining('names of attributes without end')]),
    });
  }, 60_000);

  test('gives entries without end in one answer', async () => {
    const says = (message: Buffer, request: Received) => {
      if (isEnd(message) || !request.cookie) return message;
      const [dn] = [`CN=${'x'.repeat(90)}`];
      return Buffer.concat(new Array(150_000).fill(writeEntry(request, dn, [])));
    };
    const { result } = await scan({ says });
    expect(result).toMatchObject({
      code: 3,
      complete: false,
      gaps: expect.arrayContaining([expect.stringContaining('more entries than it was asked for')]),
    });
  }, 60_000);
});

test('a scan is complete where an entry has a value of 5 MB', async () => {
  const info = ['x'.repeat(5_000_000)];
  const attributes = (at: number) => (at === 17 ? { info } : {});
  expect((await scan({ attributes })).result).toEqual({ ...WHOLE, found: ['value-too-long'] });
});

test('why a scan waits is said at once, and how long', async () => {
  const { err } = await scan({ dropAfter: 15, times: 3 });
  const lost = `The connection to ${server?.url} is lost: the server closed the connection`;
  const [first, second, third, ...rest] = err.split('\n');
  expect([first, second, third]).toEqual([
    `${lost}; going on in 0.5 s.`,
    `${lost}; going on in 1 s.`,
    `${lost}; going on in 2 s.`,
  ]);
  expect(rest.join()).not.toContain('going on');
});
