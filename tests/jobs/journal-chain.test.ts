import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { readJournals } from '../../src/jobs/journal-chain.js';
import { openJournal } from '../../src/remediation/run/journal.js';
import { scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

/** Leaves a journal that goes on from another one. */
async function journal(name: string, resumes?: string): Promise<string> {
  const header = { command: 'apply', target: 'ldap://dc', resumes } as const;
  const file = await openJournal(path(name), header, () => new Date(0));
  await file.close();
  return path(name);
}

test('journals come the oldest first, and one that was moved is found beside the other', async () => {
  const first = await journal('first');
  const second = await journal('second', '/gone/first');
  const third = await journal('third', second);
  expect((await readJournals(third)).map((one) => one.path)).toEqual([first, second, third]);
});

test('what a journal names is opened only if it is a file', async () => {
  mkdirSync(path('folder'));
  execFileSync('mkfifo', [path('pipe')]);
  const named = ['/dev/zero', path('pipe'), path('folder'), path('absent')];
  for (const [at, resumes] of named.entries()) {
    const own = await journal(`own-${at}`, resumes);
    await expect(readJournals(own)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `${own} goes on from the journal ${resumes}, which is not there.`,
    });
  }
  writeFileSync(path('no-journal'), '{}\n');
  const own = await journal('own', path('no-journal'));
  await expect(readJournals(own)).rejects.toThrow('no presync journal');
});
