import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { desk } from './desk.js';

describeServer('slapd', 'T7: a journal that somebody changed', () => {
  const { path, person, values, row, run } = desk('slapd');
  const mails = async () => [...(await values('ann', 'mail')), ...(await values('bob', 'mail'))];

  test('is refused with its line; what stands before it can be put back; one of old is told', async () => {
    for (const name of ['ann', 'bob']) await person(name, `mail: ${name}@contoso.local`);
    writeCells(
      path('sheet.csv'),
      ['ann', 'bob'].map((name) => row(name, 'mail', `${name}@contoso.local`, `${name}@x.com`)),
    );
    const journal = path('run.jsonl');
    const apply = ['apply', path('sheet.csv'), '--accept-foreign-rows', '--journal', journal];
    expect((await run(apply)).code).toBe(0);
    const text = readFileSync(journal, 'utf8');
    const lines = text.split('\n');
    const bob = lines.findIndex((line) => line.includes('"before":["bob@contoso.local"]')) + 1;
    writeFileSync(path('forged.jsonl'), text.replace('"before":["bob@', '"before":["evil@'));
    const undo = (file: string, ...more: string[]) =>
      run(['undo', path(file), '--journal', path(`${file}-${more.length}.undo`), ...more]);

    const refused = await undo('forged.jsonl');
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(
      new RegExp(`^presync: Line ${bob} of the journal is broken.*\n.*--until-break\\.\n$`),
    );
    expect(await mails()).toEqual(['ann@x.com', 'bob@x.com']);
    const part = await undo('forged.jsonl', '--until-break');
    expect(part.code).toBe(3);
    expect(part.err).toContain(`what stands from line ${bob} of the journal on was not read`);
    expect(await mails()).toEqual(['ann@contoso.local', 'bob@x.com']);

    const old = text.replaceAll(/,"hash":"[^"]*"/g, '').replace('"version":2', '"version":1');
    writeFileSync(path('old.jsonl'), old);
    const rest = await undo('old.jsonl');
    expect([rest.code, rest.out]).toEqual([
      0,
      expect.stringContaining('a journal of an earlier version'),
    ]);
    expect(await mails()).toEqual(['ann@contoso.local', 'bob@contoso.local']);
    // The chained one says nothing of the kind.
    const whole = await undo('run.jsonl');
    expect([whole.code, whole.out]).toEqual([0, expect.not.stringContaining('earlier version')]);

    writeFileSync(path('empty.jsonl'), '');
    const empty = await undo('empty.jsonl');
    expect([empty.code, empty.err]).toEqual([2, expect.stringContaining('nothing was changed')]);
    const resume = await run([
      ...apply.slice(0, 3),
      '--journal',
      path('r.jsonl'),
      '--resume',
      path('empty.jsonl'),
    ]);
    expect([resume.code, resume.err]).toEqual([2, expect.stringContaining('nothing was changed')]);
  }, 120_000);
});
