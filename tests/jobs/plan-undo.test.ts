import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { carryOutPlan } from '../../src/jobs/carry-out-plan.js';
import { planPutBack } from '../../src/jobs/plan-undo.js';
import { createEntry } from '../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
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
  const plan = { requests, refused: [], remarks: [] };
  const journal = path('run.jsonl');
  await carryOutPlan(run, plan, targetOver(memory), { ...options, journal });

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
