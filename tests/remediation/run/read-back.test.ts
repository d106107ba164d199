import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import {
  type MemoryDirectory,
  memoryDirectory,
} from '../../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit, Edit, EntryWriter, Outcome } from '../../../src/model/change.js';
import type { Value } from '../../../src/model/entry.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { prepare } from '../../../src/remediation/run/prepare.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import { planResume } from '../../../src/remediation/run/resume.js';
import { planUndo } from '../../../src/remediation/run/undo.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-read-back-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const BOTH = ['SMTP:rep.eat@contoso.com', 'smtp:REP.EAT@CONTOSO.COM'] as const;
const dnOf = (name: string) => `CN=${name},DC=contoso,DC=com`;

function directory(): MemoryDirectory {
  return memoryDirectory([
    createEntry(dnOf('rep'), [
      ['mail', ['rep@contoso.local']],
      ['proxyAddresses', [...BOTH, 'smtp:other@contoso.com']],
    ]),
    createEntry(dnOf('joe'), [['mail', ['joe@contoso.local']]]),
  ]);
}

function row(
  number: number,
  name: string,
  attribute: string,
  before: readonly Value[],
  after: readonly Value[],
): ApprovedEdit {
  const entry = { dn: dnOf(name), guid: undefined, kind: 'user' } as const;
  return { row: number, id: `id${number}`, edit: { entry, attribute, before, after } };
}

const REMOVAL = row(2, 'rep', 'proxyAddresses', [BOTH[1]], []);
const ROWS = [
  row(3, 'rep', 'mail', ['rep@contoso.local'], ['rep@contoso.com']),
  REMOVAL,
  row(4, 'joe', 'mail', ['joe@contoso.local'], ['joe@contoso.com']),
];

const withoutWhole = (edits: readonly Edit[]) => edits.map(({ whole: _, ...edit }) => edit);

/** Deletes by value whatever it is told the first time: the memory then takes the first value alike, as Samba does. */
function misreading(
  memory: MemoryDirectory,
  later: (edits: readonly Edit[]) => Promise<Outcome> | undefined = () => undefined,
): EntryWriter & { readonly reads: () => number } {
  let modifies = 0;
  let reads = 0;
  return {
    name: 'misreading',
    read: (ref, attributes) => {
      reads += 1;
      return memory.read(ref, attributes);
    },
    modify: async (dn, edits) => {
      modifies += 1;
      if (modifies === 1) return memory.modify(dn, withoutWhole(edits));
      return (await later(edits)) ?? memory.modify(dn, edits);
    },
    reads: () => reads,
  };
}

async function run(rows: readonly ApprovedEdit[], memory: MemoryDirectory, writer: EntryWriter) {
  const path = join(folder, `${++files}.jsonl`);
  const { requests } = await prepare(rows, memory, 1);
  const journal = await openJournal(path, { command: 'apply', target: 'x' }, () => new Date(0));
  const results = await carryOut(requests, writer, journal, { concurrency: 1 });
  await journal.close();
  return { results, text: readFileSync(path, 'utf8') };
}

const stateOf = (memory: MemoryDirectory) =>
  memory
    .entries()
    .map((entry) => entry.attributes.map((name) => [name, entry.values(name).toSorted()]));

describe('T1: reading back what a server made of a request', () => {
  test('one value taken for another: all of the entry is put back, the run says so and ends', async () => {
    const memory = directory();
    const before = stateOf(memory);
    const { results, text } = await run(ROWS, memory, misreading(memory));
    expect(stateOf(memory)).toEqual(before);
    expect(results.rows.map(({ row, state }) => [row, state])).toEqual([
      [3, 'failed'],
      [2, 'failed'],
      [4, 'not attempted'],
    ]);
    expect(results.rows[1]?.reason).toMatch(
      /^the server took one value for another \(proxyAddresses holds "smtp:REP.*put back as it was$/,
    );
    expect(results.stopped?.reason).toBe('the server took one value for another');
    const plan = await planUndo(readJournal(text), memory, 1);
    expect([plan.requests, plan.refused]).toEqual([[], []]);
  });

  test('without the guard of the whole attribute the primary address would be gone', async () => {
    const memory = directory();
    await memory.modify(dnOf('rep'), [REMOVAL.edit]);
    expect(memory.entries()[0]?.values('proxyAddresses')).not.toContain(BOTH[0]);
  });

  test('a server that refuses to put it back: nobody is told that all is well, and undo restores it', async () => {
    const memory = directory();
    const before = stateOf(memory);
    const busy = { state: 'failed', reason: 'unwillingToPerform (53)' } as const;
    const { results, text } = await run(
      ROWS.slice(0, 2),
      memory,
      misreading(memory, async () => busy),
    );
    expect(results.rows[1]).toMatchObject({ state: 'unknown' });
    expect(results.rows[1]?.reason).toMatch(/could not be put back \(unwillingToPerform/);
    expect(stateOf(memory)).not.toEqual(before);
    const plan = await planUndo(readJournal(text), memory, 1);
    expect(plan.refused).toEqual([]);
    await carryOut(plan.requests, memory, await openOwn('undo'), { concurrency: 1 });
    expect(stateOf(memory)).toEqual(before);
  });

  test('killed before it could look: undo restores the exact text, resume does not take it for done', async () => {
    const memory = directory();
    const before = stateOf(memory);
    const other = directory();
    const { text } = await run(ROWS.slice(0, 2), other, misreading(other));
    const intended = text.split('\n').slice(0, 3).join('\n');
    await memory.modify(dnOf('rep'), withoutWhole(ROWS.slice(0, 2).map(({ edit }) => edit)));
    const journal = readJournal(`${intended}\n`);
    expect(journal.requests[0]?.state).toBe('intended');
    const resumed = await planResume([journal], ROWS.slice(0, 2), memory, 1);
    expect([resumed.rest, resumed.done, resumed.found]).toEqual([[], [], []]);
    expect(resumed.refused[0]?.reason).toContain('or the server took one value for another');
    const plan = await planUndo(journal, memory, 1);
    expect([plan.refused, plan.settled]).toEqual([[], []]);
    await carryOut(plan.requests, memory, await openOwn('undo'), { concurrency: 1 });
    expect(stateOf(memory)).toEqual(before);
    const again = await planUndo(journal, memory, 1);
    expect([again.requests, again.refused]).toEqual([[], []]);
  });

  test('what somebody else wrote at the same moment is neither put back nor called applied', async () => {
    const memory = directory();
    const theirs = 'smtp:theirs@contoso.com';
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        const outcome = await memory.modify(dn, withoutWhole(edits));
        await memory.modify(dn, [row(9, 'rep', 'proxyAddresses', [], [theirs]).edit]);
        return outcome;
      },
    };
    const { results } = await run([REMOVAL, ...ROWS.slice(2)], memory, writer);
    expect(results.rows.map(({ state }) => state)).toEqual(['unknown', 'applied']);
    expect(results.rows[0]?.reason).toContain('someone changed it at the same moment');
    expect(memory.entries()[0]?.values('proxyAddresses')).toContain(theirs);
  });

  test('what somebody else wrote beside it is left alone, and ours is applied', async () => {
    const memory = directory();
    const writer: EntryWriter = {
      ...memory,
      modify: async (dn, edits) => {
        const outcome = await memory.modify(dn, edits);
        await memory.modify(dn, [row(9, 'rep', 'proxyAddresses', [], ['smtp:theirs@x.com']).edit]);
        return outcome;
      },
    };
    const { results } = await run([REMOVAL], memory, writer);
    expect(results.rows[0]).toMatchObject({ state: 'applied' });
    expect(memory.entries()[0]?.values('proxyAddresses').toSorted()).toEqual(
      [BOTH[0], 'smtp:other@contoso.com', 'smtp:theirs@x.com'].toSorted(),
    );
  });

  test('an attribute that changed since it was read is not written as a whole', async () => {
    const memory = directory();
    const { requests } = await prepare([REMOVAL], memory, 1);
    await memory.modify(dnOf('rep'), [row(9, 'rep', 'proxyAddresses', [], ['smtp:x@x.com']).edit]);
    const own = await openOwn('apply');
    const { rows } = await carryOut(requests, memory, own, { concurrency: 1 });
    expect(rows[0]).toMatchObject({ state: 'stale' });
    expect(memory.entries()[0]?.values('proxyAddresses')).toContain('smtp:x@x.com');
  });

  test('an entry that cannot be read back is not called applied, and the run ends', async () => {
    const memory = directory();
    let written = false;
    const writer: EntryWriter = {
      ...memory,
      read: (ref, attributes) => {
        if (written) throw new Error('the line is dead.');
        return memory.read(ref, attributes);
      },
      modify: (dn, edits) => {
        written = true;
        return memory.modify(dn, edits);
      },
    };
    const { results } = await run([REMOVAL], memory, writer);
    expect(results.rows[0]).toMatchObject({
      state: 'unknown',
      reason: 'written, and the entry could not be read back: the line is dead',
    });
    expect(results.stopped?.reason).toBe('the line is dead');
  });

  test('only what a server could take for something else is read back', async () => {
    for (const [after, reads] of [
      ['joe@contoso.com', 1],
      ['JOE@contoso.local', 2],
    ] as const) {
      const memory = directory();
      const writer = misreading(memory);
      await run([row(4, 'joe', 'mail', ['joe@contoso.local'], [after])], memory, writer);
      expect([after, writer.reads()]).toEqual([after, reads]);
    }
  });
});

async function openOwn(command: 'apply' | 'undo') {
  const header = { command, target: 'x' } as const;
  return openJournal(join(folder, `${++files}.jsonl`), header, () => new Date(0));
}
