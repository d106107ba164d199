import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { carryOutPlan } from '../../src/jobs/carry-out-plan.js';
import { planPutBack } from '../../src/jobs/plan-undo.js';
import { createEntry, identifiedAs } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { EntryRef } from '../../src/model/entry.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import {
  type JournalContent,
  type JournalRequest,
  readJournal,
} from '../../src/remediation/run/read-journal.js';
import { scratch } from '../presync.js';
import { targetOver } from '../remediation/run/target-over.js';

const { path, remove } = scratch();
afterAll(remove);

const CUT = 'a journal without its last line: the run was killed or lines are missing';
const dnOf = (cn: string) => `CN=${cn},DC=contoso,DC=com`;

test('an undo says where it cannot know whether the journal tells of everything', async () => {
  const people = ['ann', 'bob'];
  const memory = memoryDirectory(
    people.map((cn) => createEntry(dnOf(cn), [['mail', [`${cn}@contoso.local`]]])),
  );
  const edits = people.map((cn, at) => ({
    ...{ row: at + 2, id: cn },
    edit: {
      entry: { dn: dnOf(cn), guid: undefined, kind: 'user' as const },
      ...{ attribute: 'mail', before: [`${cn}@contoso.local`], after: [`${cn}@contoso.com`] },
    },
  }));
  const { requests } = await prepare(edits, memory, 1);
  const run = { command: 'apply' } as const;
  const options = { concurrency: 1, now: () => new Date(0), onJournal: () => {} };
  const journal = path('run.jsonl');
  await carryOutPlan(run, { requests }, targetOver(memory), { ...options, journal });

  const undo = async (text: string, terms = {}) => {
    const { requests, remarks, refused } = await planPutBack(readJournal(text, terms), memory);
    return { entries: requests.length, remarks, refused: refused.length };
  };
  const text = readFileSync(journal, 'utf8');
  const lines = text.match(/.*\n/g) ?? [];
  const ready = '0 rows already as they were';
  expect(await undo(text)).toEqual({ entries: 2, remarks: [ready], refused: 0 });
  // Whole lines are gone, or part of one.
  const half = lines
    .slice(
      0,
      lines.findIndex((line) => line.includes(dnOf('bob'))),
    )
    .join('');
  for (const cut of [half, text.slice(0, half.length + 20)])
    expect(await undo(cut)).toEqual({ entries: 1, remarks: [ready, CUT], refused: 0 });
  // What is refused, or of an earlier version, is told in words of its own.
  const broken = { untilBreak: true };
  const changed = text.replace('bob@contoso.com', 'rob@contoso.com');
  expect(await undo(changed, broken)).toEqual({ entries: 1, remarks: [ready], refused: 1 });
  const old = half.replaceAll(/,"hash":"[^"]*"/g, '').replace('"version":2', '"version":1');
  expect((await undo(old)).remarks).toEqual([ready, expect.stringContaining('earlier version')]);
});

const here = (name: string) => `CN=${name},DC=contoso,DC=com`;
const away = (name: string) => `CN=${name},DC=eu,DC=contoso,DC=com`;
const MOVED = '00000000-0000-0000-0000-000000000001';

const refs: readonly Pick<EntryRef, 'dn' | 'guid'>[] = [
  { dn: here('A'), guid: undefined },
  { dn: away('B'), guid: undefined },
  { dn: away('C'), guid: MOVED },
  { dn: away('D'), guid: '00000000-0000-0000-0000-000000000002' },
];

const requestOf = (at: number, state: JournalRequest['state'] = 'applied'): JournalRequest => {
  const entry = { ...(refs[at] as (typeof refs)[number]), kind: 'user' } as const;
  const edit = { entry, attribute: 'mail', before: ['old'], after: ['new'] };
  return { request: at + 1, edits: [{ row: at + 2, id: `id${at}`, edit }], state, reason: '' };
};

const journalOf = (requests: readonly JournalRequest[], brokenAt?: number): JournalContent => ({
  header: { command: 'apply', target: 'ldap://dc1:389', started: 'x', version: 2 },
  ...{ isChained: true, isEnded: true, brokenAt, requests },
});

/** Holds A, and C that came from another domain. */
function directory() {
  const entry = (dn: string) => createEntry(dn, [['mail', ['new']]]);
  const memory = memoryDirectory([
    entry(here('A')),
    identifiedAs(entry(here('C')), { guid: MOVED }),
  ]);
  const elsewhere = async (dn: string) => (dn.includes('DC=eu') ? 'eu.contoso.com' : undefined);
  return { ...memory, elsewhere };
}

describe('T2: an undo', () => {
  test('leaves what is for another server, but not what was moved here', async () => {
    const requests = refs.map((_, at) => requestOf(at));
    const plan = await planPutBack(journalOf(requests), directory());
    expect(plan.requests.map(({ ref }) => ref.dn)).toEqual([here('C'), here('A')]);
    expect(plan.refused).toEqual([]);
    expect(plan.elsewhere).toEqual({ rows: new Map([['eu.contoso.com', 2]]), isAll: false });
  });

  test('counts what was asked for and carried out', async () => {
    const requests = [requestOf(1), requestOf(3, 'stale'), requestOf(3, 'failed')];
    const plan = await planPutBack(journalOf(requests), directory());
    expect(plan.elsewhere).toEqual({ rows: new Map([['eu.contoso.com', 1]]), isAll: true });
    const none = await planPutBack(journalOf(requests), directory(), new Set(['id3']));
    expect(none.elsewhere).toEqual({ rows: new Map(), isAll: false });
  });

  test('still says that a journal was not read to its end', async () => {
    const plan = await planPutBack(journalOf([requestOf(1)], 3), directory());
    expect(plan.refused).toHaveLength(1);
    expect(plan.elsewhere.isAll).toBe(false);
  });
});
