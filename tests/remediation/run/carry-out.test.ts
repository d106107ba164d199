import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { RIGHTS } from '../../../src/ldap/directory/rights.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit, EntryWriter } from '../../../src/model/change.js';
import type { Value } from '../../../src/model/entry.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { type Journal, openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import { growth, NEARLY_SQUARE } from '../../growth.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-apply-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const guidBytes = (n: number) => new Uint8Array(16).fill(n * 17);
const guidOf = (n: number) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', String(n));
const dnOf = (n: number) => `CN=User ${n},DC=contoso,DC=com`;

function user(n: number, proxies: readonly string[] = [], guid = n) {
  return createEntry(dnOf(n), [
    ['objectClass', ['user']],
    ['objectGUID', [guidBytes(guid)]],
    ['mail', [`u${n}@contoso.com`]],
    ['proxyAddresses', proxies],
  ]);
}

interface Change {
  readonly n?: number;
  readonly attribute?: string;
  readonly guid?: string | undefined;
  readonly dn?: string;
}

function row(number: number, before: readonly Value[], after: readonly Value[], at: Change = {}) {
  const n = at.n ?? 1;
  const guid = 'guid' in at ? at.guid : guidOf(n);
  const entry = { dn: at.dn ?? dnOf(n), guid, kind: 'user' } as const;
  const edit = { entry, attribute: at.attribute ?? 'mail', before, after };
  return { row: number, id: `id${number}`, edit } satisfies ApprovedEdit;
}

async function journalAt(path = join(folder, `${++files}.jsonl`)) {
  const header = { command: 'apply', target: 'memory' } as const;
  return { path, journal: await openJournal(path, header, () => new Date(0)) };
}

const refusals = async (rows: readonly ApprovedEdit[], writer: EntryWriter) =>
  (await prepare(rows, writer, 4)).refused.map((one) => `${one.row} ${one.reason}`);

describe('prepare', () => {
  test('joins the rows of one entry, whether named by objectGUID or by DN, read as asked', async () => {
    const memory = memoryDirectory([user(1, ['smtp:a']), user(2)]);
    const asked: string[][] = [];
    const writer: EntryWriter = {
      ...memory,
      read: (ref, attributes) => {
        asked.push([...attributes]);
        return memory.read(ref, attributes);
      },
    };
    const proxy = { attribute: 'proxyAddresses' };
    const rows = [
      row(2, ['u1@contoso.com'], ['x@contoso.com']),
      row(3, ['smtp:a'], [], proxy),
      row(4, [], ['smtp:b'], { ...proxy, n: 2 }),
      row(5, ['u2@contoso.com'], ['y@contoso.com'], {
        n: 2,
        guid: undefined,
        dn: 'cn=user 2, dc=contoso,dc=com',
      }),
    ];
    const { requests, refused } = await prepare(rows, writer, 4);
    expect(refused).toEqual([]);
    expect(requests.map(({ edits }) => edits.map((one) => one.row))).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(requests[1]?.ref).toEqual({ dn: dnOf(2), guid: guidOf(2), kind: 'user' });
    expect(requests[1]?.edits[1]?.edit.entry.dn).toBe(dnOf(2));
    const wanted = [['mail', 'proxyAddresses'], ['proxyAddresses'], ['mail']];
    expect(asked).toEqual(wanted.map((names) => [...names, ...RIGHTS]));
  });

  test('takes the DN of a moved entry from the directory', async () => {
    const moved = row(2, ['u1@contoso.com'], [], { dn: 'CN=Old,DC=contoso,DC=com' });
    const { requests } = await prepare([moved], memoryDirectory([user(1)]), 1);
    expect(requests[0]?.ref.dn).toBe(dnOf(1));
  });

  test.each([
    ['?', 'CN=J?rg 1,DC=contoso,DC=com'],
    ['another code page', 'CN=JЎrg 1,DC=contoso,DC=com'],
    ['a letter like it', 'CN=Jorg 1,DC=contoso,DC=com'],
  ])('writes nothing from a row whose DN lost its letters to %s', async (_, dn) => {
    const named = createEntry('CN=Jörg 1,DC=contoso,DC=com', [['objectGUID', [guidBytes(1)]]]);
    const fill = row(2, [], ['J?rg'], { dn, attribute: 'displayName' });
    const memory = memoryDirectory([named]);
    expect(await refusals([fill], memory)).toEqual([
      expect.stringMatching(/^2 the sheet has other letters .*CN=Jörg 1,.* save it as CSV UTF-8/),
    ]);
    const renamed = { ...fill, edit: { ...fill.edit, entry: { ...fill.edit.entry, dn: 'CN=B' } } };
    expect(await refusals([renamed], memory)).toEqual([]);
  });

  test('a thousand values of one attribute are no burden', async () => {
    const prepared = async (count: number) => {
      const values = Array.from({ length: count }, (_, n) => `smtp:${n}@contoso.com`);
      const rows = values.map((value, n) => row(n, [value], [], { attribute: 'proxyAddresses' }));
      const { requests } = await prepare(rows, memoryDirectory([user(1, values)]), 4);
      expect(requests[0]?.edits.filter(({ empties }) => empties)).toHaveLength(count);
    };
    expect(await growth(50, prepared)).toBeLessThan(NEARLY_SQUARE);
  });

  test('names the row of an entry that is gone, or whose DN belongs to another', async () => {
    const memory = memoryDirectory([user(1), user(2, [], 9)]);
    const mail = (n: number) => [`u${n}@contoso.com`];
    expect(
      await refusals(
        [
          row(2, mail(3), ['x'], { n: 3 }),
          row(3, mail(2), ['x'], { n: 2 }),
          row(4, ['x'], [], { guid: undefined, dn: 'Joe' }),
        ],
        memory,
      ),
    ).toEqual([
      expect.stringMatching(/^2 the entry is not there any more/),
      `3 another entry has this DN now (objectGUID ${guidOf(9)}); scan again`,
      '4 DN is no distinguished name',
    ]);
  });

  test.each<[string, Value[], Value[], string]>([
    ['case', ['SMTP:A@x'], ['smtp:z@x'], 'VALUE is not what proxyAddresses holds now: "smtp:a@x"'],
    ['nothing alike', ['q'], ['r'], '"smtp:a@x", "smtp:b@x", "smtp:c\\u{1b}[2J" and 1 more'],
    ['no value', [], ['r'], 'VALUE is empty but proxyAddresses holds "smtp:a@x", '],
    ['taken', ['smtp:a@x'], ['SMTP:B@x'], 'proxyAddresses holds "SMTP:B@x" already'],
    ['no change', ['smtp:a@x'], ['smtp:a@x'], 'nothing would change'],
  ])('refuses when the values do not fit: %s', async (_, before, after, reason) => {
    const held = ['smtp:a@x', 'smtp:b@x', 'smtp:c\u001b[2J', `smtp:${'d'.repeat(2000)}`];
    const memory = memoryDirectory([user(1, held)]);
    const [text] = await refusals([row(2, before, after, { attribute: 'proxyAddresses' })], memory);
    expect(text).toContain(reason);
  });

  test('refuses what the account may not write, before anything is written', async () => {
    const named = createEntry(dnOf(1), [
      ['mail', ['a']],
      ['displayName', ['A']],
      ['allowedAttributesEffective', ['displayName', 'description']],
      ['sDRightsEffective', ['0']],
    ]);
    const at = { guid: undefined };
    const rows = [
      row(2, ['a'], ['b'], at),
      row(3, ['A'], ['B'], { ...at, attribute: 'DisplayName' }),
    ];
    const { requests, refused } = await prepare(rows, memoryDirectory([named]), 1);
    expect(refused).toEqual([
      {
        row: 2,
        reason: expect.stringMatching(/^the account may not write mail here .*use another account/),
      },
    ]);
    expect(requests[0]?.edits.map((one) => one.row)).toEqual([3]);
  });

  test('says of what the directory holds already that there is nothing to do', async () => {
    const rows = [row(2, ['old@contoso.com'], ['u1@contoso.com'])];
    expect(await refusals(rows, memoryDirectory([user(1)]))).toEqual([
      '2 there is nothing to do: mail holds UPDATE already, and not VALUE',
    ]);
  });

  test('names the domain of an entry that is not to be found here', async () => {
    const elsewhere = async (dn: string) => (dn === dnOf(3) ? 'child.contoso.com' : undefined);
    const writer: EntryWriter = { ...memoryDirectory([user(1)]), elsewhere };
    const rows = [row(2, ['u3@contoso.com'], [], { n: 3 }), row(3, ['x'], [], { n: 2 })];
    expect(await refusals(rows, writer)).toEqual([
      '2 the entry is in child.contoso.com, which another server holds: write through that one',
      expect.stringMatching(/^3 the entry is not there any more/),
    ]);
  });

  test('compares bytes exactly', async () => {
    const photo = new Uint8Array([1, 2]);
    const memory = memoryDirectory([createEntry(dnOf(1), [['thumbnailPhoto', [photo]]])]);
    const at = { attribute: 'thumbnailPhoto', guid: undefined };
    expect(await refusals([row(2, [new Uint8Array([1, 2])], [], at)], memory)).toEqual([]);
    expect(await refusals([row(2, [new Uint8Array([1, 3])], [], at)], memory)).toHaveLength(1);
  });

  test('takes the old value from the directory, which tells bytes from text', async () => {
    const photo = new Uint8Array([65]);
    const memory = memoryDirectory([createEntry(dnOf(1), [['thumbnailPhoto', [photo]]])]);
    const rows = [row(2, ['A'], [], { attribute: 'thumbnailPhoto', guid: undefined })];
    const { requests } = await prepare(rows, memory, 1);
    expect(requests[0]?.edits[0]?.edit.before[0]).toBe(photo);
  });

  test('a change of case alone is no clash with the value that it replaces', async () => {
    const rows = [row(2, ['u1@contoso.com'], ['U1@contoso.com'])];
    expect(await refusals(rows, memoryDirectory([user(1)]))).toEqual([]);
  });

  test('of rows that contradict each other the first goes, and the entry keeps its other rows', async () => {
    const memory = memoryDirectory([user(1, ['a', 'b', 'c'])]);
    const proxy = { attribute: 'PROXYADDRESSES' };
    const name = { attribute: 'displayName' };
    const rows = [
      row(2, ['a'], ['x'], proxy),
      row(3, ['a'], ['y'], { attribute: 'proxyAddresses' }),
      row(4, ['b'], ['X'], proxy),
      row(5, [], ['n'], name),
      row(6, [], ['m'], name),
      row(7, ['c'], [], proxy),
    ];
    const { requests, refused } = await prepare(rows, memory, 1);
    expect(requests.map(({ edits }) => edits.map((one) => one.row))).toEqual([[2, 5, 7]]);
    expect(refused).toEqual([
      { row: 3, reason: 'row 2 changes the same value' },
      { row: 4, reason: 'row 2 writes the same value' },
      { row: 6, reason: 'row 5 changes the same value' },
    ]);
  });
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const rename = (n: number) => row(n + 1, [`u${n}@contoso.com`], [`new${n}@contoso.com`], { n });

async function planned(memory: EntryWriter, rows: readonly ApprovedEdit[]) {
  return (await prepare(rows, memory, 4)).requests;
}

describe('carryOut', () => {
  test('the intention is on disk before the request leaves, the outcome after', async () => {
    const memory = memoryDirectory(numbers(9).map((n) => user(n)));
    const { path, journal } = await journalAt();
    const writer: EntryWriter = {
      ...memory,
      modify: (dn, edits) => {
        const entry = readJournal(readFileSync(path)).requests.find(
          ({ edits: [one] }) => one?.edit.entry.dn === dn,
        );
        expect(entry?.state).toBe('intended');
        expect(entry?.edits.map(({ edit }) => edit)).toEqual(edits);
        return memory.modify(dn, edits);
      },
    };
    const requests = await planned(memory, numbers(9).map(rename));
    const seen: number[] = [];
    const options = { concurrency: 4, onOutcome: ({ row }: { row: number }) => seen.push(row) };
    const results = await carryOut(requests, writer, journal, options);
    await journal.close();
    expect(results.counts).toEqual({
      applied: 9,
      stale: 0,
      failed: 0,
      unknown: 0,
      'not attempted': 0,
    });
    expect(results.stopped).toBeUndefined();
    expect(seen.sort((a, b) => a - b)).toEqual(numbers(9).map((n) => n + 1));
    expect(memory.entries().map((entry) => entry.values('mail')[0])).toEqual(
      numbers(9).map((n) => `new${n}@contoso.com`),
    );
    const { requests: written } = readJournal(readFileSync(path));
    expect(written.every(({ state }) => state === 'applied')).toBe(true);
  });

  test('an answer that never came is unknown, and no further request is sent', async () => {
    const memory = memoryDirectory(numbers(5).map((n) => user(n)));
    const { path, journal } = await journalAt();
    let calls = 0;
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        calls += 1;
        if (calls === 1) return { state: 'failed', reason: 'insufficientAccessRights (50)' };
        if (calls === 3) throw new Error('socket closed');
        return memory.modify(dn, edits);
      },
    };
    const requests = await planned(memory, numbers(5).map(rename));
    const results = await carryOut(requests, writer, journal, { concurrency: 1 });
    await journal.close();
    const states = ['failed', 'applied', 'unknown', 'not attempted', 'not attempted'];
    expect(results.rows.map(({ state }) => state)).toEqual(states);
    expect(results.rows.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
    expect(results.stopped?.reason).toBe('socket closed');
    expect(calls).toBe(3);
    const { requests: written } = readJournal(readFileSync(path));
    expect(written.map(({ state }) => state)).toEqual(states.slice(0, 3));
    expect(written[0]?.reason).toContain('insufficientAccessRights');
  });

  test('a signal lets the requests under way finish and starts no other', async () => {
    const memory = memoryDirectory(numbers(6).map((n) => user(n)));
    const { path, journal } = await journalAt();
    const controller = new AbortController();
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        controller.abort();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return memory.modify(dn, edits);
      },
    };
    const requests = await planned(memory, numbers(6).map(rename));
    const { signal } = controller;
    const results = await carryOut(requests, writer, journal, { concurrency: 2, signal });
    await journal.close();
    expect(results.counts.applied).toBe(2);
    expect(results.counts['not attempted']).toBe(4);
    expect(results.rows[5]?.reason).toBe('interrupted');
    expect(readJournal(readFileSync(path)).requests.map(({ state }) => state)).toEqual([
      'applied',
      'applied',
    ]);
  });

  test.each([
    [['failed', 'failed', 'failed'], 3],
    [['failed', 'unknown', 'applied', 'failed', 'stale', 'failed', 'failed'], 7],
  ] as const)('so many failures in a row end the run: %j', async (states, calls) => {
    const memory = memoryDirectory(numbers(9).map((n) => user(n)));
    const { journal } = await journalAt();
    const left = [...states];
    const writer: EntryWriter = {
      ...memory,
      modify: async () => ({ state: left.shift() ?? 'applied', reason: 'as told' }),
    };
    const requests = await planned(memory, numbers(9).map(rename));
    const options = { concurrency: 1, maxFailures: 3 };
    const results = await carryOut(requests, writer, journal, options);
    await journal.close();
    expect(results.stopped?.reason).toBe('3 entries in a row could not be changed');
    expect(results.counts['not attempted']).toBe(9 - calls);
    expect(results.rows.find(({ state }) => state === 'not attempted')?.row).toBe(calls + 2);
  });

  test('what is known to be carried out goes on record and is not sent', async () => {
    const memory = memoryDirectory([user(1), user(2)]);
    const { path, journal } = await journalAt();
    const [first, second] = await planned(memory, numbers(2).map(rename));
    if (!first || !second) throw new Error('two requests were planned');
    const carriedOut = { state: 'applied', reason: 'found' } as const;
    const results = await carryOut([{ ...first, carriedOut }, second], memory, journal, {
      concurrency: 1,
    });
    await journal.close();
    expect(results.counts.applied).toBe(2);
    expect(memory.entries().map((entry) => entry.values('mail')[0])).toEqual([
      'u1@contoso.com',
      'new2@contoso.com',
    ]);
    expect(readJournal(readFileSync(path)).requests[0]).toMatchObject({
      edits: first.edits,
      ...carriedOut,
    });
  });

  test('without a journal nothing is sent', async () => {
    const memory = memoryDirectory([user(1), user(2)]);
    const full = new Error('ENOSPC');
    const journal: Journal = {
      intended: () => Promise.reject(full),
      outcome: () => Promise.resolve(),
      hurry: () => {},
      end: async () => {},
      close: () => Promise.resolve(),
    };
    const requests = await planned(memory, numbers(2).map(rename));
    const before = memory.entries();
    const results = await carryOut(requests, memory, journal, { concurrency: 1 });
    expect(memory.entries()).toEqual(before);
    expect(results.counts['not attempted']).toBe(2);
    expect(results.stopped).toEqual({ reason: 'ENOSPC', cause: full });
  });

  test('an outcome that cannot be written down stops the run but is reported', async () => {
    const memory = memoryDirectory([user(1), user(2)]);
    const journal: Journal = {
      intended: () => Promise.resolve(),
      outcome: () => Promise.reject(new Error('ENOSPC')),
      hurry: () => {},
      end: async () => {},
      close: () => Promise.resolve(),
    };
    const requests = await planned(memory, numbers(2).map(rename));
    const results = await carryOut(requests, memory, journal, { concurrency: 1 });
    expect(results.rows.map(({ state }) => state)).toEqual(['applied', 'not attempted']);
    expect(results.stopped?.reason).toBe('ENOSPC');
  });

  test('the next request does not wait for the record of an outcome: both go to disk together', async () => {
    const memory = memoryDirectory([user(1), user(2)]);
    const happened: string[] = [];
    let flush = () => {};
    const journal: Journal = {
      intended: async (number) => {
        happened.push(`intended ${number}`);
        flush();
      },
      outcome: (number) =>
        new Promise((resolve) => {
          flush = () => {
            happened.push(`recorded ${number}`);
            resolve();
          };
          if (number === 2) flush();
        }),
      hurry: () => {},
      end: async () => {},
      close: () => Promise.resolve(),
    };
    const told: number[] = [];
    const requests = await planned(memory, numbers(2).map(rename));
    const onOutcome = ({ row }: { row: number }) => told.push(row);
    const results = await carryOut(requests, memory, journal, { concurrency: 1, onOutcome });
    expect(results.counts.applied).toBe(2);
    expect(happened).toEqual(['intended 1', 'intended 2', 'recorded 1', 'recorded 2']);
    expect(told).toEqual([2, 3]);
  });

  test.each(['U1@contoso.com', 'u1@contoso.com ', 'new@contoso.com'])(
    'a value that changed too little for the server to notice is not written over: %j',
    async (after) => {
      const memory = memoryDirectory([user(1)]);
      const requests = await planned(memory, [row(2, ['u1@contoso.com'], [after])]);
      await memory.modify(dnOf(1), [row(0, ['u1@contoso.com'], ['u1@Contoso.com']).edit]);
      const { journal } = await journalAt();
      const results = await carryOut(requests, memory, journal, { concurrency: 1 });
      await journal.close();
      expect(results.rows[0]?.state).toBe('stale');
      expect(results.rows[0]?.reason).toContain('"u1@Contoso.com"');
      expect(memory.entries()[0]?.values('mail')).toEqual(['u1@Contoso.com']);
    },
  );

  test('an attribute that somebody filled in the meantime gets no further value', async () => {
    const memory = memoryDirectory([user(1)]);
    const at = { attribute: 'proxyAddresses' };
    const requests = await planned(memory, [row(2, [], ['SMTP:ours'], at)]);
    await memory.modify(dnOf(1), [row(0, [], ['SMTP:theirs'], at).edit]);
    const { journal } = await journalAt();
    const results = await carryOut(requests, memory, journal, { concurrency: 1 });
    await journal.close();
    expect(results.rows[0]).toMatchObject({
      state: 'stale',
      reason: 'proxyAddresses holds "SMTP:theirs" now',
    });
  });

  test('when looking again fails nothing was sent', async () => {
    const memory = memoryDirectory([user(1)]);
    const requests = await planned(memory, [row(2, ['u1@contoso.com'], ['U1@contoso.com'])]);
    const writer: EntryWriter = { ...memory, read: () => Promise.reject(new Error('gone')) };
    const { journal } = await journalAt();
    const results = await carryOut(requests, writer, journal, { concurrency: 1 });
    await journal.close();
    expect(results.rows[0]?.state).toBe('failed');
    expect(results.stopped?.reason).toBe('gone');
  });

  test('requests of one entry go one after the other, of several entries together', async () => {
    const memory = memoryDirectory(numbers(3).map((n) => user(n)));
    const running = new Set<string>();
    let most = 0;
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        expect(running.has(dn)).toBe(false);
        running.add(dn);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running.delete(dn);
        return memory.modify(dn, edits);
      },
    };
    const first = numbers(3).map(rename);
    const second = numbers(3).map((n) => row(n + 10, [`new${n}@contoso.com`], ['z'], { n }));
    const requests = [...first, ...second].map((one) => ({ ref: one.edit.entry, edits: [one] }));
    const { journal } = await journalAt();
    const results = await carryOut(requests, writer, journal, { concurrency: 8 });
    await journal.close();
    expect(results.counts.applied).toBe(6);
    expect(most).toBe(3);
  });

  test('thousands of entries take seconds', async () => {
    const all = numbers(3000);
    const named = all.map((n) => createEntry(dnOf(n), [['mail', [`u${n}@contoso.com`]]]));
    const memory = memoryDirectory(named);
    const rows = all.map((n) =>
      row(n, [`u${n}@contoso.com`], [`new${n}@contoso.com`], { n, guid: undefined }),
    );
    const requests = await planned(memory, rows);
    const { journal } = await journalAt();
    const results = await carryOut(requests, memory, journal, { concurrency: 32 });
    await journal.close();
    expect(results.counts.applied).toBe(3000);
  });
});
