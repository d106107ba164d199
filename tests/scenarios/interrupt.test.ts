import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { BY_HAND, presync, readCells, readRecords, scratch, writeCells } from '../presync.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../servers/faulty.js';
import { BASE } from '../servers/faulty-entries.js';

const { path, remove } = scratch();
let server: FaultyServer | undefined;
afterEach(() => server?.stop());
afterAll(remove);

/** No domain controller: nothing is asked before the entries. */
const PLAIN = { supportedCapabilities: [] };
const FOREST = { configurationNamingContext: ['CN=Configuration,DC=contoso,DC=local'] };
const SCHEMA = { schemaNamingContext: ['CN=Schema,CN=Configuration,DC=contoso,DC=local'] };
const SUBSCHEMA = { ...PLAIN, subschemaSubentry: ['cn=Subschema'] };
const SAID =
  'Interrupted: what was found so far is reported. Ctrl-C again ends at once, without a report.\n';
const faultyPeople = () => ({ displayName: ['  '] });

/** The server answers nothing more: without an end of its own, presync would wait for two minutes. */
const CASES: readonly (readonly [name: string, behaviour: Behaviour, entries: number])[] = [
  ['waits for the rest of a page', { entries: 15, hangAfter: 13, rootDse: PLAIN }, 10],
  ['waits before it connects again', { entries: 15, dropAfter: 13, rootDse: PLAIN }, 13],
  ['counts members, with the forest still to be asked', { hangAfter: 0, rootDse: FOREST }, 0],
  ['waits for the schema of the forest', { hangAfter: 0, rootDse: SCHEMA }, 0],
  ['waits for another schema', { silentAt: 'cn=Subschema', rootDse: SUBSCHEMA }, 0],
];

/** Ctrl-C once the server has struck. */
function interruptAt({ struck }: FaultyServer) {
  return async (child: ChildProcess) => {
    await struck;
    // What the server did has to reach presync.
    await setTimeout(300);
    child.kill('SIGINT');
  };
}

test.each(CASES)('Ctrl-C while presync %s', async (_, behaviour, entries) => {
  const folder = `run${readdirSync(path('')).length}`;
  const running = await startFaultyServer({ ...behaviour, attributes: faultyPeople });
  server = running;
  const report = path(`${folder}.jsonl`);
  const args = ['scan', running.url, '--page-size', '10', '--jsonl', report];
  const { code, err } = await presync(args, { started: interruptAt(running) });
  expect([code, err.replace(/^.*; going on in 0.5 s\.\n/, '')]).toEqual([3, SAID]);
  const records = readRecords(readFileSync(report, 'utf8'));
  const gaps = [expect.stringContaining(': interrupted')];
  expect(records.at(-1)).toMatchObject({ type: 'summary', complete: false, gaps, entries });
  expect(records.filter(({ type }) => type === 'finding')).toHaveLength(entries);
});

test('Ctrl-C while the rows of a sheet are compared', async () => {
  const DISTINGUISHEDNAME = `CN=user0001,OU=People,${BASE}`;
  const running = await startFaultyServer({ silentAt: DISTINGUISHEDNAME });
  server = running;
  const sheet = path('compared.csv');
  const row = { DISTINGUISHEDNAME, ATTRIBUTE: 'mail', VALUE: 'a', UPDATE: 'b', ACTION: 'EDIT' };
  writeCells(sheet, [{ ...row, ID: 'x' }]);
  const { code, out, err } = await presync(['apply', ...BY_HAND, sheet, running.url], {
    started: interruptAt(running),
  });
  expect([code, out]).toEqual([3, '']);
  expect(err).toBe('presync: Interrupted\n  Start the command again to go on.\n');
});

test('a source that fails ends the scan, though another one would take long', async () => {
  const running = await startFaultyServer({ entries: 200, pauseMs: 20 });
  server = running;
  const broken = path('broken.ldif');
  writeFileSync(broken, 'version: 1\n\ndn: CN=a,DC=x\nobjectClass user\n');
  const { code, err } = await presync(['scan', '--page-size', '10', broken, running.url]);
  expect([code, err]).toEqual([2, expect.stringContaining('neither an attribute')]);
  expect(err).not.toContain('going on');
  expect(running.requests.filter(({ op }) => op === 'bind')).toEqual([]);
  expect(running.requests.filter(({ cookie }) => cookie !== undefined).length).toBeLessThan(10);
});

/** A person of an LDIF file; one with a fault has a space before the mail, which is safe to repair. */
function person(n: number, isFaulty: boolean): string {
  const [login, space] = [`user${n}`, isFaulty ? ' ' : ''];
  return `dn: CN=${login},DC=contoso,DC=com\nobjectClass: user\ndisplayName: ${login}\nsAMAccountName: ${login}\nuserPrincipalName: ${login}@contoso.com\nmail:: ${btoa(`${space}${login}@contoso.com`)}\n\n`;
}

test('Ctrl-C while a file is read: in every report what was found, and that it is not all', async () => {
  // A file without end, so that it is never too late: one person in a hundred has a fault.
  const file = path('endless.ldif');
  execFileSync('mkfifo', [file]);
  const folder = path('endless');
  const reports = ['csv', 'jsonl', 'ldif', 'html', 'junit'];
  mkdirSync(folder);
  let [fed, atOnce] = [0, 0];
  const feed = async (child: ChildProcess) => {
    const pipe = createWriteStream(file);
    pipe.on('error', () => {});
    child.once('close', () => pipe.destroy());
    for (; child.exitCode === null && !pipe.destroyed; fed += 1000) {
      const some = Array.from({ length: 1000 }, (_, at) => person(fed + at, at % 100 === 0));
      if (!pipe.write(some.join(''))) await once(pipe, 'drain').catch(() => {});
      if (fed < 20_000 || atOnce > 0) continue;
      atOnce = fed;
      child.kill('SIGINT');
    }
  };
  const { code, out, err } = await presync(
    [
      'scan',
      file,
      '--simulate',
      ...reports.flatMap((format) => [`--${format}`, `${folder}/${format}`]),
    ],
    { started: feed },
  );
  expect([code, err]).toEqual([3, SAID]);
  expect(out).toMatch(
    /INCOMPLETE: this scan did not see everything\.\n.*endless\.ldif: interrupted/,
  );
  expect(out).not.toContain('Simulation');
  // However slow the machine is: not so much is read after it as before.
  expect(atOnce).toBeGreaterThan(0);
  expect(fed).toBeLessThan(2 * atOnce);

  expect(readdirSync(folder).sort()).toEqual(reports.toSorted());
  const textOf = (format: string) => readFileSync(`${folder}/${format}`, 'utf8');
  const records = readRecords(textOf('jsonl'));
  const gaps = [expect.stringContaining('interrupted')];
  expect(records.at(-1)).toMatchObject({ type: 'summary', complete: false, gaps });
  expect(records.filter(({ type }) => type === 'finding').length).toBeGreaterThan(100);
  const rows = readCells(`${folder}/csv`);
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter(({ ID }) => !ID?.endsWith('-incomplete'))).toEqual([]);
  expect(textOf('ldif')).toMatch(/^# INCOMPLETE: .*\ndn: CN=user/);
  expect(textOf('html')).toContain('<title>presync report: INCOMPLETE SCAN');
  expect(textOf('junit')).toMatch(/saw everything" time="0"><error message="The scan did not see/);
}, 120_000);

/** Runs a scan of as many findings as no pipe holds, and waits until it is writing them to a reader that takes none. */
async function writingScan() {
  const file = path('many.ldif');
  const report = path('many.csv');
  const people = Array.from({ length: 3000 }, (_, n) => person(n, true));
  writeFileSync(file, people.join(''));
  const args = [
    resolve('dist/cli.js'),
    'scan',
    file,
    '--jsonl',
    '-',
    '--csv',
    report,
    '--fail-on=info',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  await once(child.stdout, 'readable');
  child.kill('SIGINT');
  while (!err.includes(SAID)) await setTimeout(20);
  return { child, closed, report, said: () => err };
}

test('Ctrl-C while the reports are written: they are whole, since all was read', async () => {
  const { child, closed, report, said } = await writingScan();
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  expect(await closed).toEqual([1, null]);
  const summary = { type: 'summary', complete: true, entries: 3000 };
  expect(readRecords(out).at(-1)).toMatchObject(summary);
  expect(readCells(report)).toHaveLength(3000);
  expect(said()).toMatch(/^Interrupted[\s\S]*3,000 entries read/);
});

test('Ctrl-C once more: an end at once, without a report', async () => {
  const { child, closed, report } = await writingScan();
  rmSync(report, { force: true });
  child.kill('SIGINT');
  expect(await closed).toEqual([null, 'SIGINT']);
  expect(existsSync(report)).toBe(false);
});
