import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BY_HAND, presync, scratch, writeCells } from '../presync.js';
import { type FaultyServer, startFaultyServer } from '../servers/faulty.js';

/** Two controllers of one domain; the second never learns what was written to the first. */
describe('a controller that lags behind', () => {
  const { path, remove } = scratch();
  let [first, second]: FaultyServer[] = [];
  const dc1 = () => first as FaultyServer;
  const dc2 = () => second as FaultyServer;
  const named = (name: string) => startFaultyServer({ rootDse: { dnsHostName: [name] } });
  beforeAll(async () => {
    [first, second] = [await named('dc1.contoso.com'), await named('dc2.contoso.com')];
  });
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    remove();
  });
  const dnOf = (n: number) => `CN=user000${n},OU=People,${dc1().baseDn}`;
  const mailOf = (server: FaultyServer, n: number) => server.values(n, 'mail');
  /** Applies a change of one mail address through the first controller. */
  const applied = async (n: number) => {
    const [old = ''] = mailOf(dc1(), n) as string[];
    const row = { DISTINGUISHEDNAME: dnOf(n), ATTRIBUTE: 'mail', VALUE: old, ACTION: 'EDIT' };
    const [sheet, journal] = [path(`${n}.csv`), path(`${n}.jsonl`)];
    writeCells(sheet, [{ ...row, UPDATE: `new${n}@contoso.com`, ID: 'a' }]);
    await presync(['apply', ...BY_HAND, sheet, dc1().url, '--confirm', '--journal', journal]);
    expect(mailOf(dc1(), n)).toEqual([`new${n}@contoso.com`]);
    return { old, sheet, journal };
  };
  const NOT_YET =
    'dc2.contoso.com shows what was there before, and may not know yet what was written through dc1.contoso.com';

  test('undo through it does not say that there is nothing to undo', async () => {
    const { old, journal } = await applied(3);
    const there = await presync(['undo', journal, dc2().url, '--confirm'], { cwd: path('') });
    expect([there.code, there.err]).toEqual([3, expect.stringContaining(`refused: ${NOT_YET}`)]);
    const here = await presync(['undo', journal, dc1().url, '--confirm'], { cwd: path('') });
    expect([here.code, mailOf(dc1(), 3)]).toEqual([0, [old]]);
  });

  test('a resumed run through it neither repeats a change nor says that it was put back', async () => {
    const { old, sheet, journal } = await applied(4);
    const resume = (from: string, url: string) =>
      presync(['apply', ...BY_HAND, sheet, url, '--confirm', '--resume', from], { cwd: path('') });
    const known = await resume(journal, dc2().url);
    expect([known.code, known.err]).toEqual([3, expect.stringContaining(NOT_YET)]);
    const killed = path('killed.jsonl');
    // Killed before the answer came: the journal ends with the request.
    const [asked = ''] = readFileSync(journal, 'utf8').split('{"type":"outcome"');
    writeFileSync(killed, asked);
    const unknown = await resume(killed, dc2().url);
    expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining(NOT_YET)]);
    expect(mailOf(dc2(), 4)).toEqual([old]);
    expect((await resume(killed, dc1().url)).code).toBe(0);
  });
});
