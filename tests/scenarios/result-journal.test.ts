import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { desk } from './desk.js';

describeServer('slapd', 'results replace no journal', () => {
  const { path, person, values, row, run } = desk('slapd');
  const renamed = (cn: string) => row(cn, 'mail', `${cn}@contoso.local`, `${cn}@contoso.com`);

  test('of this run', async () => {
    await person('a', 'mail: a@contoso.local');
    writeCells(path('a.csv'), [renamed('a')]);
    const files = ['--journal', path('a.out'), '--result', path('a.out')];
    const { code, err } = await run(['apply', path('a.csv'), ...files]);
    expect([code, err]).toEqual([2, expect.stringContaining('over a journal')]);
    expect(await values('a', 'mail')).toEqual(['a@contoso.local']);
  });

  test('of the run that is resumed', async () => {
    await person('b', 'mail: b@contoso.local');
    await person('c', 'mail: c@contoso.local');
    writeCells(path('b.csv'), [renamed('b')]);
    writeCells(path('bc.csv'), [renamed('b'), renamed('c')]);
    await run(['apply', path('b.csv'), '--journal', path('b.jsonl')]);
    const before = readFileSync(path('b.jsonl'), 'utf8');
    const files = ['--journal', path('b2.jsonl'), '--result', path('b.jsonl')];
    await run(['apply', path('bc.csv'), '--resume', path('b.jsonl'), ...files]);
    expect(readFileSync(path('b.jsonl'), 'utf8')).toBe(before);
  });
});
