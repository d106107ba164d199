import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asFlag } from '../../src/commands/flags/setting-names.js';
import { parseCap } from '../../src/jobs/change-cap.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { Target } from '../../src/remediation/run/resilient-writer.js';
import type { Event } from '../../src/review/api.js';
import { ReviewedSheet } from '../../src/review/decisions.js';
import { Runner } from '../../src/review/runner.js';
import { openSheetFile } from '../../src/review/sheet-file.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { readCells, scratch, writeCells } from '../presync.js';
import { sealedCells } from '../sealed.js';

const { path, remove } = scratch();
const home = process.cwd();
let clock = 0;

// Journals without a name go into the current folder.
beforeAll(() => process.chdir(path('.')));
afterAll(() => {
  process.chdir(home);
  remove();
});

const names = ['a', 'b', 'c'];
const dn = (name: string) => `CN=${name},DC=contoso,DC=com`;
const ALL = { onlySafe: false, limit: undefined };

/** Three people whose mail is to move, all accepted; each change waits until `pass` lets it through. */
async function start({ waits = false, maxChanges = '500', id = '', nameless = false } = {}) {
  const entries = names.map((name) =>
    createEntry(dn(name), [
      ['objectClass', ['user']],
      ['mail', [`${name}@contoso.local`]],
    ]),
  );
  const memory = memoryDirectory(entries);
  const waiting: (() => void)[] = [];
  let arrived = () => {};
  const target: Target = {
    ...memory,
    count: async () => entries.length,
    find: async () => [],
    close: async () => {},
    modify: async (where, edits) => {
      if (waits)
        await new Promise<void>((pass) => {
          waiting.push(pass);
          arrived();
        });
      return memory.modify(where, edits);
    },
  };
  const row = (name: string) => {
    const cells = cellsOf(name);
    return nameless ? cells : sealedCells(cells, id);
  };
  const cellsOf = (name: string) => ({
    ...{ DISTINGUISHEDNAME: dn(name), OBJECTCLASS: 'user', ATTRIBUTE: 'mail' },
    ...{ VALUE: `${name}@contoso.local`, UPDATE: `${name}@contoso.com`, PROPOSEDACTION: 'EDIT' },
    ...{
      ACTION: 'EDIT',
      SAFETY: name === 'a' ? 'safe' : 'review',
      RULES: '',
    },
  });
  writeCells(path('sheet.csv'), names.map(row));
  const open = async () =>
    new ReviewedSheet(await openSheetFile(path('sheet.csv'), { out: async () => {} }));
  let reviewed = await open();
  const events: Event[] = [];
  const runner = new Runner({
    ...{
      target,
      limits: { concurrency: 1, maxChanges, maxFailures: 10 },
      cap: parseCap(maxChanges),
    },
    ...{
      fromIncomplete: false,
      acceptForeign: true,
      settings: settingsFrom(),
      signal: new AbortController().signal,
      nextElsewhere: () => [],
      reviewed: () => reviewed,
    },
    now: () => new Date(clock++),
    nameOf: asFlag,
    tell: (event) => events.push(event),
    onJournal: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  return {
    ...{ runner, reviewed, events },
    /** Somebody else changes the mail of a person. */
    overtake: (name: string, before: string, after: string) =>
      memory.modify(dn(name), [
        {
          entry: { dn: dn(name), guid: undefined, kind: 'user' },
          ...{ attribute: 'mail', before: [before], after: [after] },
        },
      ]),
    /** Reads the sheet again after somebody else has changed it. */
    reopen: async (
      change: (rows: ReturnType<typeof readCells>) => ReturnType<typeof readCells>,
    ) => {
      writeCells(path('sheet.csv'), change(readCells(path('sheet.csv'))));
      reviewed = await open();
    },
    mails: () => memory.entries().map((entry) => entry.values('mail')[0]),
    marks: () =>
      readCells(path('sheet.csv')).map((cells) => [cells['ACTION'], cells['RESULT'] ?? '']),
    /** Waits for a change to arrive, and lets it through when called. */
    next: () =>
      new Promise<() => void>((resolve) => {
        arrived = () => resolve(waiting.shift() ?? (() => {}));
        if (waiting.length > 0) arrived();
      }),
  };
}

describe('a run', () => {
  test('starts only with the number of entries, of the plan that was seen last', async () => {
    const { runner, reviewed, mails } = await start();
    const first = await runner.planApply(ALL);
    expect(() => runner.start(first.id, '2')).toThrow('that is not the number of entries');
    expect(() => runner.start(first.id, '')).toThrow('that is not the number of entries');
    const second = await runner.planApply({ ...ALL, onlySafe: true });
    expect([second.entries, second.remarks]).toEqual([
      1,
      ['0 rows left alone', '2 rows not asked for'],
    ]);
    expect(() => runner.start(first.id, '3')).toThrow('not what was planned last');
    await reviewed.decide({ is: 'reject', rows: [2] });
    runner.forget();
    expect(() => runner.start(second.id, '1')).toThrow('not what was planned last');
    const overtaken = runner.planApply(ALL);
    runner.forget();
    await expect(overtaken).rejects.toThrow('Something was decided meanwhile');
    expect(mails()).toEqual(names.map((name) => `${name}@contoso.local`));
  });

  test('beyond the cap is refused whatever is typed', async () => {
    const { runner, mails } = await start({ maxChanges: '2' });
    const { id, excess } = await runner.planApply(ALL);
    expect(excess).toBe('3 entries would be changed, --max-changes allows 2');
    expect(() => runner.start(id, '3')).toThrow('maxChanges allows 2');
    expect(mails()).toEqual(names.map((name) => `${name}@contoso.local`));
  });

  test('that is stopped finishes what is under way; the rest stays accepted', async () => {
    const { runner, mails, marks, next, events } = await start({ waits: true });
    const { id } = await runner.planApply(ALL);
    runner.start(id, '3');
    const pass = await next();
    expect(runner.busy).toBe(true);
    expect(() => runner.start(id, '3')).toThrow('not what was planned last');
    runner.stop();
    pass();
    await runner.ended();
    expect(mails()).toEqual(['a@contoso.com', 'b@contoso.local', 'c@contoso.local']);
    expect(marks()).toEqual([
      ['COMPLETE', 'applied'],
      ['EDIT', ''],
      ['EDIT', ''],
    ]);
    expect(runner.runs).toMatchObject([{ stopped: 'interrupted', complete: false }]);
    expect(events.map(({ is }) => is)).toEqual(['progress', 'progress', 'changed', 'ran']);
  });

  test('is put back value for value, and its rows are accepted again', async () => {
    const { runner, reviewed, mails, marks } = await start();
    await reviewed.decide({ is: 'choose', choices: [{ row: 3, is: 'remove' }], insist: true });
    runner.start((await runner.planApply(ALL)).id, '3');
    await runner.ended();
    expect(mails()).toEqual(['a@contoso.com', undefined, 'c@contoso.com']);
    const [run] = runner.runs;
    expect((await reviewed.decide({ is: 'reject', rows: [2, 3, 4] })).rows).toEqual([]);
    const back = await runner.planUndo(run?.journal ?? '');
    expect([back.command, back.entries]).toEqual(['undo', 3]);
    runner.start(back.id, '3');
    await runner.ended();
    expect(mails()).toEqual(names.map((name) => `${name}@contoso.local`));
    expect(marks()).toEqual([
      ['EDIT', ''],
      ['REMOVE', ''],
      ['EDIT', ''],
    ]);
    expect(runner.runs.map(({ command, undone }) => [command, undone])).toEqual([
      ['undo', false],
      ['apply', true],
    ]);
    await expect(runner.planUndo('/etc/passwd')).rejects.toThrow('There is no such run');
  });

  test('tells how far it is, and how many rows could not be changed', async () => {
    const { runner, overtake, events } = await start();
    const { id } = await runner.planApply(ALL);
    // Between the plan and the run.
    await overtake('b', 'b@contoso.local', 'theirs@contoso.com');
    runner.start(id, '3');
    await runner.ended();
    const progress = events.filter(({ is }) => is === 'progress');
    expect(progress).toEqual([
      { is: 'progress', done: 0, of: 3, failed: 0 },
      { is: 'progress', done: 1, of: 3, failed: 0 },
      { is: 'progress', done: 2, of: 3, failed: 1 },
      { is: 'progress', done: 3, of: 3, failed: 1 },
    ]);
    expect(runner.runs).toMatchObject([{ counts: { applied: 2, stale: 1 }, complete: false }]);
  });

  test('that puts back and is stopped leaves the rows alone that it did not come to', async () => {
    const { runner, marks, mails, next } = await start({ waits: true });
    runner.start((await runner.planApply(ALL)).id, '3');
    for (const _ of names) (await next())();
    await runner.ended();
    runner.start((await runner.planUndo(runner.runs[0]?.journal ?? '')).id, '3');
    const pass = await next();
    runner.stop();
    pass();
    await runner.ended();
    expect(mails()).toEqual(['a@contoso.com', 'b@contoso.com', 'c@contoso.local']);
    expect(marks()).toEqual([
      ['COMPLETE', 'applied'],
      ['COMPLETE', 'applied'],
      ['EDIT', ''],
    ]);
  });

  test('that is put back but for a part can be put back once more', async () => {
    const { runner, overtake, mails, marks } = await start();
    runner.start((await runner.planApply(ALL)).id, '3');
    await runner.ended();
    const journal = runner.runs[0]?.journal ?? '';
    await overtake('b', 'b@contoso.com', 'theirs@contoso.com');
    const back = await runner.planUndo(journal);
    expect([back.entries, back.refused.length]).toEqual([2, 1]);
    runner.start(back.id, '2');
    await runner.ended();
    expect(mails()).toEqual(['a@contoso.local', 'theirs@contoso.com', 'c@contoso.local']);
    expect(runner.runs.map(({ command, undone, complete }) => [command, undone, complete])).toEqual(
      [
        ['undo', false, false],
        ['apply', false, true],
      ],
    );
    expect(marks().map(([action]) => action)).toEqual(['EDIT', 'COMPLETE', 'EDIT']);
    // Theirs is gone again: what is left of the run can be put back now.
    await overtake('b', 'theirs@contoso.com', 'b@contoso.com');
    const rest = await runner.planUndo(journal);
    expect(rest.entries).toBe(1);
    runner.start(rest.id, '1');
    await runner.ended();
    expect(mails()).toEqual(names.map((name) => `${name}@contoso.local`));
    expect(runner.runs.map(({ undone }) => undone)).toEqual([false, false, true]);
  });

  test('does not begin while another one is under way, whatever was planned since', async () => {
    const { runner, mails, next } = await start({ waits: true });
    runner.start((await runner.planApply(ALL)).id, '3');
    const pass = await next();
    const second = await runner.planApply(ALL);
    expect(second.entries).toBe(3);
    expect(() => runner.start(second.id, '3')).toThrow('not what was planned last');
    expect(runner.busy).toBe(true);
    runner.stop();
    pass();
    await runner.ended();
    expect([runner.runs.length, runner.busy]).toEqual([1, false]);
    expect(mails()).toEqual(['a@contoso.com', 'b@contoso.local', 'c@contoso.local']);
  });

  test('leaves the reason to a row that failed in a run before and that nobody decided on since', async () => {
    const { runner, reviewed, overtake, marks } = await start();
    await overtake('b', 'b@contoso.local', 'theirs@contoso.com');
    await reviewed.decide({ is: 'reopen', rows: [4] });
    const first = await runner.planApply(ALL);
    expect([first.entries, first.refused.map(({ row }) => row)]).toEqual([1, [3]]);
    runner.start(first.id, '1');
    await runner.ended();
    const [, failed] = marks();
    expect(failed).toEqual([
      'FAIL',
      'refused: VALUE is not what mail holds now: "theirs@contoso.com"',
    ]);
    await reviewed.decide({ is: 'accept', rows: [4] });
    const second = await runner.planApply(ALL);
    expect([second.entries, second.refused]).toEqual([1, []]);
    runner.start(second.id, '1');
    await runner.ended();
    expect(marks()).toEqual([['COMPLETE', 'applied'], failed, ['COMPLETE', 'applied']]);
  });

  test('is put back in the rows that it was made of, though they have no ID and others stand there now', async () => {
    const { runner, reviewed, reopen, marks } = await start({ nameless: true });
    await reviewed.decide({ is: 'reopen', rows: [3, 4] });
    runner.start((await runner.planApply(ALL)).id, '1');
    await runner.ended();
    await reopen((rows) => rows.toReversed());
    const [run] = runner.runs;
    runner.start((await runner.planUndo(run?.journal ?? '')).id, '1');
    await runner.ended();
    expect(marks()).toEqual([
      ['', ''],
      ['', ''],
      ['EDIT', ''],
    ]);
  });

  test('of a sheet whose scan did not see everything is refused', async () => {
    const { runner } = await start({ id: '-incomplete' });
    await expect(runner.planApply(ALL)).rejects.toThrow('did not see everything');
  });
});
