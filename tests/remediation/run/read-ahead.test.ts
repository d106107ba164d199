import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit, Edit, EntryWriter } from '../../../src/model/change.js';
import { carryOut, type RunOptions } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import { planResume } from '../../../src/remediation/run/resume.js';
import { planUndo } from '../../../src/remediation/run/undo.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-ahead-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `${++files}.jsonl`);

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const dnOf = (n: number) => `CN=User ${n},DC=contoso,DC=com`;
const nOf = (dn: string) => Number(/\d+/.exec(dn)?.[0]);
const entryOf = (n: number) => ({ dn: dnOf(n), guid: undefined, kind: 'user' }) as const;
const mail = (n: number, before: string, after: string): Edit => ({
  ...{ entry: entryOf(n), attribute: 'mail' },
  ...{ before: [before], after: [after] },
});
const rows = (count: number): readonly ApprovedEdit[] =>
  numbers(count).map((n) => ({ row: n + 1, id: `id${n}`, edit: mail(n, `u${n}@x`, `new${n}@x`) }));
const people = (count: number) =>
  memoryDirectory(numbers(count).map((n) => createEntry(dnOf(n), [['mail', [`u${n}@x`]]])));
const mails = (memory: ReturnType<typeof people>) =>
  memory.entries().map((entry) => String(entry.values('mail')[0]));

/** Applies the mails of so many people and returns where the journal is. */
async function run(count: number, writer: EntryWriter, options: RunOptions) {
  const path = newPath();
  const { requests } = await prepare(rows(count), writer, 4);
  return { ...(await carryOutAt(path, requests, writer, options)), path };
}

async function carryOutAt(
  path: string,
  requests: Parameters<typeof carryOut>[0],
  writer: EntryWriter,
  options: RunOptions,
) {
  const header = { command: 'apply', target: 'memory' } as const;
  const journal = await openJournal(path, header, () => new Date(0));
  const results = await carryOut(requests, writer, journal, options);
  await journal.close();
  return { results };
}

/** What the raw lines of a journal say of each request, in their order. */
const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as { request: number; state: string });

describe('on record ahead', () => {
  test('one flush serves many requests, also when they leave one by one', async () => {
    const handle = await open(newPath(), 'w');
    const sync = jest.spyOn(Object.getPrototypeOf(handle), 'sync');
    await handle.close();
    try {
      const { results } = await run(500, people(500), { concurrency: 1 });
      expect(results.counts.applied).toBe(500);
      // Two for each request would be a thousand.
      expect(sync.mock.calls.length).toBeLessThan(60);
    } finally {
      sync.mockRestore();
    }
  });

  test.each([1, 4])(
    'each stands on disk before it leaves, and few before their turn: concurrency %d',
    async (concurrency) => {
      const memory = people(700);
      const path = newPath();
      const seen: { isOnRecord: boolean; sent: number; ahead: number }[] = [];
      const writer: EntryWriter = {
        ...memory,
        modify: (dn, edits) => {
          // To read all of it anew for each of 700 requests would take a minute.
          const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1);
          const intended = lines.filter((line) => line.startsWith('{"type":"edit"'));
          const isOnRecord = intended.some((line) => line.includes(`"request":${nOf(dn)},`));
          const sent = seen.length;
          seen.push({ isOnRecord, sent, ahead: intended.length - sent - 1 });
          return memory.modify(dn, edits);
        },
      };
      const { requests } = await prepare(rows(700), writer, 4);
      await carryOutAt(path, requests, writer, { concurrency });
      expect(seen.every(({ isOnRecord }) => isOnRecord)).toBe(true);
      // No more than went well before, but for what the others are about to send.
      expect(seen.filter(({ sent, ahead }) => ahead > sent + concurrency)).toEqual([]);
      const most = Math.max(...seen.map(({ ahead }) => ahead));
      expect(most).toBeGreaterThan(16);
      expect(most).toBeLessThanOrEqual(256 + concurrency);
      expect(mails(memory)).toEqual(numbers(700).map((n) => `new${n}@x`));
    },
  );

  test('a run that fails from the start has nothing on record ahead', async () => {
    const memory = people(30);
    const refuse = async () => ({ state: 'failed', reason: 'no' }) as const;
    const writer = { ...memory, modify: refuse };
    const { path } = await run(30, writer, { concurrency: 1, maxFailures: 5 });
    expect(new Set(linesOf(path).map(({ request }) => request)).size).toBe(5);
  });

  test('a record ahead that fails while nobody waits for it does not end the process', () => {
    // Jest would not notice: the built code, in a process of its own.
    const script = `
      import { intentions } from ${JSON.stringify(pathToFileURL(resolve('dist/remediation/run/read-ahead.js')))};
      const intended = async (n) => {
        if (n > 1) throw new Error('the disk is full');
      };
      const requests = Array.from({ length: 20 }, () => ({ edits: [] }));
      const { recorded } = intentions(requests, { intended }, () => 10);
      await recorded(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await recorded(1).catch(({ message }) => console.log(message));
    `;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect([status, stdout, stderr]).toEqual([0, 'the disk is full\n', '']);
  });

  test('what was on record and not attempted is taken back; --resume does it once, undo leaves it alone', async () => {
    const memory = people(100);
    const controller = new AbortController();
    const times = new Map<string, number>();
    const writer: EntryWriter = {
      ...memory,
      modify: (dn, edits) => {
        times.set(dn, (times.get(dn) ?? 0) + 1);
        if (nOf(dn) === 40) controller.abort();
        return memory.modify(dn, edits);
      },
    };
    const { signal } = controller;
    const { results, path } = await run(100, writer, { concurrency: 1, signal });
    expect([results.counts.applied, results.counts['not attempted']]).toEqual([40, 60]);
    const states = new Map(linesOf(path).map(({ request, state }) => [request, state]));
    expect(states.size).toBeGreaterThan(41);
    expect([...states.values()].slice(40).every((state) => state === 'not attempted')).toBe(true);
    const journal = readJournal(readFileSync(path));
    const { requests } = journal;
    expect(requests.map(({ state }) => state)).toEqual(Array(40).fill('applied'));

    // Someone else does by hand what was not attempted: that is theirs.
    await memory.modify(dnOf(41), [mail(41, 'u41@x', 'new41@x')]);
    const undo = await planUndo(readJournal(readFileSync(path)), memory, 4);
    expect(undo.requests.map(({ ref }) => nOf(ref.dn))).toEqual(numbers(40).reverse());
    await memory.modify(dnOf(41), [mail(41, 'new41@x', 'u41@x')]);

    const plan = await planResume([journal], rows(100), memory, 4);
    expect([plan.done.length, plan.found.length, plan.rest.length]).toEqual([40, 0, 60]);
    const again = (await prepare(plan.rest, memory, 4)).requests;
    await carryOutAt(newPath(), again, writer, { concurrency: 1 });
    expect(mails(memory)).toEqual(numbers(100).map((n) => `new${n}@x`));
    expect([...times.values()]).toEqual(Array(100).fill(1));
  });

  test('after a crash what never left is looked up, and found as it was', async () => {
    const memory = people(100);
    const path = newPath();
    const crashed = newPath();
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        if (nOf(dn) === 41) {
          writeFileSync(crashed, readFileSync(path));
          throw new Error('killed');
        }
        return memory.modify(dn, edits);
      },
    };
    const { requests } = await prepare(rows(100), writer, 4);
    await carryOutAt(path, requests, writer, { concurrency: 1 });
    const left = readJournal(readFileSync(crashed));
    expect(left.requests.length).toBeGreaterThan(41);
    const plan = await planResume([left], rows(100), memory, 4);
    expect([plan.done.length + plan.found.length, plan.rest.length]).toEqual([40, 60]);
    const undo = await planUndo(left, memory, 4);
    expect([undo.requests.length, undo.refused]).toEqual([40, []]);
    expect(undo.settled.length).toBe(left.requests.length - 40);
  });
});

describe('the looks ahead', () => {
  test('every entry is looked at before its turn, and many at the same moment', async () => {
    const memory = people(500);
    const { requests } = await prepare(rows(500), memory, 4);
    const seen = new Set<string>();
    let [looks, moments, isSameMoment] = [0, 0, false];
    const writer: EntryWriter = {
      ...memory,
      read: async (ref, attributes) => {
        looks += 1;
        if (!isSameMoment) {
          [moments, isSameMoment] = [moments + 1, true];
          setImmediate(() => {
            isSameMoment = false;
          });
        }
        const entry = await memory.read(ref, attributes);
        seen.add(ref.dn);
        return entry;
      },
      modify: async (dn, edits) => {
        expect(seen.has(dn)).toBe(true);
        await setTimeout(1);
        return memory.modify(dn, edits);
      },
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 4 });
    expect(results.counts.applied).toBe(500);
    // A busy machine may let some become too old.
    expect(looks).toBeLessThan(600);
    expect(moments).toBeLessThan(500 / 5);
  });

  test('a slow server is asked for the entries whose turn it is and as many again, no more', async () => {
    const memory = people(15);
    const { requests } = await prepare(rows(15), memory, 4);
    const seen = new Set<string>();
    let sent = 0;
    const writer: EntryWriter = {
      ...memory,
      read: (ref, attributes) => {
        seen.add(ref.dn);
        expect(seen.size - sent).toBeLessThanOrEqual(6);
        return memory.read(ref, attributes);
      },
      modify: async (dn, edits) => {
        sent += 1;
        await setTimeout(60);
        return memory.modify(dn, edits);
      },
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 3 });
    expect([results.counts.applied, seen.size]).toEqual([15, 15]);
  });

  test('over a slow line a look comes back with the answer to the request before it, fresh enough', async () => {
    const memory = people(40);
    const { requests } = await prepare(rows(40), memory, 4);
    let looks = 0;
    const writer: EntryWriter = {
      ...memory,
      read: async (ref, attributes) => {
        looks += 1;
        await setTimeout(60);
        return memory.read(ref, attributes);
      },
      modify: async (dn, edits) => {
        await setTimeout(60);
        return memory.modify(dn, edits);
      },
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 4 });
    expect(results.counts.applied).toBe(40);
    expect(looks).toBeLessThan(50);
  });

  test('where an attribute must still be empty, the entry is looked at when its turn has come', async () => {
    const memory = memoryDirectory(numbers(30).map((n) => createEntry(dnOf(n), [])));
    const fills: readonly ApprovedEdit[] = numbers(30).map((n) => ({
      ...{ row: n + 1, id: `id${n}` },
      edit: { entry: entryOf(n), attribute: 'mail', before: [], after: [`new${n}@x`] },
    }));
    const { requests } = await prepare(fills, memory, 4);
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        const next = { entry: entryOf(nOf(dn) + 1), attribute: 'mail' };
        if (nOf(dn) % 10 === 5)
          await memory.modify(next.entry.dn, [{ ...next, before: [], after: ['theirs@x'] }]);
        return memory.modify(dn, edits);
      },
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 1 });
    expect(results.counts).toMatchObject({ applied: 27, stale: 3 });
    expect(mails(memory)[5]).toBe('theirs@x');
  });

  test('one is repeated where the request before it took long', async () => {
    const memory = people(3);
    const { requests } = await prepare(rows(3), memory, 4);
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        const outcome = await memory.modify(dn, edits);
        if (nOf(dn) !== 1) return outcome;
        await setTimeout(150);
        // Another spelling, which the guard of the server does not tell from the old one.
        await memory.modify(dnOf(2), [mail(2, 'u2@x', 'U2@X')]);
        return outcome;
      },
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 1 });
    expect(results.rows.map(({ state }) => state)).toEqual(['applied', 'stale', 'applied']);
    expect(mails(memory)[1]).toBe('U2@X');
  });

  test('they are over when the run is', async () => {
    const memory = people(3);
    const { requests } = await prepare(rows(3), memory, 4);
    let open = 0;
    const writer: EntryWriter = {
      ...memory,
      read: async (ref, attributes) => {
        open += 1;
        await setTimeout(nOf(ref.dn) === 2 ? 40 : 0);
        open -= 1;
        if (nOf(ref.dn) === 2) throw new Error('lost');
        return memory.read(ref, attributes);
      },
      modify: () => Promise.reject(new Error('gone')),
    };
    const { results } = await carryOutAt(newPath(), requests, writer, { concurrency: 1 });
    expect(open).toBe(0);
    const states = ['unknown', 'not attempted', 'not attempted'];
    expect(results.rows.map(({ state }) => state)).toEqual(states);
    expect(results.stopped?.reason).toBe('gone');
  });
});

test('outcomes wait for each other, an intention for nobody', async () => {
  const handle = await open(newPath(), 'w');
  const sync = jest.spyOn(Object.getPrototypeOf(handle), 'sync');
  await handle.close();
  try {
    const header = { command: 'apply', target: 'memory' } as const;
    const journal = await openJournal(newPath(), header, () => new Date(0));
    for (const [index, one] of rows(30).entries()) await journal.intended(index + 1, [one]);
    sync.mockClear();
    const end = { state: 'applied', reason: '' } as const;
    const ends: Promise<void>[] = [];
    for (const n of numbers(20)) {
      ends.push(journal.outcome(n, end));
      await Promise.resolve();
    }
    await Promise.all(ends);
    expect(sync).toHaveBeenCalledTimes(1);
    const waiting = journal.outcome(21, end);
    await journal.intended(31, rows(1));
    await waiting;
    expect(sync).toHaveBeenCalledTimes(2);
    await journal.close();
  } finally {
    sync.mockRestore();
  }
});
