import { expect, test } from '@jest/globals';
import { readCells, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { desk } from './desk.js';

describeServer('slapd', 'a resumed run tells the truth', () => {
  const { path, person, values, row, run, killed: killedAt } = desk('slapd');
  const renamed = (cn: string, to = `${cn}@contoso.com`) =>
    row(cn, 'mail', `${cn}@contoso.local`, to);
  /** The journal of a run that was killed with one change of a mail address on record. */
  const killed = (cn: string, after: readonly string[]) => {
    const edit = { id: cn, row: 2, attribute: 'mail', before: [`${cn}@contoso.local`], after };
    const marks = after.length === 0 ? { empties: true } : {};
    killedAt(`${cn}.jsonl`, cn, [{ ...edit, ...marks }]);
  };
  /** Applies the sheet of a user; gives the exit code, and what the result file says. */
  const apply = async (cn: string, ...more: readonly string[]) => {
    const files = ['--journal', path(`${cn}-new.jsonl`), '--result', path(`${cn}-result.csv`)];
    const { code } = await run(['apply', path(`${cn}.csv`), ...files, ...more]);
    return { code, told: readCells(path(`${cn}-result.csv`)) };
  };
  const resume = (cn: string) => apply(cn, '--resume', path(`${cn}.jsonl`));

  test('another sheet: an undecided row must not be called applied', async () => {
    await person('a', 'mail: a@contoso.com'); // carried out, the answer was lost
    await person('b', 'mail: b@contoso.local');
    killed('a', ['a@contoso.com']);
    // The sheet of a new scan: a is without fault now; b is undecided.
    writeCells(path('a.csv'), [{ ...renamed('b'), ACTION: '' }]);
    const { told } = await resume('a');
    expect(await values('b', 'mail')).toEqual(['b@contoso.local']);
    expect(told).toMatchObject([{ ACTION: '', RESULT: '' }]);
  });

  test('another sheet: an applied row must not be called FAIL', async () => {
    await person('c', 'mail: theirs@contoso.com'); // someone changed it since
    await person('d', 'mail: d@contoso.local');
    killed('c', ['c@contoso.com']);
    writeCells(path('c.csv'), [renamed('d')]);
    const { told } = await resume('c');
    expect(await values('d', 'mail')).toEqual(['d@contoso.com']);
    expect(told).toMatchObject([{ ACTION: 'COMPLETE', RESULT: 'applied' }]);
  });

  test('a REMOVE that was never sent, and someone else gave another value since: not applied', async () => {
    await person('e', 'mail: theirs@contoso.com');
    killed('e', []);
    writeCells(path('e.csv'), [renamed('e', '')]);
    const { told } = await resume('e');
    expect(await values('e', 'mail')).toEqual(['theirs@contoso.com']);
    expect(told).toMatchObject([{ ACTION: 'FAIL' }]);
  });

  test('after an undo: what was put back must not be called applied', async () => {
    await person('f', 'mail: f@contoso.local');
    writeCells(path('f.csv'), [renamed('f')]);
    await run(['apply', path('f.csv'), '--journal', path('f.jsonl')]);
    await run(['undo', path('f.jsonl'), '--journal', path('fu.jsonl')]);
    expect(await values('f', 'mail')).toEqual(['f@contoso.local']);
    const { code, told } = await resume('f');
    expect(code).toBe(3);
    expect(await values('f', 'mail')).toEqual(['f@contoso.local']);
    expect(told).toMatchObject([
      { ACTION: 'FAIL', RESULT: expect.stringContaining('put back since') },
    ]);
  });

  test('after an undo of one row: that one must not be called applied, the other one must', async () => {
    await person('h', 'mail: h@contoso.local\ndisplayName: h');
    const name = { ...row('h', 'displayName', 'h', 'H'), ID: 'name' };
    writeCells(path('h.csv'), [renamed('h'), name]);
    await run(['apply', path('h.csv'), '--journal', path('h.jsonl')]);
    await run(['undo', path('h.jsonl'), '--only', 'h', '--journal', path('hu.jsonl')]);
    const { code, told } = await resume('h');
    expect(code).toBe(3);
    expect([await values('h', 'mail'), await values('h', 'displayName')]).toEqual([
      ['h@contoso.local'],
      ['H'],
    ]);
    expect(told).toMatchObject([
      { ACTION: 'FAIL', RESULT: expect.stringContaining('put back since') },
      { ACTION: 'COMPLETE' },
    ]);
  });

  test('all rows refused or nothing to do: the result file is asked for and must be there', async () => {
    await person('g', 'mail: theirs@contoso.com');
    writeCells(path('g.csv'), [renamed('g')]);
    expect((await apply('g')).told).toMatchObject([{ ACTION: 'FAIL' }]);
  });
});
