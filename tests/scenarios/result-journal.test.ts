import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

describeServer('slapd', 'results replace no journal', () => {
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
  const person = (cn: string) =>
    server.add(
      `dn: ${dnOf(cn)}\nobjectClass: user\nsn: ${cn}\nsAMAccountName: ${cn}\nmail: ${cn}@contoso.local\n`,
    );
  const run = (args: readonly string[]) =>
    presync([
      ...args,
      server.url,
      '--bind-dn',
      server.bindDn,
      '--password-file',
      path('password'),
      '--allow-plaintext',
      '--confirm',
    ]);
  const row = (cn: string) => ({
    DISTINGUISHEDNAME: dnOf(cn),
    ATTRIBUTE: 'mail',
    VALUE: `${cn}@contoso.local`,
    UPDATE: `${cn}@contoso.com`,
    ACTION: 'EDIT',
    ID: cn,
  });

  test('result and journal under one name: the journal must survive', async () => {
    await person('a');
    writeCells(path('a.csv'), [row('a')]);
    const { code, err } = await run([
      'apply',
      path('a.csv'),
      '--journal',
      path('a.out'),
      '--result',
      path('a.out'),
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining('over a journal')]);
    const changed = (await server.search({ base: dnOf('a'), scope: 'base' }))[0]?.values('mail');
    expect(changed).toEqual(['a@contoso.local']);
  });

  test('result over the journal that is resumed', async () => {
    await person('b');
    await person('c');
    writeCells(path('b.csv'), [row('b')]);
    writeCells(path('bc.csv'), [row('b'), row('c')]);
    await run(['apply', path('b.csv'), '--journal', path('b.jsonl')]);
    const before = readFileSync(path('b.jsonl'), 'utf8');
    await run([
      'apply',
      path('bc.csv'),
      '--resume',
      path('b.jsonl'),
      '--journal',
      path('b2.jsonl'),
      '--result',
      path('b.jsonl'),
    ]);
    expect(readFileSync(path('b.jsonl'), 'utf8')).toBe(before);
  });
});
