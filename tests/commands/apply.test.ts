import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { BY_HAND, presync, scratch, shellWords, writeCells } from '../presync.js';
import { type Behaviour, startFaultyServer } from '../servers/faulty.js';

const { path, remove } = scratch();
afterAll(remove);

/** The commands that a run prints behind these words. */
const printed = (out: string, words: string) =>
  [...out.matchAll(new RegExp(`^${words}: presync (.*)$`, 'gm'))].map(([, line = '']) =>
    shellWords(line),
  );

test('a run that stopped twice is gone on with as it was begun, and taken back from its last journal to its first', async () => {
  let [sent, refused] = [0, true];
  const modify: Behaviour['modify'] = {
    // In each run one entry is changed, and the next one is refused.
    get code() {
      sent += 1;
      return refused && sent % 2 === 0 ? 50 : 0;
    },
  };
  const server = await startFaultyServer({ entries: 5, modify });
  try {
    writeCells(
      path('sheet.csv'),
      [0, 1, 2, 3, 4].map((n) => ({
        ...{ DISTINGUISHEDNAME: `CN=user000${n},OU=People,${server.baseDn}`, OBJECTCLASS: 'user' },
        ...{ ATTRIBUTE: 'mail', VALUE: `user000${n}@contoso.com`, UPDATE: `u${n}@contoso.com` },
        ...{ ACTION: 'EDIT', ID: `x${n}-incomplete`, RULES: 'unroutable-domain' },
      })),
    );
    const given = [
      ...['--from-incomplete', ...BY_HAND, '--limit', '5', '--max-changes', '7'],
      ...['--max-failures', '1', '--concurrency', '1'],
    ];
    const first = ['apply', path('sheet.csv'), server.url, ...given, '--confirm'];
    const journals = ['one', 'two', 'three'].map((name) => path(`${name}.jsonl`));
    let next: readonly string[] = first;
    const outs: string[] = [];
    for (const [at, journal] of journals.entries()) {
      refused = at < 2;
      sent = 0;
      const { code, out } = await presync([...next, '--journal', journal]);
      expect(code).toBe(refused ? 3 : 0);
      outs.push(out);
      const [goOn = []] = printed(out, 'To go on');
      if (refused) {
        // As it was begun, for the same rows and within the same limits; and with nothing beside.
        expect(new Set(goOn)).toEqual(new Set([...first, '--resume', journal]));
        expect(goOn).toHaveLength(first.length + 2);
      } else expect(goOn).toEqual([]);
      next = goOn;
    }
    expect(journals.map((journal) => readJournal(readFileSync(journal)).header.resumes)).toEqual([
      ...[undefined, journals[0], journals[1]],
    ]);
    const back = outs.map((out) => printed(out, 'To put everything back'));
    expect(back.map((lines) => lines.map(([command, journal]) => [command, journal]))).toEqual(
      [1, 2, 3].map((runs) =>
        journals
          .slice(0, runs)
          .toReversed()
          .map((journal) => ['undo', journal]),
      ),
    );
    for (const [at, line] of (back[2] ?? []).entries()) {
      expect(line).not.toContain('--confirm');
      expect(line).toEqual(expect.arrayContaining(['--max-changes', '7']));
      const undone = await presync([...line, '--confirm', '--journal', path(`undo-${at}.jsonl`)]);
      expect(undone.code).toBe(0);
    }
    expect([0, 1, 2, 3, 4].map((n) => server.values(n, 'mail'))).toEqual(
      [0, 1, 2, 3, 4].map((n) => [`user000${n}@contoso.com`]),
    );
  } finally {
    await server.stop();
  }
}, 60_000);
