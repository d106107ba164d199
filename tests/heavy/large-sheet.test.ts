import { spawn } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openResult } from '../../src/commands/result-file.js';
import { sheetHeader, sheetLines } from '../../src/export/sheet/csv.js';
import { planApply } from '../../src/jobs/plan-apply.js';
import { decisionsIn, openSheet } from '../../src/jobs/sheet-decisions.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { SheetRow } from '../../src/model/change.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { scratch } from '../presync.js';
import { sealed } from '../sealed.js';

const MB = 2 ** 20;
/** Well beyond what presync keeps of a sheet in memory. */
const SIZE = 208 * MB;
/** Of the process that reads it. */
const HEAP_MB = 128;
const TIMEOUT = 1_800_000;
const { path, remove } = scratch();
const MEASURE = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));
`;
let users = 0;

const dn = (n: number) => `CN=User ${n},OU=Staff,DC=emea,DC=contoso,DC=local`;
/** Somebody far away, on whom nobody decided. */
const other = (n: number) => (n < 20_000 ? n + 7 : n - 19_993);

/** The row of a user: one in a hundred is accepted, one in ten of these with another value than the scan proposed. */
function sheetRow(n: number): SheetRow {
  const scanned = sealed({
    ...{ dn: dn(n), commonName: `User ${n}`, objectClass: 'user', guid: undefined },
    ...{ attribute: 'userPrincipalName', value: `user${n}@contoso.local` },
    ...{ update: `user${n}@contoso.com`, proposedAction: 'EDIT', errors: 'TopLevelDomain' },
    ...{ severity: 'error', safety: 'review', rules: 'unroutable-domain', related: '' },
    ...{ action: n % 100 === 0 ? 'EDIT' : '', id: '', seal: '' },
    message: `contoso.local is no domain of the internet. ${'The cloud takes its own instead. '.repeat(80)}`,
  });
  return n % 1000 === 0 ? { ...scanned, update: typed(n) } : scanned;
}

/** A value that nobody has, one that was proposed to another one, or one that another one holds. */
function typed(n: number): string {
  if (n % 2000 !== 0) return `typed${n}@contoso.com`;
  return n % 4000 === 0 ? `user${other(n)}@contoso.com` : `user${other(n)}@contoso.local`;
}

const isRefused = (n: number) => n % 2000 === 0;

/** What a run of all rows comes to. */
function expected() {
  const decided = Array.from({ length: Math.ceil(users / 100) }, (_, at) => at * 100);
  const refused = decided.filter(isRefused).length;
  return { decided, refused, written: decided.length - refused, left: users - decided.length };
}

beforeAll(() => {
  const file = openSync(path('sheet.csv'), 'w');
  const some = function* () {
    for (const end = users + 2000; users < end; users += 1) yield sheetRow(users);
  };
  for (let size = writeSync(file, sheetHeader()); size < SIZE; )
    size += writeSync(file, [...sheetLines(some())].join(''));
  closeSync(file);
  writeFileSync(path('measure.mjs'), MEASURE);
}, TIMEOUT);
afterAll(remove);

test(
  'T23: presync ldif reads a sheet of 208 MB in less memory than it has bytes',
  async () => {
    const node = [`--max-old-space-size=${HEAP_MB}`, '--import', path('measure.mjs')];
    const args = ['ldif', path('sheet.csv'), '--out', path('changes.ldif')];
    const child = spawn(process.execPath, [...node, resolve('dist/cli.js'), ...args], {
      env: { PATH: process.env['PATH'], PEAK_FILE: path('peak') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const told: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => told.push(chunk));
    const code = await new Promise((done) => child.once('close', done));
    const err = Buffer.concat(told).toString();
    const { refused, written, left } = expected();
    expect([code, err.trimEnd().split('\n').at(-1)]).toEqual([
      3,
      `${written} rows written, ${left} left alone, ${refused} refused`,
    ]);
    expect(readFileSync(path('changes.ldif'), 'utf8').split('changetype: modify')).toHaveLength(
      written + 1,
    );
    expect(err.match(/is (what the scan proposed|proposed) for CN=User/g)).toHaveLength(
      Math.ceil(refused / 2),
    );
    expect(err.match(/is held by CN=User/g)).toHaveLength(Math.floor(refused / 2));
    const peak = Number(readFileSync(path('peak'), 'utf8')) / 1024;
    process.stderr.write(
      `a sheet of ${SIZE / MB} MB, ${users} rows: peak ${Math.round(peak)} MB\n`,
    );
    expect((peak * MB) / SIZE).toBeLessThan(0.75);
  },
  TIMEOUT,
);

test(
  'T23: apply plans it and writes its results, and keeps the decided rows alone',
  async () => {
    const { decided, refused, written, left } = expected();
    const before = process.memoryUsage.rss();
    let peak = 0;
    const looking = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 100);
    const sheet = await openSheet(path('sheet.csv'));
    const decisions = await decisionsIn(sheet, { acceptForeign: false });
    expect([decisions.rows.size, decisions.left]).toEqual([decided.length, left]);
    const memory = memoryDirectory(
      decided.map((n) =>
        createEntry(dn(n), [
          ['objectClass', ['user']],
          ['userPrincipalName', [`user${n}@contoso.local`]],
        ]),
      ),
    );
    const target = {
      ...memory,
      count: async () => users,
      find: async () => [],
      close: async () => {},
    };
    const judgement = {
      settings: settingsFrom(),
      sheet,
      rows: decisions.rows,
      insists: () => false,
    };
    const plan = await planApply({ decisions, flags: {}, journals: [], judgement }, target);
    expect([plan.requests.length, plan.refused.length]).toEqual([written, refused]);
    const io = { out: async () => {} } as unknown as Parameters<typeof openResult>[3];
    const needed = { sheet: path('sheet.csv'), journals: [] };
    const result = await openResult(path('result.csv'), needed, sheet, io);
    const edits = plan.requests.flatMap((request) => request.edits);
    await result.write(
      edits.map((edit) => ({ ...edit, state: 'applied' as const, reason: '' })),
      plan.refused,
      [],
    );
    clearInterval(looking);
    expect((peak - before) / SIZE).toBeLessThan(1);
    const actions = new Map<string, number>();
    for await (const line of createInterface(createReadStream(path('result.csv')))) {
      const action = /,EDIT,(\w*),error,/.exec(line)?.[1] ?? 'none';
      actions.set(action, (actions.get(action) ?? 0) + 1);
    }
    expect(Object.fromEntries(actions)).toEqual({
      none: 1,
      '': left,
      COMPLETE: written,
      FAIL: refused,
    });
  },
  TIMEOUT,
);
