import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import {
  type MemoryDirectory,
  memoryDirectory,
} from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit, EntryWriter } from '../../../src/model/change.js';
import type { Entry, Value } from '../../../src/model/entry.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import type { PlannedRequest } from '../../../src/remediation/run/requests.js';
import { planUndo } from '../../../src/remediation/run/undo.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-undo-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const dnOf = (n: number) => `CN=User ${n},DC=contoso,DC=com`;
const guidOf = (n: number) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', String(n));

function entryOf(n: number, values: Readonly<Record<string, readonly Value[]>>): Entry {
  const identity = [['objectGUID', [new Uint8Array(16).fill(n * 17)]]] as const;
  return createEntry(dnOf(n), [...identity, ...Object.entries(values)]);
}

function row(
  number: number,
  n: number,
  attribute: string,
  before: readonly Value[],
  after: readonly Value[],
): ApprovedEdit {
  const entry = { dn: dnOf(n), guid: guidOf(n), kind: 'other' } as const;
  return { row: number, id: `id${number}`, edit: { entry, attribute, before, after } };
}

/** Every value of every entry, free of order. */
function stateOf(memory: MemoryDirectory): string {
  const state = memory.entries().map((entry) => [
    entry.dn,
    entry.attributes
      .map((name) => [
        name.toLowerCase(),
        entry
          .values(name)
          .map((value) => JSON.stringify(value))
          .sort(),
      ])
      .sort(),
  ]);
  return JSON.stringify(state, undefined, 1);
}

async function run(
  command: 'apply' | 'undo',
  requests: readonly PlannedRequest[],
  writer: EntryWriter,
  concurrency = 3,
) {
  const path = join(folder, `${++files}.jsonl`);
  const journal = await openJournal(path, { command, target: 'memory' }, () => new Date(0));
  const results = await carryOut(requests, writer, journal, { concurrency });
  await journal.close();
  return { results, bytes: readFileSync(path) };
}

async function apply(rows: readonly ApprovedEdit[], memory: EntryWriter, writer = memory) {
  return run('apply', (await prepare(rows, memory, 3)).requests, writer);
}

async function undo(bytes: Uint8Array, writer: EntryWriter) {
  const plan = await planUndo(readJournal(bytes), writer, 3);
  return { plan, ...(await run('undo', plan.requests, writer)) };
}

const DEMO = () =>
  memoryDirectory([
    entryOf(1, { mail: ['a'], proxyAddresses: ['SMTP:a', 'smtp:b', 'smtp:c'] }),
    entryOf(2, { mail: ['b'], thumbnailPhoto: [new Uint8Array([1, 2])] }),
  ]);
const DEMO_ROWS = [
  row(2, 1, 'mail', ['a'], ['A']),
  row(3, 1, 'proxyAddresses', ['smtp:b'], []),
  row(4, 1, 'displayName', [], ['Ann']),
  row(5, 2, 'thumbnailPhoto', [new Uint8Array([1, 2])], [new Uint8Array([3])]),
  row(6, 2, 'mail', ['b'], ['x\u2028\ud800\n']),
];

describe('undo', () => {
  test('restores every value, last request first, and can itself be undone', async () => {
    const memory = DEMO();
    const original = stateOf(memory);
    const applied = await apply(DEMO_ROWS, memory);
    expect(applied.results.counts.applied).toBe(5);
    const changed = stateOf(memory);
    expect(changed).not.toEqual(original);
    const undone = await undo(applied.bytes, memory);
    expect(undone.plan.requests.map(({ ref }) => ref.dn)).toEqual([dnOf(2), dnOf(1)]);
    expect(undone.results.rows.map((one) => one.row).sort()).toEqual([2, 3, 4, 5, 6]);
    expect(stateOf(memory)).toEqual(original);
    await undo(undone.bytes, memory);
    expect(stateOf(memory)).toEqual(changed);
  });

  test('a second time everything is undone already and nothing is written', async () => {
    const memory = DEMO();
    const { bytes } = await apply(DEMO_ROWS, memory);
    const once = await undo(bytes, memory);
    for (const journal of [bytes, (await undo(once.bytes, memory)) && once.bytes]) {
      await undo(journal, memory);
      const plan = await planUndo(readJournal(journal), memory, 3);
      expect([plan.requests, plan.refused]).toEqual([[], []]);
      expect(plan.settled.map((one) => one.row)).toEqual([2, 3, 4, 5, 6]);
    }
  });

  test('what somebody changed since is left alone and told with both values', async () => {
    const memory = DEMO();
    const { bytes } = await apply(DEMO_ROWS, memory);
    await memory.modify(dnOf(1), [row(0, 1, 'mail', ['A'], ['elsewhere']).edit]);
    await memory.modify(dnOf(1), [row(0, 1, 'displayName', ['Ann'], ['ANN']).edit]);
    await memory.modify(dnOf(1), [row(0, 1, 'proxyAddresses', [], ['SMTP:B']).edit]);
    const { plan, results } = await undo(bytes, memory);
    expect(plan.refused).toEqual([
      { row: 2, reason: 'mail was left with "A" and holds "elsewhere" now' },
      { row: 3, reason: 'proxyAddresses holds "smtp:b" already' },
      { row: 4, reason: 'displayName was left with "Ann" and holds "ANN" now' },
    ]);
    expect(results.counts.applied).toBe(2);
    expect(memory.entries()[0]?.values('mail')).toEqual(['elsewhere']);
    expect(memory.entries()[0]?.values('displayName')).toEqual(['ANN']);
  });

  test('an attribute that was emptied and that somebody filled since is left alone, other rows go back', async () => {
    const memory = memoryDirectory([
      entryOf(1, { mail: ['a'], mailNickname: ['n'], proxyAddresses: ['p', 'q', 'r'] }),
    ]);
    const rows = [
      row(2, 1, 'mail', ['a'], ['b']),
      row(3, 1, 'mailNickname', ['n'], []),
      row(4, 1, 'proxyAddresses', ['p'], []),
    ];
    const { bytes } = await apply(rows, memory);
    await memory.modify(dnOf(1), [row(0, 1, 'mailNickname', [], ['theirs']).edit]);
    const { plan, results } = await undo(bytes, memory);
    expect(plan.refused).toEqual([
      { row: 3, reason: 'mailNickname was left with no value and holds "theirs" now' },
    ]);
    expect(results.counts.applied).toBe(2);
    expect(memory.entries()[0]?.values('mailNickname')).toEqual(['theirs']);
    expect(memory.entries()[0]?.values('proxyAddresses').toSorted()).toEqual(['p', 'q', 'r']);
  });

  test('what was emptied by several rows goes back row by row', async () => {
    const memory = memoryDirectory([entryOf(1, { proxyAddresses: ['p', 'q'] })]);
    const rows = ['p', 'q'].map((one, n) => row(n + 2, 1, 'proxyAddresses', [one], []));
    const { bytes } = await apply(rows, memory);
    for (const id of ['id3', 'id2']) {
      const plan = await planUndo(readJournal(bytes), memory, 1, new Set([id]));
      expect(plan.refused).toEqual([]);
      await run('undo', plan.requests, memory);
    }
    expect(memory.entries()[0]?.values('proxyAddresses').toSorted()).toEqual(['p', 'q']);
  });

  test('a moved entry is found, one that is gone or replaced is reported', async () => {
    const { bytes } = await apply(DEMO_ROWS, DEMO());
    const moved = createEntry('CN=Moved,DC=contoso,DC=com', [
      ['objectGUID', [new Uint8Array(16).fill(0x11)]],
      ['mail', ['A']],
      ['displayName', ['Ann']],
    ]);
    const replaced = createEntry(dnOf(2), [['mail', ['x\u2028\ud800\n']]]);
    const memory = memoryDirectory([moved, replaced]);
    const { plan } = await undo(bytes, memory);
    expect(plan.refused.map((one) => one.row)).toEqual([5, 6]);
    expect(plan.refused[0]?.reason).toContain('another entry');
    expect(memory.entries()[0]?.values('mail')).toEqual(['a']);
    expect(memory.entries()[0]?.values('proxyAddresses')).toEqual(['smtp:b']);
  });

  test('single rows go back by their ids, and the others later', async () => {
    const memory = DEMO();
    const original = stateOf(memory);
    const { bytes } = await apply(DEMO_ROWS, memory);
    const some = await planUndo(readJournal(bytes), memory, 3, new Set(['id3', 'id6']));
    expect(some.requests.flatMap(({ edits }) => edits.map((one) => one.row)).sort()).toEqual([
      3, 6,
    ]);
    expect([some.refused, some.settled]).toEqual([[], []]);
    await run('undo', some.requests, memory);
    expect(memory.entries()[0]?.values('mail')).toEqual(['A']);
    expect(memory.entries()[1]?.values('mail')).toEqual(['b']);
    const { plan } = await undo(bytes, memory);
    expect(plan.settled.map((one) => one.row)).toEqual([3, 6]);
    expect(stateOf(memory)).toEqual(original);
  });

  test('of an entry that is gone only the rows asked for are reported', async () => {
    const { bytes } = await apply(DEMO_ROWS, DEMO());
    const plan = await planUndo(readJournal(bytes), memoryDirectory([]), 3, new Set(['id3']));
    expect(plan.refused.map((one) => one.row)).toEqual([3]);
  });

  test('what the account may not write is refused', async () => {
    const { bytes } = await apply(DEMO_ROWS.slice(0, 1), DEMO());
    const locked = { mail: ['A'], allowedAttributesEffective: ['cn'] };
    const plan = await planUndo(readJournal(bytes), memoryDirectory([entryOf(1, locked)]), 3);
    expect(plan.refused).toEqual([
      {
        row: 2,
        reason: expect.stringMatching(/^the account may not write mail here .*use another account/),
      },
    ]);
  });

  test.each(['stale', 'failed'] as const)(
    'a request that was %s is not undone, though somebody else gave the value that it meant',
    async (state) => {
      const memory = DEMO();
      const writer: EntryWriter = { ...memory, modify: async () => ({ state, reason: 'no' }) };
      const { bytes } = await apply([row(2, 1, 'mail', ['a'], ['z'])], memory, writer);
      await memory.modify(dnOf(1), [row(0, 1, 'mail', ['a'], ['z']).edit]);
      expect(await planUndo(readJournal(bytes), memory, 1)).toEqual({
        requests: [],
        refused: [],
        settled: [],
      });
    },
  );

  test('several requests on one entry go back one after the other', async () => {
    const memory = DEMO();
    const original = stateOf(memory);
    const steps = [
      row(2, 1, 'mail', ['a'], ['b']),
      row(3, 1, 'mail', ['b'], ['c']),
      row(4, 1, 'mail', ['c'], []),
      row(5, 1, 'mail', [], ['C']),
    ];
    const requests = steps.map((step) => ({ ref: step.edit.entry, edits: [step] }));
    const { bytes, results } = await run('apply', requests, memory);
    expect(results.counts.applied).toBe(4);
    const changed = stateOf(memory);
    const undone = await undo(bytes, memory);
    expect(undone.results.rows.map((one) => one.row)).toEqual([5, 4, 3, 2]);
    expect(undone.results.counts.applied).toBe(4);
    expect(stateOf(memory)).toEqual(original);
    const again = await planUndo(readJournal(bytes), memory, 1);
    expect([again.requests, again.refused]).toEqual([[], []]);
    expect(again.settled).toHaveLength(4);
    await undo(undone.bytes, memory);
    expect(stateOf(memory)).toEqual(changed);
  });

  test('of a request without outcome, one edit that was not carried out speaks for all', async () => {
    const memory = DEMO();
    const rows = [row(2, 1, 'mail', ['a'], ['z']), row(3, 1, 'proxyAddresses', ['smtp:b'], [])];
    const writer: EntryWriter = { ...memory, modify: () => Promise.reject(new Error('lost')) };
    const { bytes } = await apply(rows, memory, writer);
    await memory.modify(dnOf(1), [row(0, 1, 'proxyAddresses', ['smtp:b'], []).edit]);
    const { plan } = await undo(bytes, memory);
    expect(plan.requests).toEqual([]);
    expect(plan.settled.map((one) => one.row)).toEqual([2]);
    expect(plan.refused[0]?.reason).toContain('nobody can tell');
  });
});

type Fault = 'none' | 'stale' | 'failed' | 'dies before' | 'dies after';

/** A writer that fails as told, one fault for each modify; it works when it runs out of them. */
function faulty(memory: MemoryDirectory, faults: readonly Fault[]): EntryWriter {
  const left = [...faults];
  return {
    ...memory,
    modify: async (dn, edits) => {
      const fault = left.shift() ?? 'none';
      if (fault === 'stale' || fault === 'failed') return { state: fault, reason: 'as told' };
      if (fault === 'dies before') throw new Error('connection lost');
      const outcome = await memory.modify(dn, edits);
      if (fault === 'dies after') throw new Error('connection lost');
      return outcome;
    },
  };
}

const attribute = fc.constantFrom('mail', 'proxyAddresses', 'displayName');
const word: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'A', 'b', 'B', 'é', 'e', 'c ', 'c') },
  fc.constantFrom('\u2028', '\ud800', 'l1\nl2', '\u0000', ''),
  fc.constantFrom(new Uint8Array([255]), new Uint8Array([254, 0])),
);
const held = fc.uniqueArray(word, {
  maxLength: 4,
  selector: (value) => (typeof value === 'string' ? value.toLowerCase() : value.join()),
});
const attributes = fc.record({ mail: held, proxyAddresses: held, displayName: held });
const directories = fc.array(attributes, { minLength: 1, maxLength: 4 });
/** An edit that mostly fits the directory: its old value is picked among those held. */
const wishes = fc.array(
  fc.record({
    n: fc.nat(),
    attribute,
    pick: fc.option(fc.nat(), { freq: 4 }),
    after: fc.option(word, { freq: 4 }),
  }),
  { maxLength: 8 },
);
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'none', 'stale', 'failed', 'dies before', 'dies after'),
  { maxLength: 4 },
);
type Given = typeof directories extends fc.Arbitrary<infer T> ? T : never;
type Wishes = typeof wishes extends fc.Arbitrary<infer T> ? T : never;

function rowsFrom(given: Given, wished: Wishes): ApprovedEdit[] {
  return wished.map(({ n: any, attribute: name, pick, after }, index) => {
    const n = any % given.length;
    const values = given[n]?.[name as keyof Given[number]] ?? [];
    const before = pick === null ? undefined : values[pick % Math.max(values.length, 1)];
    const list = (value: Value | null | undefined) => (value == null ? [] : [value]);
    return row(index + 2, n + 1, name, list(before), list(after));
  });
}

const directoryOf = (given: Given) =>
  memoryDirectory(given.map((values, index) => entryOf(index + 1, values)));

describe('for any directory and any approved edits', () => {
  test('undo restores the original, undo of undo the applied state', async () => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(directories, wishes, async (given, wished) => {
        const memory = directoryOf(given);
        const original = stateOf(memory);
        const applied = await apply(rowsFrom(given, wished), memory);
        changes += applied.results.counts.applied;
        expect(applied.results.counts.applied).toBe(applied.results.rows.length);
        const changed = stateOf(memory);
        const undone = await undo(applied.bytes, memory);
        expect(stateOf(memory)).toEqual(original);
        const again = await planUndo(readJournal(applied.bytes), memory, 2);
        expect([again.requests, again.refused]).toEqual([[], []]);
        await undo(undone.bytes, memory);
        expect(stateOf(memory)).toEqual(changed);
      }),
      { numRuns: 100 },
    );
    expect(changes).toBeGreaterThan(50);
  });

  test('undo restores the original whatever went wrong, and when undo itself was cut off', async () => {
    let [applied, cutOff] = [0, 0];
    await fc.assert(
      fc.asyncProperty(directories, wishes, faults, faults, async (given, wished, first, then) => {
        const memory = directoryOf(given);
        const original = stateOf(memory);
        const rows = rowsFrom(given, wished);
        const { bytes, results } = await apply(rows, memory, faulty(memory, first));
        if (stateOf(memory) !== original) applied += results.counts.applied;
        await undo(bytes, faulty(memory, then));
        if (stateOf(memory) !== original) cutOff += 1;
        const { plan } = await undo(bytes, memory);
        expect(plan.refused).toEqual([]);
        expect(stateOf(memory)).toEqual(original);
      }),
      { numRuns: 100 },
    );
    expect(applied).toBeGreaterThan(50);
    expect(cutOff).toBeGreaterThan(5);
  });

  test('undo restores the original from a journal torn at any byte of its last two lines', async () => {
    let torn = 0;
    await fc.assert(
      fc.asyncProperty(directories, wishes, async (given, wished) => {
        const memory = directoryOf(given);
        const original = stateOf(memory);
        const { requests } = await prepare(rowsFrom(given, wished), memory, 1);
        const last = requests.at(-1);
        if (!last) return;
        torn += 1;
        await carryAllBut(last, requests, memory);
        const before = memory.entries();
        const { bytes } = await run(
          'apply',
          requests,
          memoryDirectory(directoryOf(given).entries()),
          1,
        );
        await memory.modify(
          last.ref.dn,
          last.edits.map(({ edit }) => edit),
        );
        const after = memory.entries();
        const text = bytes.toString('latin1');
        const outcomeAt = text.lastIndexOf('\n', text.length - 2) + 1;
        const editAt = text.lastIndexOf('\n', outcomeAt - 2) + 1;
        for (let cut = editAt; cut <= bytes.length; cut += 1) {
          // The request leaves when its edits are on disk: torn there, it was not sent.
          const worlds = cut < outcomeAt ? [before] : [after];
          if (cut >= outcomeAt && cut < bytes.length - 1) worlds.push(before);
          for (const world of worlds) {
            const crashed = memoryDirectory(world);
            const plan = await planUndo(readJournal(bytes.subarray(0, cut)), crashed, 1);
            for (const { ref, edits } of plan.requests) {
              await crashed.modify(
                ref.dn,
                edits.map(({ edit }) => edit),
              );
            }
            if (plan.refused.length > 0 || stateOf(crashed) !== original) {
              throw new Error(`cut at byte ${cut}: ${JSON.stringify(plan.refused)}`);
            }
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(torn).toBeGreaterThan(10);
  }, 60_000);
});

async function carryAllBut(
  last: PlannedRequest,
  requests: readonly PlannedRequest[],
  memory: EntryWriter,
): Promise<void> {
  for (const request of requests) {
    const edits = request.edits.map(({ edit }) => edit);
    if (request !== last) await memory.modify(request.ref.dn, edits);
  }
}
