import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BY_HAND, presync, readCells, readRecords, scratch, shellWords } from './presync.js';

const CONTOSO = 'fixtures/directories/contoso.ldif';
/** A sheet with one decision. */
const MARKED = 'DISTINGUISHEDNAME,ATTRIBUTE,VALUE,UPDATE,ACTION\nCN=a,mail,a,b,EDIT\n';
const { path, remove } = scratch();
afterAll(remove);

/** One line what, one line what to do, no stack, nothing on standard output. */
const TWO_LINES = /^presync: [^\n]+\n {2}\S[^\n]+\n$/;

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(path(name), content);
  return path(name);
}

function folder(name: string): string {
  mkdirSync(path(name));
  return path(name);
}

describe('help and rules', () => {
  test.each([
    ['--help'],
    ['scan', '--help'],
    ['apply', '--help'],
    ['undo', '--help'],
    ['ldif', '--help'],
  ])('%s %s fits a terminal and shows an example', async (...args) => {
    const { code, out } = await presync(args);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}presync /);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out.split('\n').length).toBeLessThan(60);
  });

  test('rules lists them, rules ID explains one, an unknown one is an expected failure', async () => {
    expect((await presync(['rules'])).out).toMatch(
      /^blank-value .*\n(.*\n)*duplicate-address .*\n(.*\n)*unroutable-domain /m,
    );
    expect((await presync(['rules', 'blank-value'])).out).toMatch(/Why\n {2}.+\n\nWhat to do\n/);
    const unknown = await presync(['rules', 'nonsense']);
    expect([unknown.code, unknown.out]).toEqual([2, '']);
    expect(unknown.err).toMatch(TWO_LINES);
  });
});

describe('scan of a snapshot', () => {
  test('writes all reports, and they agree', async () => {
    const { code, out } = await presync([
      'scan',
      CONTOSO,
      '--map-suffix',
      'contoso.local=contoso.com',
      '--csv',
      path('a.csv'),
      '--jsonl',
      path('a.jsonl'),
      '--ldif',
      path('a.ldif'),
    ]);
    expect(code).toBe(1);
    expect(out).toContain('44 entries read, 42 judged, 2 skipped');
    const records = readRecords(readFileSync(path('a.jsonl'), 'utf8'));
    const findings = records.filter(({ type }) => type === 'finding');
    const proposals = records.filter(({ type }) => type === 'proposal');
    expect(records.at(-1)).toMatchObject({ type: 'summary', complete: true, entries: 44 });
    const rows = readCells(path('a.csv'));
    const values = new Set(
      findings.map(({ dn, attribute, value }) => JSON.stringify([dn, attribute, value])),
    );
    expect(rows).toHaveLength(values.size);
    const proposed = rows.filter((row) => row['SAFETY'] !== '');
    // A row is marked where a directory may take another value of its entry for its own.
    expect(proposed.map((row) => row['ID']?.replace(/-lookalike$/, ''))).toEqual(
      proposals.map(({ id }) => id),
    );
    const changes = readFileSync(path('a.ldif'), 'utf8').match(/^changetype: modify$/gm);
    const safe = proposals.filter(({ safety }) => safety === 'safe');
    expect(changes).toHaveLength(new Set(safe.map(({ dn }) => dn)).size);
  });

  test('two runs give the same bytes', async () => {
    const run = () => presync(['scan', CONTOSO, '--jsonl', '-']);
    expect((await run()).out).toBe((await run()).out);
  });

  test('two forests are one scan: a value in both is a duplicate', async () => {
    const other = file(
      'other.ldif',
      'dn: CN=X,DC=fabrikam,DC=com\nobjectClass: user\ncn: X\nmail: vera.novak@CONTOSO.com\n',
    );
    const { out } = await presync(['scan', CONTOSO, other, '--jsonl', '-']);
    const hits = readRecords(out).filter(
      (r) => r['type'] === 'finding' && r['dn'] === 'CN=X,DC=fabrikam,DC=com',
    );
    expect(hits).toMatchObject([
      { rule: 'duplicate-address', relatedCount: 3, kind: 'user', guid: null },
    ]);
  });

  test('the same entry in two sources is judged once', async () => {
    const copy = file('copy.ldif', readFileSync(CONTOSO));
    // The first line names the sources, and the hash in the last one is over all lines.
    const told = async (...sources: string[]) => {
      const lines = readRecords((await presync(['scan', ...sources, '--jsonl', '-'])).out);
      return lines.slice(1).map(({ hash, ...line }) => line);
    };
    expect(await told(CONTOSO, copy)).toEqual(await told(CONTOSO));
  });

  test('standard input, --base, and --fail-on decide the exit code', async () => {
    const user = (name: string, suffix: string) =>
      `dn: CN=${name},OU=${suffix},DC=c\nobjectClass: user\ncn: ${name}\ndisplayName: ${name}\nsAMAccountName: ${name}\nuserPrincipalName: ${name}@contoso.${suffix}\n\n`;
    const input = user('anna', 'local') + user('bruno', 'com');
    const scan = (...more: string[]) =>
      presync(['scan', '-', '--base', 'OU=local,DC=c', ...more], { input });
    expect((await scan()).out).toContain('1 entry read');
    expect((await scan()).code).toBe(0);
    expect((await scan('--fail-on', 'warning')).code).toBe(1);
    expect((await scan('--fail-on', 'never')).code).toBe(0);
  });

  test('a value with ten thousand holders names twenty and counts all', async () => {
    const entry = (n: number) =>
      `dn: CN=U${n},DC=c\nobjectClass: user\ncn: U${n}\nmail: one@contoso.com\n\n`;
    const many = file('many.ldif', Array.from({ length: 10_000 }, (_, n) => entry(n)).join(''));
    const { out } = await presync(['scan', many, '--jsonl', '-']);
    const findings = readRecords(out).filter(({ type }) => type === 'finding');
    expect(findings).toHaveLength(10_000);
    expect(findings[0]).toMatchObject({ relatedCount: 9_999 });
    expect(findings[0]?.['related']).toHaveLength(20);
    expect(out.length).toBeLessThan(40_000_000);
  });

  test('an export that broke off is incomplete: exit 3, and the summary says so', async () => {
    const cut = file(
      'cut.ldif',
      `${readFileSync(CONTOSO, 'utf8')}\nsearch: 2\nresult: 4 Size limit exceeded\n`,
    );
    const { code, out } = await presync(['scan', cut, '--jsonl', '-']);
    expect(code).toBe(3);
    expect(readRecords(out).at(-1)).toMatchObject({ complete: false });
  });
});

describe('count, and who is left out', () => {
  test('what will sync by domain and kind, against the quota, and the skipped by reason', async () => {
    const { code, out } = await presync(['count', CONTOSO]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /Domain +user +inetOrgPerson +group +contact +Sum\ncontoso\.local +27 +1 +6 +5 +39\n/,
    );
    expect(out).toMatch(/emea\.contoso\.local +3/);
    expect(out).toContain('within the quota of a tenant (50,000 objects, 300,000 once');
    expect(out).toContain('All objects of the tenant count');
    expect(out).not.toContain('first two days');
    expect(out).not.toContain('SQL');
    expect(out).toContain('2 skipped: critical system object');
  });

  test('a tenant without a verified domain holds fewer', async () => {
    const entry = (n: number) => `dn: CN=U${n},DC=c\nobjectClass: user\nsAMAccountName: u${n}\n\n`;
    const big = file('big.ldif', Array.from({ length: 50_001 }, (_, n) => entry(n)).join(''));
    const { code, out } = await presync(['count', big]);
    expect(code).toBe(0);
    expect(out).toContain('more than the 50,000 of a tenant without a verified domain');
    expect(out).toContain('first two days of a new tenant it is more than the 600');
  });

  test('of many entries it says what else they need: support, a database, a licence', async () => {
    const entry = (n: number) => `dn: CN=U${n},DC=c\nobjectClass: user\nsAMAccountName: u${n}\n\n`;
    const huge = file('huge.ldif', Array.from({ length: 500_001 }, (_, n) => entry(n)).join(''));
    const { code, out } = await presync(['count', huge]);
    expect(code).toBe(1);
    expect(out).toContain('more than the 300,000 that a tenant with a verified domain holds');
    expect(out).toContain('its own database holds about 100,000 objects');
    expect(out).toContain('Beyond 500,000 a licence is needed');
  });

  test('--show-skipped names them, for people and in the machine format', async () => {
    const { out, err } = await presync(['scan', CONTOSO, '--show-skipped', '--jsonl', '-']);
    const skipped = readRecords(out).filter(({ type }) => type === 'skipped');
    expect(skipped).toMatchObject([
      {
        dn: 'CN=Administrator,CN=Users,DC=contoso,DC=local',
        kind: 'user',
        reason: 'critical system object',
      },
      { dn: 'CN=krbtgt,CN=Users,DC=contoso,DC=local' },
    ]);
    expect(err).toContain('critical system object: CN=krbtgt,CN=Users,DC=contoso,DC=local');
  });

  test('what could not be checked is said, with the reason', async () => {
    const users = file(
      'users.ldif',
      'dn: CN=a,DC=c\nobjectClass: user\ncn: a\nsAMAccountName: a\n',
    );
    const { out } = await presync(['scan', users]);
    expect(out).toMatch(
      /Not checked, for what is not delivered is not known to be absent:\n.*users\.ldif: userPrincipalName: .*missing-user-principal-name/,
    );
    expect(out).not.toMatch(/^missing-user-principal-name/m);
  });

  test('verified domains as a list and as a file, and what is neither', async () => {
    const findings = async (domains: string) => {
      const { out } = await presync([
        'scan',
        CONTOSO,
        '--verified-domains',
        domains,
        '--jsonl',
        '-',
      ]);
      return readRecords(out).filter(({ rule }) => rule === 'unverified-domain').length;
    };
    const list = file('domains.txt', '# the tenant\ncontoso.com\n\n');
    expect(await findings('contoso.com')).toBeGreaterThan(0);
    expect(await findings(list)).toBe(await findings('contoso.com'));
    expect(await findings('contoso.com,contoso.shop')).toBe(0);
    const wrong = await presync(['scan', CONTOSO, '--verified-domains', path('absent.txt')]);
    expect([wrong.code, TWO_LINES.test(wrong.err)]).toEqual([2, true]);
  });

  test('--simulate says what would be left, and that nothing new would appear', async () => {
    const { out } = await presync(['scan', '-', '--simulate'], { input: readFileSync(CONTOSO) });
    expect(out).toMatch(
      /Simulation\n {2}with the \d+ safe proposals applied: \d+ findings remain, none new\n {2}with the \d+ proposals applied: \d+ findings remain, none new\n/,
    );
  });
});

describe('bad input gets one line what and one line what to do', () => {
  const cases: readonly (readonly [name: string, args: () => string[], word: RegExp])[] = [
    ['no command', () => [], /Name a command/],
    ['unknown command', () => ['scna', CONTOSO], /scna/],
    ['unknown option', () => ['scan', CONTOSO, '--frobnicate'], /frobnicate/],
    [
      'no such file',
      () => ['scan', path('absent.ldif')],
      /Cannot read the LDIF file .*no such file/,
    ],
    ['a folder', () => ['scan', folder('folder.ldif')], /folder/],
    [
      'a password file in another encoding',
      () => [
        ...['scan', 'ldaps://127.0.0.1:1', '--bind-dn', 'x'],
        ...['--password-file', file('ansi', Buffer.from('S\u00e4cret1', 'latin1'))],
      ],
      /the file of --password-file, .*ansi: it is not in UTF-8/,
    ],
    [
      'certificates without end',
      () => ['scan', 'ldaps://127.0.0.1:1', '--ca', '/dev/zero'],
      /Cannot read the file of --ca, \/dev\/zero: it holds more than 16 MB/,
    ],
    [
      'a configuration that is a folder',
      () => ['scan', CONTOSO, '--config', path('')],
      /Cannot read the configuration file .*: it is a folder/,
    ],
    ['no source at all', () => ['scan', 'contoso.com'], /no source/],
    [
      'broken LDIF',
      () => ['scan', file('bad.ldif', 'dn: CN=A,DC=c\nobjectClass: user\nno colon here\n')],
      /line 3/,
    ],
    ['empty LDIF', () => ['scan', file('empty.ldif', '')], /no entr/],
    ['unknown host', () => ['scan', 'ldaps://dc1.does-not-exist.invalid'], /does-not-exist/],
    ['refused connection', () => ['scan', 'ldap://127.0.0.1:1'], /127\.0\.0\.1:1/],
    [
      'plain password',
      () => [
        'scan',
        'ldap://127.0.0.1:1',
        '--bind-dn',
        'x',
        '--password-file',
        file('pw', 'secret'),
      ],
      /unencrypted/,
    ],
    ['no password', () => ['scan', 'ldaps://127.0.0.1:1', '--bind-dn', 'x'], /No password/],
    ['page size', () => ['scan', CONTOSO, '--page-size', '0'], /page-size.*\n.*out for 1000/],
    ['mapping', () => ['scan', CONTOSO, '--map-suffix', 'contoso.local'], /no suffix mapping/],
    [
      'mapping to nowhere',
      () => ['scan', CONTOSO, '--map-suffix', 'contoso.local=contoso.corp'],
      /contoso\.corp/,
    ],
    [
      'two reports to one place',
      () => ['scan', CONTOSO, '--csv', '-', '--jsonl', '-'],
      /standard output/,
    ],
    ['unwritable folder', () => ['scan', CONTOSO, '--csv', '/proc/presync.csv'], /Cannot write/],
    [
      'a folder for a report',
      () => ['scan', CONTOSO, '--csv', path('none/x.csv')],
      /folder does not exist/,
    ],
    ['a folder in place of a report', () => ['scan', CONTOSO, '--csv', path('')], /it is a folder/],
    [
      'a report over the source',
      () => ['scan', file('source.ldif', readFileSync(CONTOSO)), '--html', path('source.ldif')],
      /source\.ldif is read here/,
    ],
    [
      'changes over the sheet',
      () => ['ldif', file('own.csv', MARKED), '--out', path('own.csv')],
      /own\.csv is read here/,
    ],
    [
      'a new sheet over one with decisions',
      () => ['scan', CONTOSO, '--csv', file('marked.csv', MARKED)],
      /marked\.csv has 1 row with an ACTION/,
    ],
    [
      'a new sheet over one whose header a spreadsheet damaged',
      () => ['scan', CONTOSO, '--csv', file('damaged.csv', MARKED.replace('VALUE', 'OLD'))],
      /damaged\.csv looks like a review sheet/,
    ],
    [
      'two reports to one file by two names',
      () => ['scan', CONTOSO, '--csv', path('one.csv'), '--jsonl', path('./x/../one.csv')],
      /Two reports/,
    ],
    [
      'results among what the run says',
      () => ['apply', file('r.csv', MARKED), 'ldap://127.0.0.1:1', '--result', '-'],
      /standard output/,
    ],
    [
      'a filter for a file',
      () => ['scan', CONTOSO, '--filter', '(cn=a)'],
      /--filter works on directories only/,
    ],
    [
      'a flag given twice',
      () => ['scan', CONTOSO, '--fail-on', 'error', '--fail-on', 'info'],
      /--fail-on is given more than once/,
    ],
    ['a missing URL', () => ['apply', CONTOSO], /The command needs 2 arguments and got 1/],
    ['an unknown command', () => ['scna', CONTOSO], /Unknown command: scna/],
    [
      'a severity that is none',
      () => ['scan', CONTOSO, '--fail-on', 'warn'],
      /Invalid values: Arg/,
    ],
    ['no sheet', () => ['ldif', path('absent.csv')], /no such file/],
    ['a sheet that is none', () => ['ldif', file('list.csv', 'a,b\n1,2\n')], /sheet/],
    ['a journal that is none', () => ['undo', CONTOSO, 'ldaps://127.0.0.1'], /journal/],
    [
      'a URL with a password',
      () => ['scan', 'ldaps://me:secret@dc1.contoso.com'],
      /name or a password/,
    ],
  ];

  test('a sheet without decisions is written anew, and a file that was refused is as it was', async () => {
    const sheet = file('undecided.csv', MARKED.replace('EDIT', ''));
    expect((await presync(['scan', CONTOSO, '--csv', sheet])).code).toBe(1);
    expect(readFileSync(sheet, 'utf8').length).toBeGreaterThan(MARKED.length);
    const marked = file('kept.csv', MARKED);
    await presync(['scan', CONTOSO, '--csv', marked]);
    expect(readFileSync(marked, 'utf8')).toBe(MARKED);
  });

  test('a report goes to a pipe as it is, and leaves it one', async () => {
    const pipe = path('pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    const closed = new Promise((resolve) => reader.on('close', resolve));
    const read: Buffer[] = [];
    reader.stdout.on('data', (chunk: Buffer) => read.push(chunk));
    const { code } = await presync(['scan', CONTOSO, '--jsonl', pipe, '--fail-on', 'never']);
    await closed;
    expect([code, statSync(pipe).isFIFO()]).toEqual([0, true]);
    expect(Buffer.concat(read).toString()).toContain('"type":"summary"');
  });

  test('only the next baseline takes the place of the baseline', async () => {
    const old = path('nightly.jsonl');
    await presync(['scan', CONTOSO, '--jsonl', old]);
    const over = await presync(['scan', CONTOSO, '--baseline', old, '--html', old]);
    expect([over.code, over.err]).toEqual([
      2,
      expect.stringContaining('nightly.jsonl is read here'),
    ]);
    const next = await presync(['scan', CONTOSO, '--baseline', old, '--jsonl', old]);
    expect(next.code).toBe(0);
  });

  test('a sheet in which nobody decided says so', async () => {
    const sheet = file('nobody.csv', MARKED.replace('EDIT', ''));
    const { code, err } = await presync(['ldif', sheet]);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('no row has EDIT or REMOVE in ACTION'),
    ]);
  });

  test('the next commands can be typed as they are', async () => {
    const sheet = path('of two words.csv');
    const { out } = await presync(['scan', CONTOSO, '--csv', sheet, '--fail-on', 'never']);
    expect(out).toContain(`  presync apply "${sheet}" ldaps://YOUR-DC --bind-dn YOU --confirm\n`);
    expect(out).toContain(`  presync ldif "${sheet}" --out changes.ldif\n`);
  });

  test('the next commands judge by what the scan judged by', async () => {
    const sheet = path('judged.csv');
    const judged = ['--profile', 'dedicated', '--verified-domains', 'contoso.com,fabrikam.com'];
    const { out } = await presync(['scan', CONTOSO, '--csv', sheet, ...judged]);
    const [, ldif = ''] = /^ {2}presync (ldif .*)$/m.exec(out) ?? [];
    expect(shellWords(ldif)).toEqual(['ldif', sheet, '--out', 'changes.ldif', ...judged]);
    expect(out).toContain(`presync review ${sheet} ${judged.join(' ')};`);
    expect(out).toContain(`ldaps://YOUR-DC --bind-dn YOU ${judged.join(' ')} --confirm\n`);
  });

  test('a row without a name makes no change record', async () => {
    const guid = '0f8fad5b-d9cb-469f-a165-70867728950e';
    const sheet = file(
      'nameless.csv',
      `OBJECTGUID,ATTRIBUTE,VALUE,UPDATE,ACTION\n${guid},mail,a,b,EDIT\n`,
    );
    const { code, out, err } = await presync(['ldif', ...BY_HAND, sheet]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      /^Row 2 refused: DISTINGUISHEDNAME is empty.*\n1 rows not as the scan proposed\n0 rows written/,
    );
  });

  test.each(cases)('%s', async (_name, args, word) => {
    const { code, out, err } = await presync(args());
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(word);
    expect(err).toMatch(TWO_LINES);
    expect(err).not.toMatch(/secret|at .*\.js:/);
  });

  test('nothing is left under the final name, nor beside it, when a scan fails', async () => {
    mkdirSync(path('out'));
    const bad = file('bad2.ldif', 'dn: CN=A,DC=c\nobjectClass: user\n\nbroken\n');
    const { code } = await presync([
      'scan',
      bad,
      '--csv',
      path('out/review.csv'),
      '--jsonl',
      path('out/x.jsonl'),
    ]);
    expect(code).toBe(2);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test('an old report stays until the new one is whole', async () => {
    const old = file('kept.csv', 'old');
    await presync(['scan', path('absent.ldif'), '--csv', old]);
    expect(readFileSync(old, 'utf8')).toBe('old');
  });

  test('a reader that goes away does not make a stack trace', async () => {
    const { err } = await presync(['scan', CONTOSO, '--jsonl', '-'], {
      started: (child) => child.stdout?.destroy(),
    });
    expect(err).not.toMatch(/EPIPE|unexpected|^ +at /m);
  });
});

test('Ctrl-C in the middle of a scan: what was found so far, marked incomplete, exit 3', async () => {
  mkdirSync(path('stopped'));
  const { code, out } = await presync(
    ['scan', '-', '--jsonl', '-', '--csv', path('stopped/a.csv')],
    {
      input: readFileSync(CONTOSO),
      keepOpen: true,
      started: async (child) => {
        while (readdirSync(path('stopped')).length === 0) await setTimeout(20);
        await setTimeout(200);
        child.kill('SIGINT');
      },
    },
  );
  expect(code).toBe(3);
  const summary = readRecords(out).at(-1);
  expect(summary).toMatchObject({
    type: 'summary',
    complete: false,
    gaps: ['standard input: interrupted'],
  });
  expect(readdirSync(path('stopped'))).toEqual(['a.csv']);
});

test('a password never reaches argv, reports or errors', async () => {
  const secret = file('secret', 'Tr0ub4dor&3');
  chmodSync(secret, 0o600);
  const { err, out } = await presync([
    'scan',
    'ldaps://127.0.0.1:1',
    '--bind-dn',
    'CN=x',
    '--password-file',
    secret,
  ]);
  expect(err + out).not.toContain('Tr0ub4dor');
});
