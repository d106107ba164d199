import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { mayMatch } from '../../../src/ldap/format/may-match.js';
import {
  type MemoryDirectory,
  memoryDirectory,
} from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit } from '../../../src/model/change.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import type { PlannedRequest } from '../../../src/remediation/run/requests.js';
import { planUndo } from '../../../src/remediation/run/undo.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-lookalikes-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const DN = 'CN=a,DC=contoso,DC=com';
/** Four of the first group, two of the second, and one that is like no other. */
const VALUES = ['SMTP:a@x', 'smtp:A@x', 'smtp:á@x', 'smtp:a@x ', 'smtp:ıd@x', 'smtp:ID@x', 'x'];
const NEW = ['smtp:new@x', 'SMTP:a@x', 'smtp:à@x', 'smtp:id@x'];

/** Some of the values that an attribute holds, each removed or replaced. */
const scenario = fc.record({
  held: fc.shuffledSubarray(VALUES, { minLength: 1 }),
  edits: fc.shuffledSubarray(VALUES, { minLength: 1 }),
  after: fc.array(fc.option(fc.constantFrom(...NEW), { nil: undefined }), {
    minLength: VALUES.length,
    maxLength: VALUES.length,
  }),
});

const heldBy = (memory: MemoryDirectory) =>
  (memory.entries()[0]?.values('proxyAddresses') ?? []).map(String).toSorted();

async function carry(
  command: 'apply' | 'undo',
  requests: readonly PlannedRequest[],
  memory: MemoryDirectory,
) {
  const path = join(folder, `${++files}.jsonl`);
  const journal = await openJournal(path, { command, target: 'x' }, () => new Date(0));
  const results = await carryOut(requests, memory, journal, { concurrency: 1 });
  journal.hurry();
  await journal.close();
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  return { results, text };
}

function rowsOf(edits: readonly string[], after: readonly (string | undefined)[]): ApprovedEdit[] {
  const entry = { dn: DN, guid: undefined, kind: 'user' } as const;
  return edits.map((value, at) => {
    const update = after[at];
    const change = { before: [value], after: update === undefined ? [] : [update] };
    return { row: at + 2, id: `id${at}`, edit: { entry, attribute: 'proxyAddresses', ...change } };
  });
}

test('T1: whatever lookalikes are edited, exactly that is done, undone, and done again', async () => {
  let touched = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ held, edits, after }) => {
      const memory = memoryDirectory([createEntry(DN, [['proxyAddresses', held]])]);
      const before = heldBy(memory);
      const { requests } = await prepare(rowsOf(edits, after), memory, 1);
      const meant = held.filter((value) => !sentFrom(requests).includes(value));
      const applied = await carry('apply', requests, memory);
      expect(applied.results.rows.every(({ state }) => state === 'applied')).toBe(true);
      const done = heldBy(memory);
      expect(done).toEqual([...meant, ...sentTo(requests)].toSorted());
      if (requests.some((one) => one.edits.some(({ edit }) => edit.whole))) touched += 1;

      const back = await planUndo(readJournal(applied.text), memory, 1);
      expect([back.refused, back.settled]).toEqual([[], []]);
      const undone = await carry('undo', back.requests, memory);
      expect(heldBy(memory)).toEqual(before);
      const again = await planUndo(readJournal(undone.text), memory, 1);
      expect(again.refused).toEqual([]);
      await carry('undo', again.requests, memory);
      expect(heldBy(memory)).toEqual(done);
    }),
    { numRuns: 300 },
  );
  expect(touched).toBeGreaterThan(100);
});

test('T1: killed after the server took some lookalikes for others: undo restores every one', async () => {
  let misread = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ held, edits, after }) => {
      const honest = memoryDirectory([createEntry(DN, [['proxyAddresses', held]])]);
      const { requests } = await prepare(rowsOf(edits, after), honest, 1);
      const [request] = requests;
      if (!request) return;
      const { text } = await carry('apply', requests, honest);
      // On record, and then written by value: the memory deletes the first alike.
      const memory = memoryDirectory([createEntry(DN, [['proxyAddresses', held]])]);
      const blind = request.edits.map(({ edit: { whole: _, ...edit } }) => edit);
      if ((await memory.modify(DN, blind)).state !== 'applied') return;
      if (heldBy(memory).join() !== heldBy(honest).join()) misread += 1;
      const intended = text.split('\n').slice(0, 1 + request.edits.length);
      const plan = await planUndo(readJournal(`${intended.join('\n')}\n`), memory, 1);
      expect(plan.refused).toEqual([]);
      await carry('undo', plan.requests, memory);
      expect(heldBy(memory)).toEqual(held.toSorted());
    }),
    { numRuns: 300 },
  );
  expect(misread).toBeGreaterThan(30);
});

test('the values are alike as the scenarios want it', () => {
  const [first = '', ...rest] = VALUES;
  expect(rest.map((value) => mayMatch(first, value))).toEqual([
    ...[true, true, true],
    ...[false, false, false],
  ]);
});

const sentFrom = (requests: readonly PlannedRequest[]) =>
  requests.flatMap(({ edits }) => edits.flatMap(({ edit }) => edit.before));
const sentTo = (requests: readonly PlannedRequest[]) =>
  requests.flatMap(({ edits }) => edits.flatMap(({ edit }) => edit.after.map(String)));
