import { createHash } from 'node:crypto';
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
    const records = lines.map((line) => JSON.parse(line));
    // Anyone can check them: the hash of a line is that of the hash before it and of the text before its own.
    let hash = '';
    for (const line of lines) {
      hash = createHash('sha256')
        .update(hash)
        .update(line.replace(/,"hash":"[^"]*"}$/, ''))
        .digest('hex');
      expect(JSON.parse(line).hash).toBe(hash);
    }
    expect(records.map(({ hash: _, ...record }) => record)).toEqual([
      { type: 'journal', version: 2, ...header, started: time },
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
        expect(content.header).toEqual({ ...header, version: 2, started: clock().toISOString() });
        expect([content.isChained, content.brokenAt]).toEqual([true, undefined]);
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

  test.each(['dn: CN=x\n', '{"type":"edit"}\n', '[]\n'])('%j is no journal', (content) => {
    expect(() => readJournal(content)).toThrow(/no presync journal/);
  });

  test('a later version is refused', () => {
    const line = { type: 'journal', version: 3, ...header, started: 'now' };
    expect(() => readJournal(`${JSON.stringify(line)}\n`)).toThrow(/version 3/);
  });

  test('T24: a run killed before its first line was on disk has nothing to undo, and is told so', async () => {
    const bytes = readFileSync(await write([]));
    const end = bytes.indexOf(0x0a);
    for (let length = 0; length < end; length += 1)
      expect(() => readJournal(bytes.subarray(0, length))).toThrow(
        /ended before it wrote anything/,
      );
    expect(readJournal(bytes.subarray(0, end)).requests).toEqual([]);
  });

  test('what an attribute held stands once, beside the first of its edits, and is read for each', async () => {
    const held = ['SMTP:a', 'smtp:A', 'smtp:\u00e1', 'x'];
    const whole = { before: held, after: ['smtp:\u00e1', 'x'] };
    const edits = ['SMTP:a', 'smtp:A'].map((value, at) => {
      const one = approved(at + 2, [value], []);
      return { ...one, edit: { ...one.edit, whole } };
    });
    const path = await write(
      [...edits, approved(9, ['b'], ['c'])].map((one, at) =>
        at < 2 ? one : { ...one, edit: { ...one.edit, attribute: 'displayName' } },
      ),
    );
    const text = readFileSync(path, 'utf8');
    expect(text.match(/"whole":/g)).toHaveLength(1);
    const [request] = readJournal(text).requests;
    expect(request?.edits.map(({ edit }) => edit.whole)).toEqual([whole, whole, undefined]);
  });
});

describe('T7: a journal that was changed', () => {
  const someJournal = async () => {
    const path = newPath();
    const journal = await openJournal(path, header, clock);
    for (const [at, state] of (['applied', 'stale', 'applied'] as const).entries()) {
      await journal.intended(at + 1, [approved(at + 2, [`a${at}`], [`b${at}`])]);
      await journal.outcome(at + 1, { state, reason: '' });
    }
    await journal.close();
    return readFileSync(path, 'utf8');
  };

  test.each([
    ['an old value', (text: string) => text.replace('"before":["a0"]', '"before":["evil"]'), 2],
    ['an outcome', (text: string) => text.replace('"state":"applied"', '"state":"failed"'), 3],
    ['the target', (text: string) => text.replace('dc1.contoso.com', 'dc2.contoso.com'), 1],
    ['a line left out', (text: string) => text.replace(/^.*"a1".*\n/m, ''), 4],
    ['an outcome left out', (text: string) => text.replace(/^.*"applied".*\n/m, ''), 3],
    ['the first line left out', (text: string) => text.replace(/^.*\n/, ''), 0],
    ['lines in another order', (text: string) => text.replace(/(.*\n)(.*\n)$/, '$2$1'), 6],
    ['a line twice', (text: string) => text.replace(/(.*\n)$/, '$1$1'), 8],
    ['a line without hash', (text: string) => text.replace(/,"hash":"[^"]*"}\n$/, '}\n'), 7],
    [
      'an earlier version, to need no hash',
      (text: string) => text.replace('"version":2', '"version":1'),
      2,
    ],
  ])('%s: refused with the number of the line', async (_, change, line) => {
    const text = await someJournal();
    expect(change(text)).not.toBe(text);
    const words = line > 0 ? `Line ${line} of the journal is broken` : 'no presync journal';
    expect(() => readJournal(change(text))).toThrow(words);
    if (line > 1) {
      const { requests, brokenAt } = readJournal(change(text), { untilBreak: true });
      expect(brokenAt).toBe(line);
      const whole = readJournal(text).requests;
      // What stands before is as it was, but for an answer that stands behind.
      for (const [at, request] of requests.entries())
        expect({ ...request, state: '' }).toEqual({ ...whole[at], state: '' });
      expect(requests).toHaveLength(Math.floor((line - 1) / 2));
    }
  });

  test('says where the line is missing with which its run ends, and takes nothing behind it', async () => {
    const path = newPath();
    const journal = await openJournal(path, header, clock);
    for (const at of [1, 2]) await journal.intended(at, [approved(at, ['a'], ['b'])]);
    await journal.end();
    await journal.intended(3, [approved(3, ['a'], ['b'])]);
    await journal.close();
    const text = readFileSync(path, 'utf8');
    const lines = text.match(/.*\n/g) ?? [];
    expect(() => readJournal(text)).toThrow(/^Line 5 of the journal is broken/);
    const { requests, isEnded } = readJournal(lines.slice(0, 4).join(''));
    expect([requests.length, isEnded]).toEqual([2, true]);
    for (const left of [1, 2, 3])
      expect(readJournal(lines.slice(0, left).join('')).isEnded).toBe(false);
    expect(readJournal(lines.slice(0, 4).join('').slice(0, -9)).isEnded).toBe(false);
  });

  /** Whether the last line is none. */
  const isTorn = (bytes: Buffer) => {
    try {
      return JSON.parse(bytes.toString().split('\n').at(-1) ?? '') === undefined;
    } catch {
      return true;
    }
  };

  test('no other byte anywhere goes unnoticed, but in a torn end', async () => {
    const bytes = Buffer.from(await someJournal());
    const whole = readJournal(bytes);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const other of [0x0a, 0x20, 0x30, 0x61, bytes[at] === 0xff ? 0 : 0xff]) {
        if (other === bytes[at]) continue;
        const changed = Buffer.from(bytes);
        changed[at] = other;
        const read = () => readJournal(changed);
        // Without its end the last line may be torn: what became of the last request is looked up.
        if (at === bytes.length - 1 && isTorn(changed))
          expect(read().requests.slice(0, -1)).toEqual(whole.requests.slice(0, -1));
        else expect(read).toThrow(ExpectedError);
      }
    }
  });

  test('one of the version before is believed as it stands', async () => {
    const old = (await someJournal())
      .replaceAll(/,"hash":"[^"]*"/g, '')
      .replace('"version":2', '"version":1');
    const { isChained, requests } = readJournal(old);
    expect(isChained).toBe(false);
    expect(requests).toEqual(readJournal(await someJournal()).requests);
  });
});
