import { expect, test } from '@jest/globals';
import { writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { startGate } from '../servers/gate.js';
import { desk } from './desk.js';

describeServer('slapd', 'undo leaves alone what came since', () => {
  const { path, stage, person, change, values, row, run, killed } = desk('slapd');
  const fillIn = (cn: string) =>
    change(cn, 'add: proxyAddresses\nproxyAddresses: SMTP:theirs@contoso.com');
  const undo = (name: string, own: string, ...more: readonly string[]) =>
    run(['undo', path(`${name}.jsonl`), '--journal', path(`${own}.jsonl`), ...more]);

  test('asks for all rows of a request that was never answered', async () => {
    await person('a', 'mail: a@contoso.com\nmailNickname: new');
    const before = { mail: ['a@contoso.local'], mailNickname: ['old'] };
    const after = { mail: ['a@contoso.com'], mailNickname: ['new'] };
    const edit = (attribute: keyof typeof before, at: number) => ({
      ...{ id: `r${at}`, row: at + 1, attribute },
      ...{ before: before[attribute], after: after[attribute] },
    });
    killed('a.jsonl', 'a', [edit('mail', 1), edit('mailNickname', 2)]);
    const one = await undo('a', 'au1', '--only', 'r1');
    expect([one.code, one.err]).toEqual([3, expect.stringContaining('at once: r1,r2')]);
    expect((await undo('a', 'au2', '--only', "r1,'r2")).code).toBe(0);
    const held = [await values('a', 'mail'), await values('a', 'mailNickname')];
    expect(held).toEqual([['a@contoso.local'], ['old']]);
  });

  test('an attribute that an undo emptied and someone filled', async () => {
    await person('b', '');
    writeCells(path('b.csv'), [row('b', 'proxyAddresses', '', 'SMTP:b@contoso.com')]);
    await run(['apply', path('b.csv'), '--journal', path('b.jsonl')]);
    await undo('b', 'bu');
    expect(await values('b', 'proxyAddresses')).toEqual([]);
    await fillIn('b');
    expect((await undo('bu', 'buu')).code).toBe(3);
    expect(await values('b', 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
  });

  test('an emptied attribute that someone fills between plan and request', async () => {
    const people = ['c', 'd'];
    for (const cn of people) await person(cn, `proxyAddresses: SMTP:${cn}@contoso.com`);
    const sheet = people.map((cn) => row(cn, 'proxyAddresses', `SMTP:${cn}@contoso.com`, ''));
    writeCells(path('c.csv'), sheet);
    await run(['apply', path('c.csv'), '--journal', path('c.jsonl')]);
    expect(await values('c', 'proxyAddresses')).toEqual([]);
    const gate = await startGate(stage().target, 'request', 1);
    const undoing = ['undo', path('c.jsonl'), '--journal', path('cu.jsonl')];
    const running = run(undoing, gate.url);
    await gate.held;
    // The last one that was changed is put back first: this one is the second.
    await fillIn('c');
    gate.release();
    expect((await running).code).toBe(3);
    await gate.stop();
    expect(await values('d', 'proxyAddresses')).toEqual(['SMTP:d@contoso.com']);
    expect(await values('c', 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
  });
});
