import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { BY_HAND, presync, type Run, type RunOptions, writeCells } from '../presync.js';
import { seeded } from '../random.js';
import { describeServer } from '../servers/available.js';
import { type Hold, startGate } from '../servers/gate.js';
import type { StageName } from '../servers/stage.js';
import { useStage } from '../servers/use-stage.js';
import { addPeople, afterChanges, makePerson, readState, rowsFor, type State } from './people.js';

/** Points tried on each server; PRESYNC_POINTS=200 for a long night. */
const POINTS = Number(process.env['PRESYNC_POINTS'] ?? 24);
const PEOPLE = 12;
/** Points under way at once, each on people of its own. */
const LANES = 2;
const CRASH = pathToFileURL(resolve('tests/servers/crash.mjs')).href;

/** What a killed run may leave of a request: its state on record, and whether the directory has it. */
type Leaves = 'intended, not there' | 'intended, there' | 'applied, there';

/** Where a run is killed: at the n-th write or request of that kind, or at any moment at all. */
type Moment =
  | { readonly at: 'journal'; readonly write: string; readonly leaves?: Leaves }
  | { readonly at: 'wire'; readonly hold: Hold; readonly late?: boolean; readonly leaves: Leaves }
  | { readonly at: 'random'; readonly from: 'start' | 'journal' };

const MOMENTS: readonly Moment[] = [
  // Between intended and request.
  { at: 'journal', write: 'after:edit', leaves: 'intended, not there' },
  { at: 'wire', hold: 'request', leaves: 'intended, not there' },
  { at: 'random', from: 'journal' },
  // During the request; the second time the rest of it arrives when presync is long dead.
  { at: 'wire', hold: 'half request', leaves: 'intended, not there' },
  { at: 'wire', hold: 'half request', late: true, leaves: 'intended, there' },
  { at: 'random', from: 'journal' },
  // Between request and outcome.
  { at: 'wire', hold: 'answer', leaves: 'intended, there' },
  { at: 'journal', write: 'before:outcome', leaves: 'intended, there' },
  { at: 'journal', write: 'torn:outcome', leaves: 'intended, there' },
  { at: 'random', from: 'start' },
  // In the middle of the lines that say what is intended, and after the outcome.
  { at: 'journal', write: 'torn:edit' },
  { at: 'journal', write: 'after:outcome', leaves: 'applied, there' },
];

/** What is done about it. */
const WAYS = ['resume, undo', 'undo', 'resume killed, resume, undo', 'undo killed, undo'] as const;

/** A unit of people with their sheet, and what they hold before and after it. */
interface Lane {
  readonly ou: string;
  readonly sheet: string;
  readonly before: State;
  readonly after: State;
}

describe.each<StageName>(['slapd', 'samba'])('%s', (name) => {
  describeServer(name, 'apply killed with SIGKILL', () => {
    const { path, stage } = useStage(name);
    let lanes: readonly Lane[];
    let files = 0;

    beforeAll(async () => {
      lanes = await Promise.all(Array.from({ length: LANES }, (_, n) => makeLane(n)));
    }, 120_000);

    const makeLane = async (n: number): Promise<Lane> => {
      const ou = `OU=lane${n},${stage().baseDn}`;
      const sheet = path(`${n}.csv`);
      const people = Array.from({ length: PEOPLE }, (_, index) => makePerson(index, ou));
      await addPeople(stage(), ou, people);
      writeCells(sheet, rowsFor(people));
      const before = await readState(stage(), ou);
      return { ou, sheet, before, after: afterChanges(before, people) };
    };
    const journalFile = () => path(`${++files}.jsonl`);
    const login = () => ['--bind-dn', stage().bindDn, '--password-file', path('password')];
    const write = (args: readonly string[], url: string, journal: string, options?: RunOptions) =>
      presync(
        [
          ...[...args, url, ...login(), '--allow-plaintext', '--insecure'],
          ...['--confirm', '--journal', journal],
        ],
        options,
      );

    /** Starts a run that is killed at the moment given, unless it ends before. */
    const killed = async (args: readonly string[], moment: Moment, nth: number, random: number) => {
      const journal = journalFile();
      if (moment.at === 'journal') {
        const env = {
          NODE_OPTIONS: `--import ${CRASH}`,
          PRESYNC_CRASH: `${moment.write}:${nth}`,
        };
        return { journal, run: await write(args, stage().url, journal, { env }) };
      }
      if (moment.at === 'random') {
        const started: RunOptions['started'] = async (child) => {
          if (moment.from === 'start') await setTimeout(random * 900);
          else {
            while (!existsSync(journal) && child.exitCode === null) await setTimeout(1);
            await setTimeout(random * PEOPLE * (name === 'slapd' ? 2 : 5));
          }
          child.kill('SIGKILL');
        };
        return { journal, run: await write(args, stage().url, journal, { started }) };
      }
      const gate = await startGate(stage().target, moment.hold, nth);
      const started: RunOptions['started'] = (child) => gate.held.then(() => child.kill('SIGKILL'));
      const run = await write(args, gate.url, journal, { started });
      if (moment.late) {
        gate.release();
        await setTimeout(50);
      }
      await gate.stop();
      return { journal, run };
    };

    /** Everybody is as before or as after: no request is carried out in part. */
    const expectWhole = (now: State, { before, after }: Lane) => {
      for (const [dn, values] of now) {
        const isBefore = JSON.stringify(values) === JSON.stringify(before.get(dn));
        expect({ dn, values }).toEqual({ dn, values: (isBefore ? before : after).get(dn) });
      }
    };

    test(
      `${POINTS} points: resume and undo leave the directory as it was, value for value`,
      async () => {
        const random = seeded(20261122);
        const tally = new Map<string, number>();
        const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);
        const points = Array.from({ length: POINTS }, (_, index) => ({
          index,
          moment: MOMENTS[index % MOMENTS.length] as Moment,
          way: WAYS[Math.floor(random() * WAYS.length)] as (typeof WAYS)[number],
          nth: 1 + Math.floor(random() * 3),
          concurrency: random() < 0.5 ? '1' : '4',
          random: [random(), random()] as const,
        }));
        type Point = (typeof points)[number];

        const tryPoint = async (lane: Lane, { moment, way, nth, concurrency, random }: Point) => {
          const apply = ['apply', ...BY_HAND, lane.sheet, '--concurrency', concurrency];
          const first = await killed(apply, moment, nth, random[0]);
          const now = await readState(stage(), lane.ou);
          expectWhole(now, lane);
          if (moment.at !== 'random') {
            expect(first.run.code).toBeNull();
            if (moment.leaves) expect(leftBy(first.journal, now, lane)).toContain(moment.leaves);
          }
          count(first.run.code === null ? describeMoment(moment) : 'ended before the kill');

          const journals = hasHeader(first.journal) ? [first.journal] : [];
          const goOn = () => {
            const last = journals.at(-1);
            return last === undefined ? apply : [...apply, '--resume', last];
          };
          if (way === 'resume killed, resume, undo') {
            const again = await killed(goOn(), { at: 'random', from: 'journal' }, 1, random[1]);
            expectWhole(await readState(stage(), lane.ou), lane);
            if (hasHeader(again.journal)) journals.push(again.journal);
          }
          if (way.includes('resume')) {
            const journal = journalFile();
            const run = await write(goOn(), stage().url, journal);
            expectDone(run);
            if (existsSync(journal)) journals.push(journal);
            expect(await readState(stage(), lane.ou)).toEqual(lane.after);
          }
          if (random[0] < 0.5) journals.reverse();
          if (way === 'undo killed, undo') {
            for (const journal of journals) {
              await killed(['undo', journal], { at: 'random', from: 'journal' }, 1, random[1]);
            }
          }
          for (const journal of journals) {
            const run = await write(['undo', journal], stage().url, journalFile());
            expectDone(run);
          }
          expect(await readState(stage(), lane.ou)).toEqual(lane.before);
          count(`then ${way}`);
        };

        await Promise.all(
          lanes.map(async (lane, own) => {
            for (const point of points.filter(({ index }) => index % LANES === own)) {
              await tryPoint(lane, point).catch((error: unknown) => {
                throw new Error(`Point ${JSON.stringify(point)}`, { cause: error });
              });
            }
          }),
        );
        const lines = [...tally].sort().map(([what, times]) => `\n  ${times} x ${what}`);
        process.stderr.write(`KILL: ${name}: ${POINTS} points tried${lines.join('')}\n`);
        // At a write or a request each run was killed, or the point had failed; at random not all may end before.
        const atRandom = points.filter(({ moment }) => moment.at === 'random').length;
        expect(tally.get('ended before the kill') ?? 0).toBeLessThan(atRandom);
      },
      60_000 + POINTS * 5_000,
    );
  });
});

function describeMoment(moment: Moment): string {
  if (moment.at === 'random') return `killed at random after ${moment.from}`;
  if (moment.at === 'journal') return `killed at journal write ${moment.write}`;
  return `killed at ${moment.hold}${moment.late ? ' that arrives late' : ''}`;
}

/** What a journal says of each request, and whether the directory has it. */
function leftBy(journal: string, now: State, { before }: Lane): readonly string[] {
  return readJournal(readFileSync(journal)).requests.map(({ state, edits: [first] }) => {
    const dn = first?.edit.entry.dn.toLowerCase() ?? '';
    const isThere = JSON.stringify(now.get(dn)) !== JSON.stringify(before.get(dn));
    return `${state}, ${isThere ? 'there' : 'not there'}`;
  });
}

function expectDone({ code, out, err }: Run): void {
  if (code !== 0) throw new Error(`Exit code ${code}\n${out}${err}`);
}

/** Before its first line is whole a journal is no journal, and nothing was sent. */
function hasHeader(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').includes('\n');
}
