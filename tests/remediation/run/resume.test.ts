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
import type { Value } from '../../../src/model/entry.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import type { PlannedRequest } from '../../../src/remediation/run/requests.js';
import { planResume } from '../../../src/remediation/run/resume.js';
import { planUndo } from '../../../src/remediation/run/undo.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const dnOf = (n: number) => `CN=User ${n},DC=contoso,DC=com`;
const guidOf = (n: number) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', String(n));

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

/** The same row in a sheet that has no GUIDs, as that of IdFix. */
function byName({ edit, ...approved }: ApprovedEdit): ApprovedEdit {
  return { ...approved, edit: { ...edit, entry: { ...edit.entry, guid: undefined } } };
}

type Attributes = Readonly<Record<string, readonly Value[]>>;

const directoryOf = (given: readonly Attributes[]) =>
  memoryDirectory(
    given.map((values, index) =>
      createEntry(dnOf(index + 1), [
        ['objectGUID', [new Uint8Array(16).fill((index + 1) * 17)]],
        ...Object.entries(values),
      ]),
    ),
  );

/** Every value of every entry, free of order. */
function stateOf(memory: MemoryDirectory): string {
  const valuesOf = (values: readonly Value[]) => values.map((v) => JSON.stringify(v)).sort();
  return JSON.stringify(
    memory
      .entries()
      .map((entry) => [
        entry.dn,
        entry.attributes.map((name) => [name.toLowerCase(), valuesOf(entry.values(name))]).sort(),
      ]),
  );
}

async function run(
  command: 'apply' | 'undo',
  requests: readonly PlannedRequest[],
  writer: EntryWriter,
) {
  const path = join(folder, `${++files}.jsonl`);
  const journal = await openJournal(path, { command, target: 'memory' }, () => new Date(0));
  const results = await carryOut(requests, writer, journal, { concurrency: 1 });
  await journal.close();
  return { results, bytes: readFileSync(path) };
}

async function apply(rows: readonly ApprovedEdit[], memory: EntryWriter, writer = memory) {
  return run('apply', (await prepare(rows, memory, 2)).requests, writer);
}

/** Goes on after journals, the oldest first. */
async function resume(
  journals: readonly Uint8Array[],
  rows: readonly ApprovedEdit[],
  memory: EntryWriter,
  writer = memory,
) {
  const plan = await planResume(
    journals.map((bytes) => readJournal(bytes)),
    rows,
    memory,
    2,
  );
  const prepared = await prepare(plan.rest, memory, 2);
  const done = await run('apply', [...plan.found, ...prepared.requests], writer);
  return { ...plan, ...done, refused: [...plan.refused, ...prepared.refused] };
}

async function undo(bytes: Uint8Array, memory: EntryWriter) {
  const plan = await planUndo(readJournal(bytes), memory, 2);
  const { results } = await run('undo', plan.requests, memory);
  return { plan, results };
}

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

const DEMO = () =>
  directoryOf([{ mail: ['a'], displayName: ['A'] }, { mail: ['b'] }, { mail: ['c'] }]);
const ROWS = [
  row(2, 1, 'mail', ['a'], ['x']),
  row(3, 1, 'displayName', ['A'], []),
  row(4, 2, 'mail', ['b'], ['y']),
  row(5, 3, 'mail', ['c'], ['z']),
];

describe('resume', () => {
  test('takes up what was not attempted, and does nothing twice', async () => {
    const memory = DEMO();
    const first = await apply(ROWS, memory, faulty(memory, ['none', 'dies before']));
    expect(first.results.counts).toMatchObject({ applied: 2, unknown: 1, 'not attempted': 1 });
    const second = await resume([first.bytes], ROWS, memory);
    expect(second.done.map((one) => one.row)).toEqual([2, 3]);
    expect(second.found).toEqual([]);
    expect(second.results.rows.map((one) => [one.row, one.state])).toEqual([
      [4, 'applied'],
      [5, 'applied'],
    ]);
    expect(memory.entries().map((entry) => entry.values('mail'))).toEqual([['x'], ['y'], ['z']]);
  });

  test('puts on record what was carried out and never answered, and does not send it', async () => {
    const memory = DEMO();
    const first = await apply(ROWS, memory, faulty(memory, ['dies after']));
    const sent: string[] = [];
    const writer: EntryWriter = {
      ...memory,
      modify: (dn, edits) => {
        sent.push(dn);
        return memory.modify(dn, edits);
      },
    };
    const second = await resume([first.bytes], ROWS.toReversed(), memory, writer);
    expect(sent).toEqual([dnOf(2), dnOf(3)]);
    const [found] = readJournal(second.bytes).requests;
    expect(found).toMatchObject({
      state: 'applied',
      reason: expect.stringContaining('found so'),
      edits: [{ row: 2 }, { row: 3 }],
    });
    expect(second.results.counts.applied).toBe(4);
  });

  test('tries again what the server had refused', async () => {
    const memory = DEMO();
    const first = await apply(ROWS, memory, faulty(memory, ['failed', 'stale', 'dies before']));
    const second = await resume([first.bytes], ROWS, memory);
    expect(second.results.counts.applied).toBe(4);
  });

  test.each(['failed', 'stale'] as const)(
    'a row whose change was %s, and that somebody changed since, is refused for what it holds: it was answered',
    async (fault) => {
      const memory = DEMO();
      const first = await apply(ROWS, memory, faulty(memory, [fault]));
      await memory.modify(dnOf(1), [row(0, 1, 'mail', ['a'], ['q']).edit]);
      const { refused, results } = await resume([first.bytes], ROWS, memory);
      expect(refused).toEqual([{ row: 2, reason: 'VALUE is not what mail holds now: "q"' }]);
      // The other row of the entry, and those of the others, are not held up by it.
      expect(results.rows.map((one) => [one.row, one.state])).toEqual([[3, 'applied']]);
    },
  );

  test('what someone changed in the meantime is refused with the value', async () => {
    const memory = DEMO();
    const first = await apply(ROWS, memory, faulty(memory, ['dies before']));
    await memory.modify(dnOf(1), [row(0, 1, 'mail', ['a'], ['q']).edit]);
    const { refused } = await resume([first.bytes], ROWS, memory);
    expect(refused.map((one) => one.row)).toEqual([2, 3]);
    expect(refused[0]?.reason).toContain('mail holds "q" now');
  });

  test('a row that the run had left out of an entry is not slipped in', async () => {
    const memory = directoryOf([{ proxyAddresses: ['a', 'b'] }]);
    const rows = [
      row(2, 1, 'proxyAddresses', ['a'], ['b']),
      row(3, 1, 'proxyAddresses', ['b'], ['c']),
    ];
    const first = await apply(rows, memory);
    expect(first.results.rows.map((one) => one.row)).toEqual([3]);
    const second = await resume([first.bytes], rows, memory);
    expect(second.results.rows).toEqual([]);
    expect(second.refused).toEqual([{ row: 2, reason: expect.stringContaining('without') }]);
  });

  test('finds the entry of a row that names it by DN only, in whatever spelling', async () => {
    const memory = DEMO();
    const respelled = ({ edit, ...approved }: ApprovedEdit): ApprovedEdit => {
      const dn = edit.entry.dn.toUpperCase().replace(',', ' , ');
      return { ...approved, edit: { ...edit, entry: { ...edit.entry, dn } } };
    };
    const rows = ROWS.map(byName);
    expect(rows.map(({ edit }) => edit.entry.guid)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const first = await apply(rows.slice(0, 3), memory);
    // The journal knows them by the GUIDs that the directory gave.
    const [known] = readJournal(first.bytes).requests;
    expect(known?.edits[0]?.edit.entry.guid).toBe(guidOf(1));
    const second = await resume([first.bytes], rows.map(respelled), memory);
    expect(second.done.map((one) => one.row)).toEqual([2, 3, 4]);
    expect(second.refused).toEqual([]);
    expect(second.results.rows.map((one) => [one.row, one.state])).toEqual([[5, 'applied']]);
  });

  test('a row taken out of the sheet is not sent, and still looked up', async () => {
    const memory = DEMO();
    const before = await apply(ROWS, memory, faulty(memory, ['dies before']));
    expect((await resume([before.bytes], [], memory)).results.rows).toEqual([]);
    const other = DEMO();
    const after = await apply(ROWS, other, faulty(other, ['dies after']));
    expect((await resume([after.bytes], [], other)).results.counts.applied).toBe(2);
  });

  test('of a row taken out of the sheet whose change nobody can tell any more, the entry is named', async () => {
    const memory = DEMO();
    const before = await apply(ROWS, memory, faulty(memory, ['dies before']));
    await memory.modify(dnOf(1), [row(0, 1, 'mail', ['a'], ['q']).edit]);
    const { refused } = await resume([before.bytes], [], memory);
    expect(refused).toEqual([
      { row: 0, reason: expect.stringContaining(`${dnOf(1)}: never answered, and mail holds "q"`) },
    ]);
  });

  test('a row that was put back since is refused, and not called done', async () => {
    const memory = DEMO();
    const first = await apply(ROWS, memory);
    await memory.modify(dnOf(1), [row(0, 1, 'mail', ['x'], ['a']).edit]);
    const { done, refused } = await resume([first.bytes], ROWS, memory);
    expect(done.map((one) => one.row)).toEqual([3, 4, 5]);
    expect(refused).toEqual([{ row: 2, reason: expect.stringContaining('put back') }]);
  });
});

const word: fc.Arbitrary<Value> = fc.constantFrom<Value>('a', 'A', 'b', 'B', 'é', 'e', 'c ', 'c');
const held = fc.uniqueArray(word, {
  maxLength: 4,
  selector: (value) => String(value).toLowerCase(),
});
const attributes = fc.record({ mail: held, proxyAddresses: held, displayName: held });
const directories = fc.array(attributes, { minLength: 1, maxLength: 4 });
const wishes = fc.array(
  fc.record({
    n: fc.nat(),
    attribute: fc.constantFrom('mail', 'proxyAddresses', 'displayName'),
    pick: fc.option(fc.nat(), { freq: 4 }),
    after: fc.option(word, { freq: 4 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'stale', 'failed', 'dies before', 'dies after'),
  { maxLength: 4 },
);
type Given = typeof directories extends fc.Arbitrary<infer T> ? T : never;
type Wishes = typeof wishes extends fc.Arbitrary<infer T> ? T : never;

/** Edits that mostly fit the directory: the old value is picked among those held. */
function rowsFrom(given: Given, wished: Wishes): ApprovedEdit[] {
  return wished.map(({ n: any, attribute: name, pick, after }, index) => {
    const n = any % given.length;
    const values = given[n]?.[name] ?? [];
    const before = pick === null ? undefined : values[pick % Math.max(values.length, 1)];
    const list = (value: Value | null | undefined) => (value == null ? [] : [value]);
    return row(index + 2, n + 1, name, list(before), list(after));
  });
}

/** A journal as a crash may leave it: its last line torn, or without its last outcome. */
function torn(bytes: Buffer, cut: number): Buffer {
  const last = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  const isOutcome = bytes.subarray(last).toString().startsWith('{"type":"outcome"');
  return isOutcome ? bytes.subarray(0, last + (cut % (bytes.length - last))) : bytes;
}

/** Runs three times, each interrupted in its own way, the last not at all. */
async function interruptedTwice(
  rows: readonly ApprovedEdit[],
  memory: MemoryDirectory,
  [first, then]: readonly [readonly Fault[], readonly Fault[]],
  cuts: readonly number[],
) {
  const one = torn((await apply(rows, memory, faulty(memory, first))).bytes, cuts[0] ?? 0);
  const two = await resume([one], rows, memory, faulty(memory, then));
  const kept = torn(two.bytes, cuts[1] ?? 0);
  const three = await resume([one, kept], rows, memory);
  return { journals: [one, kept, three.bytes], last: three };
}

describe('for any directory, any approved edits and any interruptions', () => {
  const cuts = fc.tuple(fc.nat(), fc.nat());
  const orders = fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]);
  const pair = fc.tuple(faults, faults);

  test('a resumed run ends where one that was never interrupted ends', async () => {
    await fc.assert(
      fc.asyncProperty(directories, wishes, pair, cuts, async (given, wished, faulted, cut) => {
        const rows = rowsFrom(given, wished);
        const whole = directoryOf(given);
        await apply(rows, whole);
        const memory = directoryOf(given);
        const { last } = await interruptedTwice(rows, memory, faulted, cut);
        expect(stateOf(memory)).toBe(stateOf(whole));
        expect(last.results.counts.applied).toBe(last.results.rows.length);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('the undo of all its journals, in any order, restores the original, each value once', async () => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(
        directories,
        wishes,
        pair,
        cuts,
        orders,
        async (given, wished, faulted, cut, order) => {
          const memory = directoryOf(given);
          const original = stateOf(memory);
          const rows = rowsFrom(given, wished);
          const { journals } = await interruptedTwice(rows, memory, faulted, cut);
          for (const index of order) {
            const { plan, results } = await undo(journals[index] ?? new Uint8Array(), memory);
            expect(plan.refused).toEqual([]);
            expect(results.counts.applied).toBe(results.rows.length);
            changes += results.counts.applied;
          }
          expect(stateOf(memory)).toBe(original);
          for (const journal of journals) {
            const again = await planUndo(readJournal(journal), memory, 1);
            expect([again.requests, again.refused]).toEqual([[], []]);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(changes).toBeGreaterThan(50);
  }, 60_000);
});
