import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { ReviewedSheet } from '../../src/review/decisions.js';
import { openSheetFile } from '../../src/review/sheet-file.js';
import { codePage } from '../code-page.js';
import { type Cells, readCells, scratch, writeCells } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

const out = async () => {};
let count = 0;

function row(n: number, cells: Cells = {}): Cells {
  return {
    ...{ DISTINGUISHEDNAME: `CN=P${n},DC=contoso,DC=com`, OBJECTCLASS: 'user', ATTRIBUTE: 'mail' },
    ...{ VALUE: `p${n}@contoso.local`, UPDATE: `p${n}@contoso.com`, PROPOSEDACTION: 'EDIT' },
    ...{ ACTION: '', SAFETY: 'safe', RULES: 'unroutable-domain', ID: `id${n}` },
    ...cells,
  };
}

/** A review of a new sheet; rows are numbered from 2 on, as in a spreadsheet. */
async function start(rows: readonly Cells[]) {
  count += 1;
  const file = path(`sheet-${count}.csv`);
  writeCells(file, rows);
  const reviewed = new ReviewedSheet(await openSheetFile(file, { out }));
  const marks = () => readCells(file).map((cells) => [cells['ACTION'], cells['UPDATE']]);
  return { file, reviewed, marks, actions: () => readCells(file).map((cells) => cells['ACTION']) };
}

describe('decisions', () => {
  test('are in the file when they are taken, and a new review finds them', async () => {
    const { file, reviewed, actions } = await start([
      row(1),
      row(2, { UPDATE: '', PROPOSEDACTION: 'REMOVE' }),
      row(3),
      row(4),
    ]);
    const accepted = await reviewed.decide({ is: 'accept', rows: [2, 3] });
    expect(accepted.rows.map((one) => [one.row, one.status, one.action])).toEqual([
      [2, 'accepted', 'EDIT'],
      [3, 'accepted', 'REMOVE'],
    ]);
    expect(actions()).toEqual(['EDIT', 'REMOVE', '', '']);
    await reviewed.decide({ is: 'reject', rows: [4] });
    expect(actions()).toEqual(['EDIT', 'REMOVE', 'COMPLETE', '']);
    const again = new ReviewedSheet(await openSheetFile(file, { out }));
    expect([...again.rows.values()].map(({ mark }) => mark.action)).toEqual([
      ...['EDIT', 'REMOVE', 'COMPLETE', ''],
    ]);
  });

  test('that apply would refuse are not taken, and the person is told why', async () => {
    const { reviewed, marks } = await start([
      row(1, { UPDATE: '', PROPOSEDACTION: '' }),
      row(2, { SAFETY: 'review' }),
      row(3, { VALUE: '' }),
    ]);
    const told = await reviewed.decide({ is: 'accept', rows: [2, 3], onlySafe: true });
    expect(told.said).toBe('Nothing changed; 2: not a safe proposal');
    const same = { row: 3, is: 'write', update: 'p2@contoso.local' } as const;
    const refused = await reviewed.decide({ is: 'choose', choices: [same], insist: false });
    expect(refused.said).toContain('UPDATE is the same as VALUE');
    const none = { row: 4, is: 'remove' } as const;
    const empty = await reviewed.decide({ is: 'choose', choices: [none], insist: false });
    expect(empty.said).toContain('VALUE is empty: there is nothing to remove');
    expect(marks()).toEqual([
      ['', ''],
      ['', 'p2@contoso.com'],
      ['', 'p3@contoso.com'],
    ]);
  });

  test('are taken back one by one and taken again, all rows of one decision at once', async () => {
    const { reviewed, marks } = await start([row(1), row(2)]);
    await reviewed.decide({ is: 'accept', rows: [2, 3] });
    const other = { row: 2, is: 'write', update: 'x@contoso.com' } as const;
    await reviewed.decide({ is: 'choose', choices: [other], insist: false });
    expect(reviewed.history).toEqual({ undo: '1 row decided', redo: null });
    expect((await reviewed.undo()).look).toBe(2);
    expect(marks()[0]).toEqual(['EDIT', 'p1@contoso.com']);
    await reviewed.undo();
    expect(marks()).toEqual([
      ['', 'p1@contoso.com'],
      ['', 'p2@contoso.com'],
    ]);
    expect((await reviewed.undo()).said).toBe('Nothing to undo');
    await reviewed.redo();
    await reviewed.redo();
    expect(marks()).toEqual([
      ['EDIT', 'x@contoso.com'],
      ['EDIT', 'p2@contoso.com'],
    ]);
    await reviewed.undo();
    await reviewed.decide({ is: 'reject', rows: [3] });
    expect(reviewed.history.redo).toBeNull();
  });

  test('cannot be taken back or again once a run has made something of them', async () => {
    const { reviewed, actions } = await start([row(1), row(2), row(3)]);
    await reviewed.decide({ is: 'accept', rows: [2, 3] });
    await reviewed.decide({ is: 'reject', rows: [4] });
    await reviewed.undo();
    expect(reviewed.history).toEqual({ undo: '2 rows accepted', redo: '1 row rejected' });
    const known = reviewed.rows.get(2)?.mark;
    const mark = { action: 'COMPLETE', update: known?.update, result: 'applied' } as const;
    const { history, rows } = await reviewed.settle(new Map([[2, mark]]), 'Applied');
    expect([history, rows.map((one) => one.row)]).toEqual([{ undo: null, redo: null }, [2]]);
    expect((await reviewed.undo()).said).toBe('Nothing to undo');
    expect((await reviewed.redo()).said).toBe('Nothing to redo');
    expect(actions()).toEqual(['COMPLETE', 'EDIT', '']);
  });

  test('on a row that had failed stand without the words of that run', async () => {
    const failed = { ACTION: 'FAIL', RESULT: 'failed: busy (51)' };
    const { file, reviewed } = await start([1, 2, 3, 4].map((n) => row(n, failed)));
    expect(reviewed.rows.get(2)?.mark.result).toBe('failed: busy (51)');
    await reviewed.decide({ is: 'accept', rows: [2] });
    await reviewed.decide({ is: 'reject', rows: [3] });
    await reviewed.decide({ is: 'reopen', rows: [4] });
    const keep = { row: 5, is: 'keep' } as const;
    await reviewed.decide({ is: 'choose', choices: [keep], insist: false });
    const marks = () => readCells(file).map((cells) => [cells['ACTION'], cells['RESULT']]);
    expect(marks()).toEqual([
      ['EDIT', ''],
      ['COMPLETE', ''],
      ['', ''],
      ['COMPLETE', ''],
    ]);
    await reviewed.undo();
    expect(marks()[3]).toEqual(['FAIL', 'failed: busy (51)']);
  });

  test('that remove a value leave the proposal where it was, for whoever thinks again', async () => {
    const { reviewed, marks } = await start([row(1)]);
    const remove = { row: 2, is: 'remove' } as const;
    await reviewed.decide({ is: 'choose', choices: [remove], insist: false });
    expect(marks()).toEqual([['REMOVE', 'p1@contoso.com']]);
    await reviewed.decide({ is: 'reopen', rows: [2] });
    await reviewed.decide({ is: 'accept', rows: [2] });
    expect(marks()).toEqual([['EDIT', 'p1@contoso.com']]);
  });

  test('that change nothing are nothing to take back', async () => {
    const { reviewed } = await start([row(1), row(2)]);
    await reviewed.decide({ is: 'accept', rows: [2] });
    const again = await reviewed.decide({ is: 'accept', rows: [2] });
    expect([again.said, again.rows]).toEqual(['Nothing changed', []]);
    const both = await reviewed.decide({ is: 'accept', rows: [2, 3] });
    expect([both.said, both.rows.map((one) => one.row)]).toEqual(['1 row accepted', [3]]);
    await reviewed.undo();
    expect((await reviewed.undo()).said).toBe('Undone: 1 row accepted');
    expect(reviewed.history.undo).toBeNull();
  });

  test('are insisted on for one value only', async () => {
    const { reviewed } = await start([row(1), row(2)]);
    const write = (n: number) => ({ row: n, is: 'write', update: `faulty ${n}` }) as const;
    await reviewed.decide({ is: 'choose', choices: [write(2), write(3)], insist: true });
    expect([...reviewed.insisted]).toEqual([2, 3]);
    const other = { row: 2, is: 'write', update: 'other' } as const;
    await reviewed.decide({ is: 'choose', choices: [other], insist: false });
    expect([...reviewed.insisted]).toEqual([3]);
    await reviewed.decide({ is: 'reject', rows: [3] });
    expect([...reviewed.insisted]).toEqual([]);
  });

  test('can be taken back a thousand deep, the last first', async () => {
    const { reviewed, actions } = await start([row(1)]);
    const decisions = Array.from(
      { length: 1001 },
      (_, n) => ({ is: n % 2 === 0 ? 'reject' : 'reopen', rows: [2] }) as const,
    );
    await Promise.all(decisions.map((decision) => reviewed.decide(decision)));
    const undone = await Promise.all(decisions.map(() => reviewed.undo()));
    expect(undone.filter(({ rows }) => rows.length > 0)).toHaveLength(1000);
    expect(undone.at(-1)?.said).toBe('Nothing to undo');
    // The first decision can no longer be reached.
    expect(actions()).toEqual(['COMPLETE']);
  });

  test('on rows that were applied are not taken', async () => {
    const { reviewed, actions } = await start([row(1, { ACTION: 'COMPLETE', RESULT: 'applied' })]);
    const told = await reviewed.decide({ is: 'accept', rows: [2] });
    expect([told.said, actions()]).toEqual(['Nothing changed; 1 applied already', ['COMPLETE']]);
  });

  test('taken at the same time are all in the file', async () => {
    const { reviewed, actions } = await start(Array.from({ length: 30 }, (_, n) => row(n)));
    const rows = Array.from({ length: 30 }, (_, n) => n + 2);
    await Promise.all(rows.map((one) => reviewed.decide({ is: 'accept', rows: [one] })));
    expect(actions()).toEqual(rows.map(() => 'EDIT'));
  });
});

describe('the file', () => {
  test('that someone else changed is not overwritten; no decision is taken until it is read again', async () => {
    const { file, reviewed } = await start([row(1), row(2)]);
    writeCells(file, [row(1, { ACTION: 'REMOVE' }), row(2), row(3)]);
    const theirs = readFileSync(file);
    const told = await reviewed.decide({ is: 'accept', rows: [2] });
    expect(told.trouble).toMatchObject({
      changed: true,
      message: `${file} was changed by another program.`,
    });
    expect(readFileSync(file).equals(theirs)).toBe(true);
    expect((await reviewed.decide({ is: 'accept', rows: [3] })).rows).toEqual([]);
    for (const told of [await reviewed.undo(), await reviewed.redo()])
      expect([told.rows, told.said]).toEqual([[], expect.stringContaining('read the file again')]);
    const again = new ReviewedSheet(await openSheetFile(file, { out }));
    await again.decide({ is: 'accept', rows: [4] });
    expect(readCells(file).map((cells) => cells['ACTION'])).toEqual(['REMOVE', '', 'EDIT']);
  });

  test('that someone changed in place, without another length, is not overwritten', async () => {
    const { file, reviewed } = await start([row(1), row(2, { ACTION: 'EDIT' })]);
    const before = statSync(file);
    const theirs = readFileSync(file, 'utf8').replace(',EDIT,', ',FAIL,');
    writeFileSync(file, theirs, { flag: 'r+' });
    expect([statSync(file).ino, statSync(file).size]).toEqual([before.ino, before.size]);
    const { trouble } = await reviewed.decide({ is: 'accept', rows: [2] });
    expect(trouble).toMatchObject({ changed: true });
    expect(readFileSync(file, 'utf8')).toBe(theirs);
  });

  test('that someone changed while a decision was being written is not overwritten', async () => {
    const { file, reviewed } = await start([row(1), row(2)]);
    const handle = await open(file);
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const { writeFile } = prototype;
    const spy = jest.spyOn(prototype, 'writeFile').mockImplementation(async function (
      this: unknown,
      data: unknown,
    ) {
      await writeFile.call(this, data);
      writeCells(file, [row(1), row(2), row(3)]);
    });
    try {
      const { trouble } = await reviewed.decide({ is: 'accept', rows: [2] });
      expect(trouble).toMatchObject({ changed: true });
    } finally {
      spy.mockRestore();
    }
    expect(readCells(file).map((cells) => cells['ACTION'])).toEqual(['', '', '']);
    // Nothing is left of what was not put in its place.
    expect(readdirSync(path('.')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('that a backup only touched is written', async () => {
    const { file, reviewed, actions } = await start([row(1)]);
    utimesSync(file, 1, 1);
    expect((await reviewed.decide({ is: 'accept', rows: [2] })).trouble).toBeNull();
    expect(actions()).toEqual(['EDIT']);
  });

  test('keeps its permissions, and a link to it stays one', async () => {
    const { file } = await start([row(1)]);
    chmodSync(file, 0o640);
    symlinkSync(file, path('link.csv'));
    const reviewed = new ReviewedSheet(await openSheetFile(path('link.csv'), { out }));
    await reviewed.decide({ is: 'accept', rows: [2] });
    expect(readCells(file)[0]?.['ACTION']).toBe('EDIT');
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test('that cannot be written is said to be so, and a later save brings all to disk', async () => {
    const { file, reviewed, actions } = await start([row(1), row(2)]);
    const bytes = readFileSync(file);
    const hidden = path('hidden.csv');
    const { renameSync } = await import('node:fs');
    renameSync(file, hidden);
    const told = await reviewed.decide({ is: 'accept', rows: [2] });
    expect(told.trouble?.message).toBe(`${file} is not there any more.`);
    writeFileSync(file, bytes);
    await reviewed.save();
    expect([reviewed.trouble, actions()]).toEqual([null, ['EDIT', '']]);
  });
});

describe('T14: a sheet in an encoding that nobody can tell', () => {
  const HEAD = 'DISTINGUISHEDNAME;ATTRIBUTE;VALUE;UPDATE;PROPOSEDACTION;ACTION';
  const UNPROVEN = expect.stringContaining('save it as CSV UTF-8');
  const take = async (bytes: Uint8Array) => {
    const { approved, refused } = await decisionsIn(await textIn(bytes), { acceptForeign: true });
    return {
      updates: approved.map(({ edit }) => edit.after[0]),
      reasons: refused.map(({ reason }) => reason),
    };
  };

  /** A review of one row, saved by a spreadsheet. */
  async function saved(page: string, value: string, update: string, attribute = 'displayName') {
    count += 1;
    const file = path(`page-${count}.csv`);
    const line = (action: string) => `CN=x;${attribute};${value};${update};EDIT;${action}`;
    const bytes = (action: string) => codePage(page).encode(`${HEAD}\r\n${line(action)}\r\n`);
    writeFileSync(file, bytes(''));
    const reviewed = new ReviewedSheet(await openSheetFile(file, { out }));
    return { file, reviewed, bytes };
  }

  test('the page accepts what apply takes, and refuses the rest in the same words', async () => {
    let refused = 0;
    for (const page of [
      'windows-1250',
      'windows-1251',
      'windows-1252',
      'windows-1254',
      'windows-1257',
    ])
      for (const [value, update] of [
        ['Tóth Gábor', 'Tóth Győr'],
        ['Tóth Gábor', 'Tóth Bácó'],
        ['Gül', 'Gül Işık'],
        ['Zoe', 'Zo'],
        ['Žan', 'Žan Ž'],
        ['Zoë', 'Zoë?'],
        ['Иван', 'Иван А'],
        ['a', '#N/A'],
        ['#REF!', 'b'],
      ] as const) {
        const { file, reviewed, bytes } = await saved(page, value, update);
        const { reasons } = await take(bytes('EDIT'));
        const { said, rows } = await reviewed.decide({ is: 'accept', rows: [2] });
        expect([page, update, rows.length]).toEqual([page, update, reasons.length === 0 ? 1 : 0]);
        for (const reason of reasons) expect(said).toContain(reason);
        refused += reasons.length;
        expect((await take(readFileSync(file))).reasons).toEqual([]);
      }
    expect(refused).toBeGreaterThan(10);
  });

  test('what is typed at the page is kept to the letter, and proves nothing of the other rows', async () => {
    const { file, reviewed, bytes } = await saved('windows-1250', 'Tóth', 'Tóth Győr');
    for (const update of ['Tóth Győr', 'Łódź €', 'Zoë?']) {
      const choice = { row: 2, is: 'write', update } as const;
      await reviewed.decide({ is: 'choose', choices: [choice], insist: false });
      expect(await take(readFileSync(file))).toEqual({ updates: [update], reasons: [] });
      expect(Buffer.from(reviewed.bytes()).subarray(0, 3)).toEqual(Buffer.from('DIS'));
      await reviewed.undo();
      expect(readFileSync(file, 'latin1').replaceAll('"', '')).toBe(
        Buffer.from(bytes('')).toString('latin1'),
      );
    }
    const marked = Buffer.from(
      readFileSync(file).toString('latin1').replace(';EDIT;\r', ';EDIT;EDIT\r'),
      'latin1',
    );
    expect((await take(marked)).reasons).toEqual([UNPROVEN]);
  });

  test('a cell that no scan would write so comes back as it was, too', async () => {
    const { file, reviewed, bytes } = await saved('windows-1250', 'Tóth', '-ő');
    const choice = { row: 2, is: 'write', update: 'ő' } as const;
    await reviewed.decide({ is: 'choose', choices: [choice], insist: false });
    await reviewed.undo();
    expect(Buffer.compare(readFileSync(file), bytes(''))).toBe(0);
  });
});

describe('T24: a sheet that was cut in its last cell', () => {
  test('is reviewed without the row that it ends in, which stays as it is', async () => {
    const file = path('cut.csv');
    const text =
      'DISTINGUISHEDNAME,ATTRIBUTE,VALUE,ACTION,PROPOSEDACTION,UPDATE\r\nCN=A,mail,a,,EDIT,a@contoso.com\r\nCN=B,mail,b,,EDIT,b@conto';
    writeFileSync(file, text);
    const reviewed = new ReviewedSheet(await openSheetFile(file, { out }));
    const { rows } = await reviewed.decide({ is: 'accept', rows: [2, 3] });
    expect(rows.map(({ row: n }) => n)).toEqual([2]);
    expect(reviewed.unreadable).toEqual([
      { row: 3, reason: expect.stringContaining('may have been cut') },
    ]);
    expect(readFileSync(file, 'utf8')).toBe(text.replace('a,,EDIT', 'a,EDIT,EDIT'));
  });
});
