import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { startGate } from '../servers/gate.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

describeServer('slapd', 'undo leaves alone what came since', () => {
  const { path, remove } = scratch();
  let server: SlapdServer;
  beforeAll(async () => {
    server = await startSlapd({ tls: false });
    writeFileSync(path('password'), server.password);
    await server.add(`dn: OU=u,${server.suffix}\nobjectClass: organizationalUnit\n\n`);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    remove();
  }, 60_000);
  const dnOf = (cn: string) => `CN=${cn},OU=u,${server.suffix}`;
  const person = (cn: string, more: string) =>
    server.add(`dn: ${dnOf(cn)}\nobjectClass: user\nsn: ${cn}\nsAMAccountName: ${cn}\n${more}\n`);
  const run = (args: readonly string[], url = server.url) =>
    presync([
      ...args,
      url,
      '--bind-dn',
      server.bindDn,
      '--password-file',
      path('password'),
      '--allow-plaintext',
      '--confirm',
      '--concurrency',
      '1',
    ]);
  const values = async (cn: string, attribute: string) =>
    [
      ...((await server.search({ base: dnOf(cn), scope: 'base' }))[0]?.values(attribute) ?? []),
    ].sort();
  const change = (cn: string, ldif: string) =>
    server.add(`dn: ${dnOf(cn)}\nchangetype: modify\n${ldif}\n`);
  const row = (cn: string, ATTRIBUTE: string, VALUE: string, UPDATE: string, ID = cn) => ({
    DISTINGUISHEDNAME: dnOf(cn),
    ATTRIBUTE,
    VALUE,
    UPDATE,
    ACTION: UPDATE === '' ? 'REMOVE' : 'EDIT',
    ID,
  });

  test('asks for all rows of a request that was never answered', async () => {
    await person('a', 'mail: a@contoso.com\nmailNickname: new');
    const edit = (n: number, attribute: string, before: string, after: string) => ({
      type: 'edit',
      sequence: n,
      request: 1,
      of: 2,
      time: 'x',
      id: `r${n}`,
      row: n + 1,
      dn: dnOf('a'),
      guid: null,
      kind: 'user',
      attribute,
      before: [before],
      after: [after],
      state: 'intended',
    });
    const lines = [
      { type: 'journal', version: 1, command: 'apply', target: 'x', started: 'x' },
      edit(1, 'mail', 'a@contoso.local', 'a@contoso.com'),
      edit(2, 'mailNickname', 'old', 'new'),
    ];
    writeFileSync(path('a.jsonl'), lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const one = await run([
      'undo',
      path('a.jsonl'),
      '--only',
      'r1',
      '--journal',
      path('au1.jsonl'),
    ]);
    expect([one.code, one.err]).toEqual([3, expect.stringContaining('--only r1,r2')]);
    const both = ['--only', 'r1,r2', '--journal', path('au2.jsonl')];
    expect((await run(['undo', path('a.jsonl'), ...both])).code).toBe(0);
    const held = [await values('a', 'mail'), await values('a', 'mailNickname')];
    expect(held).toEqual([['a@contoso.local'], ['old']]);
  });

  test('an attribute that an undo emptied and someone filled', async () => {
    await person('b', '');
    writeCells(path('b.csv'), [row('b', 'proxyAddresses', '', 'SMTP:b@contoso.com')]);
    await run(['apply', path('b.csv'), '--journal', path('b.jsonl')]);
    await run(['undo', path('b.jsonl'), '--journal', path('bu.jsonl')]);
    expect(await values('b', 'proxyAddresses')).toEqual([]);
    await change('b', 'add: proxyAddresses\nproxyAddresses: SMTP:theirs@contoso.com');
    const { code } = await run(['undo', path('bu.jsonl'), '--journal', path('buu.jsonl')]);
    expect(code).toBe(3);
    expect(await values('b', 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
  });

  test('an emptied attribute that someone fills between plan and request', async () => {
    await person('c', 'proxyAddresses: SMTP:c@contoso.com');
    await person('d', 'proxyAddresses: SMTP:d@contoso.com');
    writeCells(path('c.csv'), [
      row('c', 'proxyAddresses', 'SMTP:c@contoso.com', ''),
      row('d', 'proxyAddresses', 'SMTP:d@contoso.com', ''),
    ]);
    await run(['apply', path('c.csv'), '--journal', path('c.jsonl')]);
    expect(await values('c', 'proxyAddresses')).toEqual([]);
    const gate = await startGate(
      { host: '127.0.0.1', port: Number(new URL(server.url).port), tls: false },
      'request',
      1,
    );
    const running = run(['undo', path('c.jsonl'), '--journal', path('cu.jsonl')], gate.url);
    await gate.held;
    await change('c', 'add: proxyAddresses\nproxyAddresses: SMTP:theirs@contoso.com'); // c is the second
    gate.release();
    expect((await running).code).toBe(3);
    await gate.stop();
    expect(await values('d', 'proxyAddresses')).toEqual(['SMTP:d@contoso.com']);
    expect(await values('c', 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
  });
});
