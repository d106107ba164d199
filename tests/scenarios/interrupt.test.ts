import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { presync, readRecords, scratch } from '../presync.js';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../servers/faulty.js';

const { path, remove } = scratch();
let server: FaultyServer | undefined;
afterEach(() => server?.stop());
afterAll(remove);

/** No domain controller: nothing is asked before the entries. */
const PLAIN = { supportedCapabilities: [] };
const FOREST = { configurationNamingContext: ['CN=Configuration,DC=contoso,DC=local'] };
const SCHEMA = { schemaNamingContext: ['CN=Schema,CN=Configuration,DC=contoso,DC=local'] };
const SUBSCHEMA = { ...PLAIN, subschemaSubentry: ['cn=Subschema'] };
const faultyPeople = () => ({ displayName: ['  '] });

/** The server answers nothing more: without an end of its own, presync would wait for two minutes. */
const CASES: readonly (readonly [name: string, behaviour: Behaviour, entries: number])[] = [
  ['waits for the rest of a page', { entries: 15, hangAfter: 13, rootDse: PLAIN }, 10],
  ['waits before it connects again', { entries: 15, dropAfter: 13, rootDse: PLAIN }, 13],
  ['counts members, with the forest still to be asked', { hangAfter: 0, rootDse: FOREST }, 0],
  ['waits for the schema of the forest', { hangAfter: 0, rootDse: SCHEMA }, 0],
  ['waits for another schema', { silentAt: 'cn=Subschema', rootDse: SUBSCHEMA }, 0],
];

test.each(CASES)('Ctrl-C while presync %s', async (_, behaviour, entries) => {
  const folder = `run${readdirSync(path('')).length}`;
  const running = await startFaultyServer({ ...behaviour, attributes: faultyPeople });
  server = running;
  const interrupt = async (child: ChildProcess) => {
    await running.struck;
    // What the server did has to reach presync.
    await setTimeout(300);
    child.kill('SIGINT');
  };
  const report = path(`${folder}.jsonl`);
  const args = ['scan', running.url, '--page-size', '10', '--jsonl', report];
  const { code, err } = await presync(args, { started: interrupt });
  expect([code, err]).toEqual([3, '']);
  const records = readRecords(readFileSync(report, 'utf8'));
  const gaps = [expect.stringContaining(': interrupted')];
  expect(records.at(-1)).toMatchObject({ type: 'summary', complete: false, gaps, entries });
  expect(records.filter(({ type }) => type === 'finding')).toHaveLength(entries);
});
