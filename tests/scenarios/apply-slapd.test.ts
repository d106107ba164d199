import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyCommand } from '../../src/commands/apply.js';
import { ExpectedError } from '../../src/errors.js';
import type { Io } from '../../src/files/io.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { type Cells, presync, readCells, scratch, shellWords, writeCells } from '../presync.js';
import { sealedCells } from '../sealed.js';
import { describeServer } from '../servers/available.js';
import { startProxy } from '../servers/proxy.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

const SIZE = 12;
const SUFFIX = 'dc=contoso,dc=local';
const dnOf = (n: number) => `cn=user${n},${SUFFIX}`;

const person = (n: number) => `dn: ${dnOf(n)}
objectClass: user
cn: user${n}
sn: user${n}
mail: user${n}@contoso.local
company: first
company: second

`;

/** A row of a marked sheet. */
const cells = (n: number, more: Cells = {}, end = ''): Cells =>
  sealedCells({ ...found(n), ...more }, end);

const idOf = (n: number) => cells(n)['ID'] ?? '';

const found = (n: number): Cells => ({
  DISTINGUISHEDNAME: dnOf(n),
  ATTRIBUTE: 'mail',
  VALUE: `user${n}@contoso.local`,
  UPDATE: `user${n}@contoso.com`,
  PROPOSEDACTION: 'EDIT',
  ACTION: 'EDIT',
  SAFETY: n % 2 ? 'safe' : 'review',
  RULES: 'unroutable-domain',
});

describeServer('slapd', 'apply and undo with care, on OpenLDAP', () => {
  const { path, remove } = scratch();
  let server: SlapdServer;
  let files = 0;

  beforeAll(async () => {
    const entries = Array.from({ length: SIZE }, (_, n) => person(n)).join('');
    server = await startSlapd({ suffix: SUFFIX, entries });
    writeFileSync(path('password'), server.password);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    remove();
  });

  const login = (dn = server.bindDn) => [
    ...['--bind-dn', dn, '--password-file', path('password')],
    ...['--start-tls', '--ca', server.caFile],
  ];
  const journal = () => path(`journal-${++files}.jsonl`);
  const sheet = (rows: readonly Cells[]) => {
    const name = path(`sheet-${++files}.csv`);
    writeCells(name, rows);
    return name;
  };
  const all = (more: Cells = {}) => sheet(Array.from({ length: SIZE }, (_, n) => cells(n, more)));
  const apply = (file: string, ...more: string[]) =>
    presync(['apply', file, server.url, ...login(), ...more]);
  const undo = async (...files: string[]) => {
    for (const file of files) {
      const args = ['undo', file, server.url, ...login(), '--confirm', '--journal', journal()];
      expect((await presync(args)).code).toBe(0);
    }
  };
  const state = async () => {
    const entries = await server.search({ filter: '(mail=*)', attributes: ['mail', 'company'] });
    return entries.map(({ dn, values }) => [dn, values('mail'), values('company').toSorted()]);
  };
  const changed = async () => {
    const entries = await server.search({ filter: '(mail=*@contoso.com)', attributes: ['mail'] });
    return entries.length;
  };

  test('beyond --max-changes nothing at all is written, and the dry run says so', async () => {
    const file = all();
    for (const cap of ['11', '95%']) {
      const dry = await apply(file, '--max-changes', cap);
      expect(dry.code).toBe(0);
      expect(dry.out).toContain('With --confirm it would be refused: 12 entries would be changed');
      const own = journal();
      const real = await apply(file, '--max-changes', cap, '--confirm', '--journal', own);
      expect([real.code, existsSync(own)]).toEqual([2, false]);
      expect(real.err).toMatch(
        /^presync: 12 entries .* allows .*11\n {2}.*--max-changes 12 if that is meant\.\n$/,
      );
    }
    expect(await changed()).toBe(0);
    expect((await apply(file, '--max-changes', '100%')).out).not.toContain('refused:');
  });

  test('a sheet of an incomplete scan is refused as a whole, unless it is taken knowingly', async () => {
    const file = sheet([cells(0), cells(1, {}, '-incomplete')]);
    const refused = await apply(file, '--confirm');
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(/^presync: .*did not see everything.*\n {2}.*--from-incomplete/);
    expect((await apply(file, '--from-incomplete')).out).toContain('2 entries to change');
    expect((await presync(['ldif', file])).err).toContain('did not see everything');
  });

  test('a careful first batch, its results, the rest from them, undo of one row and of all', async () => {
    const before = await state();
    const [one, two] = [journal(), journal()];
    const batch = ['--only', 'safe', '--rule', 'unroutable-domain', '--limit', '2'];
    const result = ['--result', path('result-1.csv')];
    const first = await apply(all(), ...batch, ...result, '--confirm', '--journal', one);
    expect(first.out).toContain('2 entries to change, 2 changes, 0 rows refused');
    expect(first.out).toContain('10 rows not asked for');
    const rows = readCells(path('result-1.csv'));
    expect(rows.filter((row) => row['ACTION'] === 'COMPLETE').map((row) => row['ID'])).toEqual([
      idOf(1),
      idOf(3),
    ]);
    const rest = await apply(path('result-1.csv'), '--confirm', '--journal', two);
    expect([rest.code, await changed()]).toEqual([0, SIZE]);

    const single = ['undo', two, server.url, ...login(), '--confirm', '--journal', journal()];
    expect((await presync([...single, '--only', idOf(1)])).code).toBe(2);
    const undone = await presync([...single, '--only', `${idOf(4)},${idOf(5)}`, '--only', idOf(6)]);
    expect([undone.code, await changed()]).toEqual([0, SIZE - 3]);
    await undo(two, one);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('failures in a row end the run, and the command that it prints goes on as it was begun', async () => {
    const before = await state();
    const [one, two] = [journal(), journal()];
    const numbers = Array.from({ length: SIZE }, (_, n) => n);
    const file = sheet(numbers.map((n) => cells(n, {}, '-incomplete')));
    const failing = ['--max-failures', '3', '--concurrency', '1', '--result', path('failed.csv')];
    const batch = ['--rule', 'unroutable-domain', '--from-incomplete', '--max-changes', '50'];
    const poor = [file, server.url, ...login(server.readerDn)];
    const stopped = await presync([
      ...['apply', ...poor, ...failing, ...batch, '--confirm', '--journal', one],
    ]);
    expect(stopped.code).toBe(3);
    expect(stopped.out).toContain('Stopped early: 3 entries in a row could not be changed.');
    expect(stopped.out).toContain('The first row not attempted is row 5.');
    const [failed, , , left] = readCells(path('failed.csv'));
    expect(failed).toMatchObject({
      ACTION: 'FAIL',
      RESULT: expect.stringMatching(/^failed: insufficientAccessRights \(50\).*; the account may/),
    });
    expect(left).toMatchObject({ ACTION: 'EDIT', RESULT: '' });

    const [, goOn = ''] = /^To go on: presync (.*)$/m.exec(stopped.out) ?? [];
    const able = goOn.replace(server.readerDn, server.bindDn);
    const resumed = await presync([...shellWords(able), '--journal', two]);
    expect([resumed.code, await changed()]).toEqual([0, SIZE]);
    expect(readCells(path('failed.csv')).map((row) => row['ACTION'])).toEqual(
      Array(SIZE).fill('COMPLETE'),
    );
    const [, back = ''] = /^To put everything back: presync (.*)$/m.exec(resumed.out) ?? [];
    expect(shellWords(back)).toEqual([
      ...['undo', two, server.url, ...login(), '--max-changes', '50'],
      ...['--max-failures', '3', '--concurrency', '1'],
    ]);
    expect(readJournal(readFileSync(two)).header.resumes).toBe(one);
    const noted = await presync(['undo', two, server.url, ...login()]);
    expect(noted.err).toContain(`undo ${one} too`);
    await undo(two, one);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('--resume looks up what was never answered, through several interruptions', async () => {
    const before = await state();
    const file = all();
    const [one, two, three] = [journal(), journal(), journal()];
    const part = await apply(file, '--limit', '4', '--confirm', '--journal', one);
    expect(part.code).toBe(0);
    // A crash after the request had left and before its outcome was on disk.
    const lines = readFileSync(one, 'utf8').trimEnd().split('\n');
    writeFileSync(one, lines.slice(0, -2).join('\n'));
    const dry = await apply(file, '--resume', one);
    expect(dry.out).toContain('8 entries to change');
    expect(dry.out).toContain('4 rows applied by the interrupted run');
    await apply(file, '--resume', one, '--limit', '6', '--confirm', '--journal', two);
    const [found] = readJournal(readFileSync(two)).requests;
    expect(found).toMatchObject({ state: 'applied', reason: expect.stringMatching(/^found/) });
    const result = ['--result', path('resumed.csv')];
    const last = await apply(file, '--resume', two, ...result, '--confirm', '--journal', three);
    expect([last.code, await changed()]).toEqual([0, SIZE]);
    expect(last.out).toContain('6 entries to change');
    const actions = readCells(path('resumed.csv')).map((row) => row['ACTION']);
    expect(actions).toEqual(Array(SIZE).fill('COMPLETE'));
    await undo(one, three, two);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('an attribute that the server cannot compare is replaced as a whole, and put back', async () => {
    const before = await state();
    const own = journal();
    const odd = { ATTRIBUTE: 'company', VALUE: 'second', UPDATE: 'third' };
    const file = sheet([cells(0), cells(0, odd)]);
    const applied = await apply(file, '--confirm', '--journal', own);
    expect(applied.code).toBe(0);
    expect(applied.err).toContain('Row 3 applied: replaced as a whole');
    const now = (await state()).find(([dn]) => dn === dnOf(0));
    expect(now).toEqual([dnOf(0), ['user0@contoso.com'], ['first', 'third']]);
    expect(readFileSync(own, 'utf8')).toContain('replaced as a whole');
    await undo(own);
    expect(await state()).toEqual(before);
  });

  test('a connection that is cut again and again is made anew, and every row is applied once', async () => {
    const before = await state();
    const own = journal();
    const proxy = await startProxy(Number(new URL(server.url).port), { cutAfterBytes: 1000 });
    const logon = ['--bind-dn', server.bindDn, '--password-file', path('password')];
    const url = `ldap://127.0.0.1:${proxy.port}`;
    const plain = ['--allow-plaintext', '--confirm', '--concurrency', '2', '--journal', own];
    const applied = await presync(['apply', all(), url, ...logon, ...plain]);
    await proxy.stop();
    const usual = /^(Journal|Row \d+ applied: found so|.*; going on in \d+(\.\d+)? s\.$).*\n/gm;
    expect(applied.err.replace(usual, '')).toBe('');
    expect([applied.code, await changed()]).toEqual([0, SIZE]);
    expect(proxy.connections()).toBeGreaterThan(2);
    const { requests } = readJournal(readFileSync(own));
    expect(requests.map((request) => request.state)).toEqual(Array(SIZE).fill('applied'));
    await undo(own);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('a person at a terminal is asked once more, with the number of entries', async () => {
    const own = journal();
    const questions: string[] = [];
    const run = (answer: string) => {
      const io = {
        out: async () => {},
        err: () => {},
        canAsk: true,
        ask: async (question: string) => {
          questions.push(question);
          return answer;
        },
        env: {},
        signal: new AbortController().signal,
        now: () => new Date(0),
      } as unknown as Io;
      const flags = {
        ...{ sheet: sheet([cells(0), cells(1)]), url: server.url, journal: own, confirm: true },
        ...{ bindDn: [server.bindDn], passwordFile: [path('password')], ca: server.caFile },
        ...{ startTls: true, insecure: false, allowPlaintext: false, fromIncomplete: false },
        ...{ acceptForeignRows: false, acceptFaulty: false },
        ...{ profile: undefined, loginAttribute: undefined, verifiedDomains: undefined },
        ...{ config: undefined },
        ...{ concurrency: 1, maxChanges: '500', maxFailures: 10 },
        ...{ only: undefined, rule: undefined, limit: undefined },
        ...{ resume: undefined, result: undefined },
      };
      return applyCommand.run(flags, io);
    };
    for (const answer of ['', 'y', '3', '22']) {
      await expect(run(answer)).rejects.toBeInstanceOf(ExpectedError);
    }
    expect([existsSync(own), await changed()]).toEqual([false, 0]);
    expect(await run(' 2 ')).toBe(0);
    expect(questions[0]).toBe(`Change 2 entries in ${server.url}? Type 2 to go on: `);
    expect(await changed()).toBe(2);
    await undo(own);
    rmSync(own);
  });

  test('what cannot be meant is refused in two lines', async () => {
    const file = all();
    const undoJournal = path('undo-journal.jsonl');
    writeFileSync(
      undoJournal,
      '{"type":"journal","version":1,"command":"undo","target":"x","started":"x"}\n',
    );
    const wrong = [
      ['--rule', 'no-such-rule'],
      ['--limit', '0'],
      ['--only', 'review'],
      ['--max-changes', 'many'],
      ['--max-failures', '0'],
      ['--result', file],
      ['--result', path('none/x.csv')],
      ['--resume', path('none.jsonl')],
      ['--resume', undoJournal],
    ];
    for (const flags of wrong) {
      const { code, out, err } = await apply(file, ...flags);
      expect([flags, code, out]).toEqual([flags, 2, '']);
      expect(err).toMatch(/^presync: [^\n]+(\n[^\n]+)?\n/);
    }
  }, 60_000);
});
