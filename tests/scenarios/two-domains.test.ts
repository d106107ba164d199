import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cells, presync, readCells, scratch, shellWords, writeCells } from '../presync.js';
import { startReview } from '../review/start.js';
import { describeProgram, describeServer } from '../servers/available.js';
import { startChromium } from '../servers/chromium.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

const PARENT = 'dc=contoso,dc=com';
/** Held by the server of the parent too, as a second suffix. */
const OTHER = 'dc=fabrikam,dc=com';
/** Ends in the name of its parent, and has a server of its own. */
const CHILD = 'dc=eu,dc=contoso,dc=com';

/** Somebody whose address is to move, and who shares another one with a namesake of the other server. */
const person = (name: string, base: string) => `dn: cn=${name},${base}
objectClass: user
cn: ${name}
sn: ${name}
sAMAccountName: ${name}
mail: ${name}@contoso.local
proxyAddresses: smtp:shared.${name.slice(-1)}@contoso.com

`;

describeServer('slapd', 'T2: a sheet of two domains, each with a server of its own', () => {
  const { path, remove } = scratch();
  let [first, second]: SlapdServer[] = [];
  let files = 0;

  beforeAll(async () => {
    mkdirSync(path('db'));
    const more = ['database mdb', `directory ${path('db')}`, `suffix "${OTHER}"`];
    const databaseLines = [...more, `rootdn "cn=admin,${PARENT}"`];
    [first, second] = await Promise.all([
      startSlapd({
        suffix: PARENT,
        entries: ['a1', 'a2', 'a3'].map((name) => person(name, PARENT)).join(''),
        databaseLines,
      }),
      startSlapd({
        suffix: CHILD,
        entries: ['b1', 'b2', 'b4', 'b5'].map((name) => person(name, CHILD)).join(''),
      }),
    ]);
    await first.add(`dn: ${OTHER}\nobjectClass: domain\ndc: fabrikam\n\n${person('c6', OTHER)}`);
    writeFileSync(path('password'), first.password);
    const certificates = [first, second].map(({ caFile }) => readFileSync(caFile, 'utf8'));
    writeFileSync(path('ca.pem'), certificates.join(''));
    const scanned = await presync([
      ...['scan', one().url, two().url, '--csv', path('scan.csv'), '--jsonl', path('scan.jsonl')],
      ...account(one()),
      ...logon(two()),
      ...['--map-suffix', 'contoso.local=contoso.com', '--fail-on', 'never'],
    ]);
    expect([scanned.code, scanned.err]).toEqual([0, '']);
    before = await state();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    remove();
  });

  const one = () => first as SlapdServer;
  const two = () => second as SlapdServer;
  let before: unknown;
  const account = ({ bindDn }: SlapdServer) => [
    ...['--bind-dn', bindDn, '--password-file', path('password')],
  ];
  const logon = (server: SlapdServer) => [
    ...account(server),
    ...['--start-tls', '--ca', path('ca.pem')],
  ];
  const file = (name: string) => path(`${++files}-${name}`);
  const valuesOf = async (server: SlapdServer, base: string) => {
    const found = await server.search({ base, filter: '(sn=*)' });
    const told = found.map((entry) => [
      entry.dn,
      entry.values('mail'),
      entry.values('proxyAddresses'),
    ]);
    return told.sort();
  };
  const state = async () => [
    ...(await valuesOf(one(), PARENT)),
    ...(await valuesOf(one(), OTHER)),
    ...(await valuesOf(two(), CHILD)),
  ];
  /** The sheet of the scan with every proposal on an address accepted, those of some entries alone where they are named. */
  const marked = (change: (row: Cells) => Cells = (row) => row) => {
    const sheet = file('sheet.csv');
    const rows = readCells(path('scan.csv')).map((row) => {
      const isMail = row['ATTRIBUTE'] === 'mail' && row['PROPOSEDACTION'] === 'EDIT';
      return change(isMail ? { ...row, ACTION: 'EDIT' } : row);
    });
    writeCells(sheet, rows);
    return sheet;
  };
  const of = (base: string, row: Cells) => row['DISTINGUISHEDNAME']?.endsWith(`,${base}`) ?? false;
  const apply = (sheet: string, server: SlapdServer, ...more: string[]) =>
    presync(['apply', sheet, server.url, ...logon(server), ...more], { cwd: path('.') });
  const undo = (journal: string, server: SlapdServer, ...more: string[]) =>
    presync(
      ['undo', journal, server.url, ...logon(server), '--journal', file('undo.jsonl'), ...more],
      { cwd: path('.') },
    );
  const FOUR = '4 rows are for another server, that of eu.contoso.com, and left as they are.\n';

  test('is applied at the first, its results at the second, and both are undone', async () => {
    const [r1, r2, j1, j2] = [file('r1.csv'), file('r2.csv'), file('j1.jsonl'), file('j2.jsonl')];
    const sheet = marked();
    const confirmed = (result: string, journal: string) => [
      ...['--confirm', '--result', result, '--journal', journal],
    ];
    const here = await apply(sheet, one(), ...confirmed(r1, j1));
    expect([here.code, here.err]).toEqual([0, `Journal: ${j1}\n`]);
    expect(here.out).toContain(`4 entries to change, 4 changes, 0 rows refused`);
    expect(here.out).toContain(FOUR);
    const half = readCells(r1);
    for (const [at, row] of readCells(sheet).entries()) {
      const { RESULT, ...cells } = half[at] ?? {};
      const isDone = row['ACTION'] === 'EDIT' && !of(CHILD, row);
      expect(cells).toEqual(isDone ? { ...row, ACTION: 'COMPLETE' } : row);
      expect(RESULT).toBe(isDone ? 'applied' : '');
    }
    // What is to be typed next names the results and looks first.
    const [next = ''] = /^For eu\.contoso\.com: (.*)$/m.exec(here.out)?.slice(1) ?? [];
    expect(shellWords(next)).toEqual(
      [...['presync', 'apply', r1, 'ldap://eu.contoso.com'], ...logon(one())].filter(
        (word) => word !== '',
      ),
    );
    const there = await apply(r1, two(), ...confirmed(r2, j2));
    expect([there.code, there.err]).toEqual([0, `Journal: ${j2}\n`]);
    expect(there.out).toContain('4 entries to change, 4 changes, 0 rows refused');
    expect(there.out).not.toContain('another server');
    const accepted = readCells(r2).filter(({ ATTRIBUTE, PROPOSEDACTION }) => {
      return ATTRIBUTE === 'mail' && PROPOSEDACTION === 'EDIT';
    });
    expect(accepted.map(({ ACTION, RESULT }) => [ACTION, RESULT])).toEqual(
      Array.from({ length: 8 }, () => ['COMPLETE', 'applied']),
    );
    expect(JSON.stringify(await state())).not.toContain('contoso.local');

    for (const [journal, wrong, right] of [
      [j1, two(), one()],
      [j2, one(), two()],
    ] as const) {
      const lost = await undo(journal, wrong, '--confirm');
      expect([lost.code, lost.out]).toEqual([2, '']);
      expect(lost.err).toContain(`There is nothing for ${wrong.url} to do: 4 rows are for`);
      expect(lost.err).toMatch(/\n {2}Nothing was written\. For .*: presync undo /);
      expect(lost.err).toContain(` ${right.url} `);
      expect((await undo(journal, right, '--confirm')).code).toBe(0);
    }
    expect(await state()).toEqual(before);
  }, 60_000);

  test('what is really missing is told; limit, cap, counts and exit code know this server alone', async () => {
    await one().add(person('a9', PARENT));
    const [sheet, result] = [marked((row) => ({ ...row })), file('r.csv')];
    const rows = readCells(sheet);
    const isEu = (row: Cells) => of(CHILD, row);
    // The rows of the other server first: a limit that counts them would leave nothing.
    rows.sort((a, b) => Number(isEu(b)) - Number(isEu(a)));
    writeCells(sheet, rows);
    const limited = await apply(sheet, one(), '--limit', '2', '--max-changes', '2');
    expect(limited.out).toContain('2 entries to change, 2 changes, 0 rows refused');
    expect(limited.out).toContain('2 rows not asked for');
    expect([limited.code, limited.out.includes(FOUR)]).toEqual([0, true]);
    expect(limited.out).not.toContain('it would be refused');
    expect(limited.out).toMatch(/^For eu\.contoso\.com: presync apply .* --limit 2 /m);

    await one().add(`dn: cn=a3,${PARENT}\nchangetype: delete\n`);
    const run = await apply(sheet, one(), '--result', result, '--confirm');
    expect(run.code).toBe(3);
    expect(run.err).toMatch(/^Row \d+ refused: the entry is not there any more/);
    expect(run.err.match(/refused/g)).toHaveLength(1);
    const [journal = ''] = /Journal: (.*)/.exec(run.err)?.slice(1) ?? [];
    const told = readCells(result).filter(({ RESULT }) => RESULT !== '');
    expect(told.map(({ ACTION }) => ACTION).sort()).toEqual([
      'COMPLETE',
      'COMPLETE',
      'COMPLETE',
      'FAIL',
    ]);
    expect((await undo(path(journal), one(), '--confirm')).code).toBe(0);
    await one().add(person('a3', PARENT));
    await one().add(`dn: cn=a9,${PARENT}\nchangetype: delete\n`);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('that has nothing for this server is told in two lines, and leaves nothing behind', async () => {
    const sheet = marked((row) => (of(CHILD, row) ? row : { ...row, ACTION: '' }));
    const [result, journal] = [file('r.csv'), file('j.jsonl')];
    for (const more of [[], ['--confirm', '--result', result, '--journal', journal]]) {
      const { code, out, err } = await apply(sheet, one(), ...more);
      expect([code, out]).toEqual([2, '']);
      const [what, todo, ...rest] = err.trimEnd().split('\n');
      expect(what).toBe(
        `presync: There is nothing for ${one().url} to do: 4 rows are for another server, that of eu.contoso.com, and left as they are`,
      );
      expect(todo).toMatch(/^ {2}Nothing was written\. For eu\.contoso\.com: presync apply /);
      expect(rest).toEqual([]);
    }
    expect([existsSync(result), existsSync(journal)]).toEqual([false, false]);
    // Of two rules one has rows here: those that were asked for are not here all the same.
    const mixed = marked();
    const rows = readCells(mixed).map((row) =>
      of(CHILD, row) ? row : { ...row, SAFETY: 'review', SEAL: '' },
    );
    writeCells(mixed, rows);
    const safe = await apply(mixed, one(), '--only', 'safe');
    expect([safe.code, safe.out]).toEqual([2, '']);
    expect(safe.err).toContain('--only safe');
  }, 60_000);

  test('is resumed where its run was made, and nowhere else', async () => {
    const [sheet, journal] = [marked(), file('j.jsonl')];
    await apply(sheet, two(), '--confirm', '--journal', journal);
    const killed = file('killed.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    // The last outcome is not on record.
    const at = lines.findLastIndex((line) => line.includes('"outcome"'));
    writeFileSync(
      killed,
      lines
        .slice(0, at)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const resume = (server: SlapdServer) =>
      apply(sheet, server, '--confirm', '--resume', killed, '--journal', file('resumed.jsonl'));
    const lost = await resume(one());
    expect([lost.code, lost.out]).toEqual([2, '']);
    expect(lost.err).toContain(
      `${killed} is the journal of a run in eu.contoso.com, which another server than ${one().url} holds\n`,
    );
    expect(lost.err).toMatch(/\n {2}Nothing was written\. For eu\.contoso\.com: presync apply /);
    expect(lost.err).toContain(` ${two().url} `);
    const going = await resume(two());
    expect([going.code, going.err]).toEqual([0, expect.stringContaining('Journal: ')]);
    expect(going.out).toContain('4 rows are for other servers');
    expect((await undo(journal, two(), '--confirm')).code).toBe(0);
    expect(await state()).toEqual(before);
  }, 60_000);

  test('LDIF of both domains says that one server does not take all of it', async () => {
    const { code, err, out } = await presync(['ldif', marked()]);
    expect(code).toBe(0);
    expect(out.match(/^dn: /gm)).toHaveLength(8);
    expect(err).toMatch(/^Warning: the changes are of 3 domains \(.*\), and ldapmodify stops/m);
    const own = await presync([
      'ldif',
      marked((row) => (of(CHILD, row) ? row : { ...row, ACTION: '' })),
    ]);
    expect(own.err).not.toContain('domains');
  });

  const ask = async (url: string, route: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(new URL(route, url), {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    });
    return JSON.parse(await answer.text());
  };

  test('the page plans what apply plans, and fails nothing that it does not see', async () => {
    const sheet = marked();
    const printed = await apply(sheet, one());
    const review = await startReview([sheet, one().url, ...logon(one())], { cwd: path('.') });
    try {
      const plan = await ask(review.url, 'plan', { onlySafe: false, limit: null });
      expect(printed.out).toContain(`${plan.entries} entries to change, ${plan.changes} changes`);
      expect([plan.entries, plan.refused]).toEqual([4, []]);
      const { said, next } = plan.elsewhere;
      expect(`${said}.\n`).toBe(FOUR);
      expect(shellWords(next[0].replace(/^For eu\.contoso\.com: /, '')).slice(0, 4)).toEqual([
        ...['presync', 'review', sheet, 'ldap://eu.contoso.com'],
      ]);
      await ask(review.url, 'start', { plan: plan.id, typed: '4' }).catch(() => undefined);
      let state = await ask(review.url, 'state', {});
      while (state.running) state = await ask(review.url, 'state', {});
      const actions = state.rows.map((row: { dn: string; status: string }) => [row.dn, row.status]);
      const statuses = (base: string) =>
        actions.filter(([dn]: string[]) => dn?.endsWith(`,${base}`)).map((one: string[]) => one[1]);
      expect(statuses(CHILD)).not.toContain('failed');
      expect(statuses(CHILD)).toContain('accepted');
      expect(state.runs).toMatchObject([{ complete: true, counts: { applied: 4 } }]);
      const [{ journal }] = state.runs;
      expect((await undo(path(journal), one(), '--confirm')).code).toBe(0);
    } finally {
      await review.stop();
    }
  }, 60_000);

  test('a holder at another server is not called gone, one that is gone is', async () => {
    const sheet = marked();
    const rows = readCells(sheet);
    const review = await startReview([sheet, one().url, ...logon(one())]);
    const rowOf = (name: string) =>
      2 + rows.findIndex((row) => row['DISTINGUISHEDNAME']?.startsWith(`cn=${name},`));
    try {
      const { rows: shown } = await ask(review.url, 'state', {});
      const { group } = shown.find((row: { dn: string; group: string }) => {
        return row.dn.startsWith('cn=b1,') && row.group !== '';
      });
      const entryFact = async () => {
        const { members } = await ask(review.url, 'group', { group });
        const facts = members.map(
          (member: { dn: string; facts: { name: string; value: string }[] }) => [
            member.dn,
            member.facts.find(({ name }) => name === 'Entry')?.value,
          ],
        );
        return Object.fromEntries(facts);
      };
      expect(await entryFact()).toEqual({
        [`cn=a1,${PARENT}`]: undefined,
        [`cn=b1,${CHILD}`]: 'in eu.contoso.com, not seen from here',
      });
      const reach = async (name: string) =>
        (await ask(review.url, 'check', { row: rowOf(name), update: 'x@contoso.com' })).reach;
      expect(await reach('b1')).toContain('The entry is in eu.contoso.com and not seen from here,');
      await one().add(`dn: cn=a1,${PARENT}\nchangetype: delete\n`);
      expect(await entryFact()).toMatchObject({ [`cn=a1,${PARENT}`]: 'not there any more' });
      expect(await reach('a1')).toContain('The entry is not there any more,');
      await one().add(person('a1', PARENT));
    } finally {
      await review.stop();
    }
  }, 60_000);

  describeProgram('chromium', 'the page', () => {
    test('shows what is for another server, with the command', async () => {
      const browser = await startChromium();
      const review = await startReview([marked(), one().url, ...logon(one())]);
      try {
        const page = await browser.newPage();
        await page.goto(review.url);
        await page.getByRole('button', { name: 'Apply…', exact: true }).click();
        await page.getByRole('button', { name: 'Show what would change' }).click();
        await page.getByText('4 entries to change, 4 changes, 0 rows refused').waitFor();
        await page.getByText(FOUR.trim()).waitFor();
        await page.getByText('For eu.contoso.com: presync review ').waitFor();
      } finally {
        await browser.close();
        await review.stop();
      }
    }, 60_000);
  });
});
