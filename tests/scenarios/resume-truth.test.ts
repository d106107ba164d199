import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presync, readCells, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

describeServer('slapd', 'a resumed run tells the truth', () => {
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
  const person = (cn: string, mail: string) =>
    server.add(`dn: ${dnOf(cn)}\nobjectClass: user\nsn: ${cn}\nsAMAccountName: ${cn}\n${mail}\n`);
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
      '--concurrency',
      '1',
    ]);
  const values = async (cn: string, attribute: string) =>
    (await server.search({ base: dnOf(cn), scope: 'base' }))[0]?.values(attribute);
  const row = (cn: string, action = 'EDIT') => ({
    DISTINGUISHEDNAME: dnOf(cn),
    ATTRIBUTE: 'mail',
    VALUE: `${cn}@contoso.local`,
    UPDATE: action === 'REMOVE' ? '' : `${cn}@contoso.com`,
    ACTION: action,
    ID: cn,
  });
  /** A journal as a run leaves it that was killed: all on record, no outcome. */
  const killed = (name: string, rows: readonly { cn: string; after: string[]; row: number }[]) => {
    const lines: object[] = [
      { type: 'journal', version: 1, command: 'apply', target: server.url, started: 'x' },
    ];
    for (const [at, { cn, after, row }] of rows.entries())
      lines.push({
        type: 'edit',
        sequence: at + 1,
        request: at + 1,
        of: 1,
        time: 'x',
        id: cn,
        row,
        dn: dnOf(cn),
        guid: null,
        kind: 'user',
        attribute: 'mail',
        before: [`${cn}@contoso.local`],
        after,
        ...(after.length === 0 ? { empties: true } : {}),
        state: 'intended',
      });
    writeFileSync(path(name), lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  };

  test('another sheet: an undecided row must not be called applied', async () => {
    await person('a', 'mail: a@contoso.com'); // carried out, the answer was lost
    await person('b', 'mail: b@contoso.local');
    killed('a.jsonl', [{ cn: 'a', after: ['a@contoso.com'], row: 2 }]);
    // The sheet of a new scan: a is without fault now; b is undecided.
    writeCells(path('a.csv'), [{ ...row('b'), ACTION: '' }]);
    await run([
      'apply',
      path('a.csv'),
      '--resume',
      path('a.jsonl'),
      '--journal',
      path('a2.jsonl'),
      '--result',
      path('a-result.csv'),
    ]);
    expect(await values('b', 'mail')).toEqual(['b@contoso.local']);
    expect(readCells(path('a-result.csv'))).toMatchObject([{ ACTION: '', RESULT: '' }]);
  });

  test('another sheet: an applied row must not be called FAIL', async () => {
    await person('c', 'mail: theirs@contoso.com'); // someone changed it since
    await person('d', 'mail: d@contoso.local');
    killed('c.jsonl', [{ cn: 'c', after: ['c@contoso.com'], row: 2 }]);
    writeCells(path('c.csv'), [row('d')]);
    await run([
      'apply',
      path('c.csv'),
      '--resume',
      path('c.jsonl'),
      '--journal',
      path('c2.jsonl'),
      '--result',
      path('c-result.csv'),
    ]);
    expect(await values('d', 'mail')).toEqual(['d@contoso.com']);
    expect(readCells(path('c-result.csv'))).toMatchObject([
      { ACTION: 'COMPLETE', RESULT: 'applied' },
    ]);
  });

  test('REMOVE that was never sent, and someone else gave another value since: not applied', async () => {
    await person('e', 'mail: theirs@contoso.com');
    killed('e.jsonl', [{ cn: 'e', after: [], row: 2 }]);
    writeCells(path('e.csv'), [row('e', 'REMOVE')]);
    await run([
      'apply',
      path('e.csv'),
      '--resume',
      path('e.jsonl'),
      '--journal',
      path('e2.jsonl'),
      '--result',
      path('e-result.csv'),
    ]);
    expect(await values('e', 'mail')).toEqual(['theirs@contoso.com']);
    expect(readCells(path('e-result.csv'))).toMatchObject([{ ACTION: 'FAIL' }]);
  });

  test('resume after an undo: what was put back must not be called applied', async () => {
    await person('f', 'mail: f@contoso.local');
    writeCells(path('f.csv'), [row('f')]);
    await run(['apply', path('f.csv'), '--journal', path('f.jsonl')]);
    await run(['undo', path('f.jsonl'), '--journal', path('fu.jsonl')]);
    expect(await values('f', 'mail')).toEqual(['f@contoso.local']);
    const { code } = await run([
      'apply',
      path('f.csv'),
      '--resume',
      path('f.jsonl'),
      '--journal',
      path('f2.jsonl'),
      '--result',
      path('f-result.csv'),
    ]);
    expect(code).toBe(3);
    expect(await values('f', 'mail')).toEqual(['f@contoso.local']);
    expect(readCells(path('f-result.csv'))).toMatchObject([
      { ACTION: 'FAIL', RESULT: expect.stringContaining('put back since') },
    ]);
  });

  test('all rows refused or nothing to do: the result file is asked for and must be there', async () => {
    await person('g', 'mail: theirs@contoso.com');
    writeCells(path('g.csv'), [row('g')]);
    await run([
      'apply',
      path('g.csv'),
      '--journal',
      path('g.jsonl'),
      '--result',
      path('g-result.csv'),
    ]);
    expect(readCells(path('g-result.csv'))).toMatchObject([{ ACTION: 'FAIL' }]);
  });
});
