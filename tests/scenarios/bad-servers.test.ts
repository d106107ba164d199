import { afterEach, expect, test } from '@jest/globals';
import { presync, readRecords } from '../presync.js';
import { inWindowsForm } from '../servers/elements.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../servers/faulty.js';

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
  ['writes its lengths as Windows does', { says: inWindowsForm, references: [DNS_ZONES] }],
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
