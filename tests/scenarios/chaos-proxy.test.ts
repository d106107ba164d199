import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ExpectedError } from '../../src/errors.js';
import { directoryWriter } from '../../src/ldap/directory/writer.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import type { ApprovedEdit, Edit } from '../../src/model/change.js';
import type { Value } from '../../src/model/entry.js';
import { carryOut, type RowOutcome } from '../../src/remediation/run/carry-out.js';
import { openJournal } from '../../src/remediation/run/journal.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import type { PlannedRequest } from '../../src/remediation/run/requests.js';
import { resilientWriter, type Target } from '../../src/remediation/run/resilient-writer.js';
import { planResume } from '../../src/remediation/run/resume.js';
import { planUndo } from '../../src/remediation/run/undo.js';
import { scratch } from '../presync.js';
import { seeded } from '../random.js';
import { describeServer } from '../servers/available.js';
import { type Chaos, type Faults, startChaos } from '../servers/chaos.js';
import { type Stage, startStage } from '../servers/stage.js';
import {
  addPeople,
  afterChanges,
  makePerson,
  type Person,
  readState,
  type State,
} from './people.js';

/** Seeds tried; PRESYNC_POINTS=200 for a long night. */
const SEEDS = Number(process.env['PRESYNC_POINTS'] ?? 12);
const PEOPLE = 24;
/** How often a person starts again: in the worst weather nine starts of ten do not even get to read the directory. */
const ROUNDS = 400;
const CONCURRENCY = 4;
/** Longer than some of the delays, shorter than others: those answers come when nobody waits for them. */
const TIMEOUT_MS = 150;

const FAULTS: readonly Faults[] = [
  { cut: 0.05, silence: 0, delay: 0, delayMs: 10 },
  { cut: 0.02, silence: 0.02, delay: 0.1, delayMs: 50 },
  { cut: 0.01, silence: 0.01, delay: 0.1, delayMs: 400 },
  { cut: 0.15, silence: 0.02, delay: 0.05, delayMs: 20 },
];

describeServer('slapd', 'a network that cuts, delays and truncates', () => {
  const { path, remove } = scratch();
  let stage: Stage;
  let ou = '';
  let people: readonly Person[] = [];
  let before: State;
  let files = 0;
  const tally = new Map<string, number>();
  const count = (what: string, times = 1) => tally.set(what, (tally.get(what) ?? 0) + times);

  beforeAll(async () => {
    stage = await startStage('slapd');
    ou = `ou=people,${stage.baseDn}`;
    people = Array.from({ length: PEOPLE }, (_, n) => makePerson(n, ou));
    await addPeople(stage, ou, people);
    before = await readState(stage, ou);
  }, 60_000);
  afterAll(async () => {
    await stage?.stop();
    remove();
  });

  /** A target as commands/connect/target.ts makes it, with less patience. */
  const openTarget = (url: string): Promise<Target> =>
    resilientWriter(
      async () => {
        const { bindDn, password } = stage;
        const login = { bindDn, password, allowPlaintext: true, startTls: false, insecure: false };
        const connection = await connect({ url, ...login, timeoutMs: TIMEOUT_MS });
        const close = () => connection.close();
        return {
          ...directoryWriter(connection),
          count: async () => PEOPLE,
          find: async () => [],
          close,
        };
      },
      { pauses: [2, 4, 8], sleep: (ms) => setTimeout(ms, true) },
    );

  /** Plans and carries out once; no results where the directory could not even be read. */
  const runOnce = async (
    chaos: Chaos,
    command: 'apply' | 'undo',
    plan: (session: Target) => Promise<readonly PlannedRequest[]>,
  ) => {
    let session: Target | undefined;
    try {
      session = await openTarget(chaos.url);
      const requests = await plan(session);
      const file = path(`${++files}.jsonl`);
      const journal = await openJournal(file, { command, target: chaos.url }, () => new Date());
      const results = await carryOut(requests, session, journal, { concurrency: CONCURRENCY });
      await journal.close();
      return { file, results };
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      count('runs that could not start');
      return undefined;
    } finally {
      await session?.close();
      await chaos.settle();
    }
  };

  const approved = () =>
    people
      .flatMap(({ dn, changes }) => changes.map((change) => ({ dn, ...change })))
      .map(({ dn, attribute, value, update }, index): ApprovedEdit => {
        const values = (text: string | undefined) => (text === undefined ? [] : [text]);
        const entry = { dn, guid: undefined, kind: 'user' } as const;
        const edit = { entry, attribute, before: values(value), after: values(update) };
        return { row: index + 2, id: `row-${index + 2}`, edit };
      });

  /** What was reported is what the directory holds, whether or not the run came to its end. */
  const expectTruth = (rows: readonly RowOutcome[], now: State) => {
    for (const { edit, state, row, reason } of rows) {
      count(`rows ${state}`);
      if (reason.startsWith('found so')) count('rows found applied');
      const held = now.get(edit.entry.dn.toLowerCase())?.[edit.attribute] ?? [];
      const told = { row, state, reason, held, phase: phaseOf(edit, held) };
      const phases = state === 'applied' ? ['after'] : ['before'];
      if (state === 'unknown') phases.push('after');
      expect(state).not.toBe('stale');
      expect(phases.map((phase) => ({ ...told, phase }))).toContainEqual(told);
    }
  };

  const applyAll = async (chaos: Chaos): Promise<readonly string[]> => {
    const journals: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const run = await runOnce(chaos, 'apply', async (session) => {
        const past = journals.map((file) => readJournal(readFileSync(file)));
        const resumed = await planResume(past, approved(), session, CONCURRENCY);
        const prepared = await prepare(resumed.rest, session, CONCURRENCY);
        expect([...resumed.refused, ...prepared.refused]).toEqual([]);
        return [...resumed.found, ...prepared.requests];
      });
      const now = await readState(stage, ou);
      if (!run) continue;
      journals.push(run.file);
      count('runs');
      expectTruth(run.results.rows, now);
      if (run.results.stopped) count('runs that stopped early');
      if (run.results.counts.applied === run.results.rows.length) return journals;
    }
    throw new Error('never came to an end');
  };

  const undoAll = async (chaos: Chaos, journals: readonly string[]) => {
    for (const file of journals.toReversed()) {
      for (let round = 0; ; round += 1) {
        if (round > ROUNDS) throw new Error('never came to an end');
        const run = await runOnce(chaos, 'undo', async (session) => {
          const content = readJournal(readFileSync(file));
          const plan = await planUndo(content, session, CONCURRENCY);
          expect(plan.refused).toEqual([]);
          return plan.requests;
        });
        if (!run) continue;
        expectTruth(run.results.rows, await readState(stage, ou));
        if (!run.results.stopped && run.results.counts.applied === run.results.rows.length) break;
      }
    }
  };

  test(
    `${SEEDS} seeds: nothing lost, nothing doubled, nothing reported that is not so`,
    async () => {
      const after = afterChanges(before, people);
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const faults = FAULTS[seed % FAULTS.length] as Faults;
        const chaos = await startChaos(stage.target, faults, seeded(seed));
        try {
          const journals = await applyAll(chaos);
          expect(await readState(stage, ou)).toEqual(after);
          await undoAll(chaos, journals);
          expect(await readState(stage, ou)).toEqual(before);
        } catch (error) {
          throw new Error(`Seed ${seed}`, { cause: error });
        } finally {
          await chaos.stop();
          for (const [what, times] of Object.entries(chaos.counts)) count(`proxy: ${what}`, times);
        }
      }
      const lines = [...tally].sort().map(([what, times]) => `\n  ${times} x ${what}`);
      process.stderr.write(`CHAOS: ${SEEDS} seeds tried${lines.join('')}\n`);
      expect(tally.get('rows found applied')).toBeGreaterThan(0);
    },
    60_000 + SEEDS * 10_000,
  );
});

/** Whether values are as an edit found them, as it left them, or neither; by the test's own reckoning. */
function phaseOf({ before, after }: Edit, held: readonly string[]): string {
  const holds = (value: Value) => held.includes(String(value));
  const removed = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  if (added.every(holds) && !removed.some(holds)) return 'after';
  return removed.every(holds) && !added.some(holds) ? 'before' : 'neither';
}
