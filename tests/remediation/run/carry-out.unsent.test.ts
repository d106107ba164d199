import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import {
  type MemoryDirectory,
  memoryDirectory,
} from '../../../src/ldap/offline/memory-directory.js';
import {
  LogonError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../../src/ldap/protocol/result-codes.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { openJournal } from '../../../src/remediation/run/journal.js';
import { readJournal } from '../../../src/remediation/run/read-journal.js';
import { resilientWriter } from '../../../src/remediation/run/resilient-writer.js';
import { planUndo } from '../../../src/remediation/run/undo.js';
import { targetOver } from './target-over.js';

const folder = mkdtempSync(join(tmpdir(), 'presync-unsent-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const DN = 'CN=A,DC=contoso,DC=com';
const REF = { dn: DN, guid: undefined, kind: 'user' } as const;
const EDIT = {
  ...{ entry: REF, attribute: 'mail', before: ['a'], after: ['b'] },
};
const EDITS = [{ row: 2, id: 'a', edit: EDIT }];

/** Sends one change over a connection that does this with it, and cannot be made again. */
async function run(send: (memory: MemoryDirectory) => Promise<never>, again: Error) {
  const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
  let opened = 0;
  const open = async () => {
    opened += 1;
    if (opened > 1) throw again;
    return targetOver(memory, { modify: () => send(memory) });
  };
  const writer = await resilientWriter(open, { pauses: [1], sleep: async () => true });
  const path = join(folder, `${++files}.jsonl`);
  const header = { command: 'apply', target: 'memory' } as const;
  const journal = await openJournal(path, header, () => new Date(0));
  const requests = [{ ref: REF, edits: EDITS }];
  const { rows, stopped } = await carryOut(requests, writer, journal, { concurrency: 1 });
  await journal.close();
  const content = readJournal(readFileSync(path));
  const undo = await planUndo(content, memory, 1);
  const back = undo.requests.map(({ edits }) => edits.map(({ edit }) => edit.after));
  return { rows, stopped, states: content.requests.map(({ state }) => state), back };
}

const AGAIN = [
  ['the server stays away', new UnavailableError('no server', 'x', true)],
  ['the logon is refused', new LogonError('refused', 'x')],
] as const;

test.each(AGAIN)(
  'a change that never left has failed, and nothing is to be put back: %s',
  async (_, again) => {
    const lost = async () => {
      throw new UnavailableError('lost: nothing was sent', 'x', true);
    };
    const { rows, stopped, states, back } = await run(lost, again);
    expect(rows).toMatchObject([
      { state: 'failed', reason: expect.stringContaining('not sent: ') },
    ]);
    expect(stopped?.reason).toBe(again.message);
    expect([states, back]).toEqual([['failed'], []]);
  },
);

test.each(AGAIN)(
  'a change whose answer was lost is unknown, and undo puts it back: %s',
  async (_, again) => {
    const unanswered = async (memory: MemoryDirectory) => {
      await memory.modify(DN, [EDIT]);
      throw new UnknownOutcomeError('ldap://dc1', 'lost');
    };
    const { rows, stopped, states, back } = await run(unanswered, again);
    const reason = expect.stringContaining('never answered: The outcome of a change is unknown');
    expect(rows).toMatchObject([{ state: 'unknown', reason }]);
    expect(stopped?.cause).toBeInstanceOf(UnknownOutcomeError);
    expect([states, back]).toEqual([['unknown'], [[['a']]]]);
  },
);
