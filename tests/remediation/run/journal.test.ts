import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../../src/errors.js';
import type { ApprovedEdit } from '../../../src/model/change.js';
import type { Value } from '../../../src/model/entry.js';
import { NO_ROW, openJournal } from '../../../src/remediation/run/journal.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const header = { command: 'apply', target: 'ldaps://dc1.contoso.com' } as const;
const clock = () => new Date('2026-07-01T12:00:00Z');
let files = 0;
const newPath = () => join(folder, `${++files}.jsonl`);

function approved(row: number, before: readonly Value[], after: readonly Value[]): ApprovedEdit {
  const entry = { dn: 'CN=Jürgen,DC=contoso,DC=com', guid: undefined, kind: 'user' } as const;
  return { row, id: `id${row}`, edit: { entry, attribute: 'mail', before, after } };
}

async function write(edits: readonly ApprovedEdit[], outcome = true): Promise<string> {
  const path = newPath();
  const journal = await openJournal(path, header, clock);
  await journal.intended(1, edits);
  if (outcome) await journal.outcome(1, { state: 'applied', reason: '' });
  await journal.close();
  return path;
}

describe('writing', () => {
  test('the lines are as documented', async () => {
    const path = await write([approved(7, [new Uint8Array([255])], ['x'])]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const time = '2026-07-01T12:00:00.000Z';
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { type: 'journal', version: 1, ...header, started: time },
      {
        ...{ type: 'edit', sequence: 1, request: 1, of: 1, time, id: 'id7' },
        row: 7,
        ...{ dn: 'CN=Jürgen,DC=contoso,DC=com', guid: null, kind: 'user', attribute: 'mail' },
        ...{ before: [{ base64: '/w==' }], after: ['x'], state: 'intended' },
      },
      { type: 'outcome', request: 1, time, state: 'applied', reason: '' },
    ]);
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  test('an outcome waits for company, and for none when there will be none', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const path = newPath();
      const journal = await openJournal(path, header, clock);
      await journal.intended(1, [approved(1, [], ['x'])]);
      const told = journal.outcome(1, { state: 'applied', reason: '' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(readFileSync(path, 'utf8')).not.toContain('outcome');
      // No timer fires: without the hurry this would wait for ever.
      journal.hurry();
      await told;
      expect(readFileSync(path, 'utf8')).toContain('"type":"outcome"');
      expect(jest.getTimerCount()).toBe(0);
      await journal.close();
    } finally {
      jest.useRealTimers();
    }
  });

  test('a journal says which one it goes on from', async () => {
    const path = newPath();
    await (await openJournal(path, { ...header, resumes: '/x/old.jsonl' }, clock)).close();
    expect(readJournal(readFileSync(path)).header.resumes).toBe('/x/old.jsonl');
    expect(readJournal(readFileSync(await write([approved(1, [], ['x'])]))).header).toMatchObject({
      resumes: undefined,
    });
  });

  test('a change that the sheet has no row for has none when it is read, either', async () => {
    const [request] = readJournal(
      readFileSync(await write([approved(NO_ROW, [], ['x'])])),
    ).requests;
    expect(request?.edits[0]?.row).toBe(NO_ROW);
  });

  test('only the owner may read it', async () => {
    expect(statSync(await write([])).mode & 0o777).toBe(0o600);
  });

  test('an existing file is refused and left alone', async () => {
    const path = newPath();
    writeFileSync(path, 'precious');
    await expect(openJournal(path, header, clock)).rejects.toThrow(ExpectedError);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  test('a folder that is not there is an expected error', async () => {
    const path = join(folder, 'none', 'x.jsonl');
    await expect(openJournal(path, header, clock)).rejects.toThrow(ExpectedError);
  });

  test('records of requests in parallel are all there when their promise is fulfilled', async () => {
    const path = newPath();
    const journal = await openJournal(path, header, clock);
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
    await Promise.all(
      numbers.map(async (number) => {
        await journal.intended(number, [approved(number, [], ['x'])]);
        expect(readFileSync(path, 'utf8')).toContain(`"request":${number},`);
        await journal.outcome(number, { state: 'stale', reason: 'r' });
      }),
    );
    await journal.close();
    const { requests } = readJournal(readFileSync(path));
    expect(requests.map(({ request }) => request).sort((a, b) => a - b)).toEqual(numbers);
    expect(requests.every(({ state }) => state === 'stale')).toBe(true);
  });

  test('one flush serves what waits for it, and every record waits for one', async () => {
    const handle = await open(newPath(), 'w');
    const sync = jest.spyOn(Object.getPrototypeOf(handle), 'sync');
    await handle.close();
    try {
      const journal = await openJournal(newPath(), header, clock);
      sync.mockClear();
      await journal.intended(1, [approved(1, [], ['x'])]);
      await journal.outcome(1, { state: 'applied', reason: '' });
      expect(sync).toHaveBeenCalledTimes(2);
      const rest = Array.from({ length: 100 }, (_, index) => index + 2);
      await Promise.all(rest.map((n) => journal.intended(n, [approved(n, [], ['x'])])));
      expect(sync.mock.calls.length).toBeLessThan(10);
      await journal.close();
    } finally {
      sync.mockRestore();
    }
  });

  test('after a failed write nothing more is written', async () => {
    const path = newPath();
    const journal = await openJournal(path, header, clock);
    const size = statSync(path).size;
    await journal.close();
    await expect(journal.intended(1, [approved(1, [], ['x'])])).rejects.toThrow(ExpectedError);
    await expect(journal.outcome(1, { state: 'failed', reason: '' })).rejects.toThrow(/journal/);
    expect(statSync(path).size).toBe(size);
  });
});

describe('reading', () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc.oneof(
    fc.array(unit).map((units) => units.join('')),
    fc.string(),
  );
  const value = fc.oneof(text, fc.uint8Array());

  test('gives back every value exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value), fc.array(value), text, async (before, after, dn) => {
        const edit = approved(2, before, after);
        const entry = { dn, guid: '0a', kind: 'group' } as const;
        const edits = [edit, { ...edit, row: 3, edit: { ...edit.edit, entry } }];
        const content = readJournal(readFileSync(await write(edits)));
        expect(content.requests).toEqual([{ request: 1, edits, state: 'applied', reason: '' }]);
        expect(content.header).toEqual({ ...header, started: clock().toISOString() });
      }),
      { numRuns: 60 },
    );
  });

  test('a torn last line is left out, wherever it is torn', async () => {
    const bytes = readFileSync(await write([approved(1, ['a'], ['b']), approved(2, [], ['c'])]));
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index);
    for (let length = (ends[0] ?? 0) + 1; length <= bytes.length; length += 1) {
      // A line that lacks nothing but its line break is whole.
      const whole = ends.filter((end) => end <= length).length;
      const { requests } = readJournal(bytes.subarray(0, length));
      // Both edits of the request or none: it leaves when all of it is on disk.
      expect(requests.flatMap(({ edits }) => edits)).toHaveLength(whole < 3 ? 0 : 2);
      const state = whole === 4 ? 'applied' : 'intended';
      if (whole > 2) expect(requests[0]?.state).toBe(state);
    }
  });

  test.each([
    ['no JSON', '{"type":'],
    ['an unknown type', '{"type":"note","request":1}'],
    ['an outcome of nothing', '{"type":"outcome","request":9,"state":"applied","reason":""}'],
    ['an unknown state', '{"type":"outcome","request":1,"state":"fine","reason":""}'],
    ['an empty line', ''],
    ['base64 that is none', '{"type":"edit","request":1,"before":[{"base64":"?"}]}'],
  ])('%s in the middle is an error with the line number', async (_, broken) => {
    const lines = readFileSync(await write([approved(1, ['a'], ['b'])]), 'utf8').split('\n');
    lines.splice(2, 0, broken);
    expect(() => readJournal(lines.join('\n'))).toThrow(/^Line 3 of the journal is broken/);
  });

  test.each(['', 'dn: CN=x\n', '{"type":"edit"}\n', '[]\n'])('%j is no journal', (content) => {
    expect(() => readJournal(content)).toThrow(/no presync journal/);
  });

  test('a later version is refused', () => {
    const line = { type: 'journal', version: 2, ...header, started: 'now' };
    expect(() => readJournal(`${JSON.stringify(line)}\n`)).toThrow(/version 2/);
  });
});
