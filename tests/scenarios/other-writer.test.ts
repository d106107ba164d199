import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FRESH_MS } from '../../src/remediation/run/compare-entry.js';
import { BY_HAND, presync, writeCells } from '../presync.js';
import { seeded } from '../random.js';
import { describeServer } from '../servers/available.js';
import { startGate } from '../servers/gate.js';
import type { StageName } from '../servers/stage.js';
import { useStage } from '../servers/use-stage.js';
import {
  addPeople,
  afterChanges,
  type Change,
  makePerson,
  type Person,
  readState,
  rowsFor,
  type State,
} from './people.js';

/** Seeds tried on each server; PRESYNC_POINTS=200 for a long night. */
const SEEDS = Number(process.env['PRESYNC_POINTS'] ?? 12);
const PEOPLE = 20;

/** What the other writer does to the value that a person's first row is about. */
const KINDS = ['replace', 'remove', 'case', 'same', 'beside'] as const;
type Kind = (typeof KINDS)[number];

/** When: before apply reads, or while one request is under way, so that ours is done, sent, or not yet sent. */
type Time = 'first' | 'done' | 'sent' | 'not sent';

interface Meddling {
  readonly person: Person;
  readonly time: Time;
  readonly theirs: Change;
  /** Whether it concerns another value than any of ours. */
  readonly beside: boolean;
}

describe.each<StageName>(['slapd', 'samba'])('%s', (name) => {
  describeServer(name, 'another writer during apply', () => {
    const { path, stage } = useStage(name);
    const tally = new Map<string, number>();
    const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

    const write = (args: readonly string[], url: string) =>
      presync([
        ...[...args, url, '--bind-dn', stage().bindDn, '--password-file', path('password')],
        ...['--allow-plaintext', '--insecure', '--confirm', '--concurrency', '1'],
      ]);

    /** Runs apply, with the other writer before it and in the midst of it. */
    const applyBeside = async (
      all: readonly Meddling[],
      sheet: string,
      journal: string,
      held: number,
    ) => {
      const isFirst = ({ time }: Meddling) => time === 'first';
      await stage().add(all.filter(isFirst).map(changeRecord).join('\n'));
      const gate = await startGate(stage().target, 'request', held);
      const running = write(['apply', ...BY_HAND, sheet, '--journal', journal], gate.url);
      await Promise.race([gate.held, running]);
      await stage().add(
        all
          .filter((one) => !isFirst(one))
          .map(changeRecord)
          .join('\n'),
      );
      // Entries were looked at before their turn: theirs is seen once a look holds no longer.
      await setTimeout(FRESH_MS);
      gate.release();
      const applied = await running;
      await gate.stop();
      return applied;
    };

    const trySeed = async (seed: number) => {
      const ou = `OU=unit${seed},${stage().baseDn}`;
      const people = Array.from({ length: PEOPLE }, (_, n) => makePerson(n, ou));
      await addPeople(stage(), ou, people);
      const before = await readState(stage(), ou);
      const [sheet, journal] = [path(`${seed}.csv`), path(`${seed}.jsonl`)];
      const rows = rowsFor(people);
      writeCells(sheet, rows);
      const held = 5 + (seed % 5);
      const all = meddle(people, held, seeded(seed));
      for (const { time, theirs } of all) count(`${time}: ${theirs.attribute}`);

      const applied = await applyBeside(all, sheet, journal, held);
      expect(await readState(stage(), ou)).toEqual(stateAfterApply(before, people, all));
      const told = [...applied.err.matchAll(/^Row (\d+) (refused|stale): /gm)];
      expect(told.map(([, row, state]) => `${row} ${state}`).toSorted()).toEqual(
        wordsOfApply(all, rows),
      );
      expect(applied.code).toBe(3);

      const undo = ['undo', journal, '--journal', path(`${seed}-undo.jsonl`)];
      const { err } = await write(undo, stage().url);
      const lines = err.split('\n').filter((line) => line.startsWith('Row '));
      expect(lines.toSorted()).toEqual(
        wordsOfUndo(all, rows).map((word) => expect.stringContaining(word)),
      );
      expect(await readState(stage(), ou)).toEqual(stateAfterUndo(before, all));
    };

    test(
      `${SEEDS} seeds: theirs survives, ours is stale, undo leaves theirs alone`,
      async () => {
        for (let seed = 1; seed <= SEEDS; seed += 1) {
          await trySeed(seed).catch((error: unknown) => {
            throw new Error(`Seed ${seed}`, { cause: error });
          });
        }
        const lines = [...tally].sort().map(([what, times]) => `\n  ${times} x ${what}`);
        process.stderr.write(`OTHER WRITER: ${name}: ${SEEDS} seeds tried${lines.join('')}\n`);
      },
      60_000 + SEEDS * 10_000,
    );
  });
});

/** Ours that met theirs: a row is refused before anything is sent, a request is stale as a whole. */
function lostOf({ person, time, beside }: Meddling): readonly Change[] {
  if (beside || time === 'done') return [];
  return time === 'first' ? person.changes.slice(0, 1) : person.changes;
}

/** All of theirs on top of ours that was done by then, and the rest of ours that did not meet theirs. */
function stateAfterApply(
  before: State,
  people: readonly Person[],
  all: readonly Meddling[],
): State {
  const lost = new Set(all.flatMap(lostOf));
  const isDone = ({ dn }: Person) => all.some((one) => one.time === 'done' && one.person.dn === dn);
  const ours = people.map((person) => ({
    ...person,
    changes: person.changes.filter((change) => !lost.has(change)),
  }));
  const early = afterChanges(before, ours.filter(isDone));
  const late = ours.filter((person) => !isDone(person));
  return afterChanges(afterChanges(early, all.map(theirsOf)), late);
}

function theirsOf({ person, theirs }: Meddling): Person {
  return { ...person, changes: [theirs] };
}

/** Ours is gone but for what theirs replaced; all of theirs is there. */
function stateAfterUndo(before: State, all: readonly Meddling[]): State {
  const kept = all.filter(isReplaced).map(({ person }) => ({
    ...person,
    changes: person.changes.slice(0, 1),
  }));
  return afterChanges(afterChanges(before, kept), all.map(theirsOf));
}

function isReplaced({ beside, time }: Meddling): boolean {
  return !beside && time === 'done';
}

type Rows = ReturnType<typeof rowsFor>;

function rowOf(rows: Rows, { dn }: Person, index: number): number {
  return rows.findIndex((row) => row['ID'] === `${dn} ${index}`) + 2;
}

/** What apply must say of the rows that are not applied, sorted. */
function wordsOfApply(all: readonly Meddling[], rows: Rows): readonly string[] {
  const words = all.flatMap((one) => {
    const state = one.time === 'first' ? 'refused' : 'stale';
    return lostOf(one).map((_, index) => `${rowOf(rows, one.person, index)} ${state}`);
  });
  return words.toSorted();
}

/** What undo must say of the rows that are not undone, sorted: both values. */
function wordsOfUndo(all: readonly Meddling[], rows: Rows): readonly string[] {
  const words = all.filter(isReplaced).flatMap(({ person, theirs: { attribute, update } }) => {
    const [first] = person.changes;
    // An attribute that was empty, then ours, and that they emptied is as it was.
    if (first?.value === undefined && update === undefined) return [];
    // Of many values of one attribute only the first three are named, theirs perhaps not among them.
    const now = attribute === 'proxyAddresses' ? '"' : `${shown(update)} now`;
    const left = `${attribute} was left with ${shown(first?.update)}`;
    return [`Row ${rowOf(rows, person, 0)} refused: ${left} and holds ${now}`];
  });
  return words.toSorted();
}

/** The value in an undo's message. */
function shown(value: string | undefined): string {
  return value === undefined ? 'no value' : `"${value}"`;
}

/** Meddles with a random half of the people, and with the one whose request, number `held`, is under way. */
function meddle(
  people: readonly Person[],
  held: number,
  random: () => number,
): readonly Meddling[] {
  // Requests go out in the order of the sheet, without the people of whom nothing is left to send.
  let sent = 0;
  return people.flatMap((person): readonly Meddling[] => {
    const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'replace';
    const isFirst = random() < 0.3;
    const isMine = random() < 0.5;
    const goesOut = !(isMine && isFirst && kind !== 'beside' && person.changes.length === 1);
    if (goesOut) sent += 1;
    const time = sent < held ? 'done' : sent === held && goesOut ? 'sent' : 'not sent';
    if (!isMine && time !== 'sent') return [];
    return [meddling(person, kind, isMine && isFirst ? 'first' : time)];
  });
}

/** What the other writer does to one person; not every kind is possible everywhere, then it is another. */
function meddling(person: Person, kind: Kind, time: Time): Meddling {
  const [first] = person.changes;
  const { attribute, value, update } = first ?? { attribute: 'description' };
  const held = time === 'done' ? update : value;
  const beside = { person, time, beside: true };
  if (kind === 'beside') {
    const own = { attribute: 'proxyAddresses', update: `smtp:theirs.${person.before['sn']}@x.com` };
    return { ...beside, theirs: own };
  }
  const change = (wanted: string | undefined): Meddling => ({
    person,
    time,
    beside: false,
    theirs: {
      attribute,
      ...(held === undefined ? {} : { value: held }),
      ...(wanted === undefined ? {} : { update: wanted }),
    },
  });
  // While the request is under way nothing guards an attribute that was empty and takes several values: both stay.
  if (held === undefined && time === 'sent') return change(update);
  if (kind === 'remove' && held !== undefined) return change(undefined);
  // A server that compares without case cannot tell: while the request is under way nobody can.
  const wanted = kind === 'same' ? update : kind === 'case' && held ? swapCase(held) : undefined;
  const isBlind = time === 'sent' && wanted?.toLowerCase() === held?.toLowerCase();
  if (wanted !== undefined && wanted !== held && !isBlind) return change(wanted);
  return change('theirs@fabrikam.com');
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

function changeRecord({ person, theirs: { attribute, value, update } }: Meddling): string {
  return [
    `dn: ${person.dn}\nchangetype: modify`,
    ...(value === undefined ? [] : [`delete: ${attribute}\n${attribute}: ${value}\n-`]),
    ...(update === undefined ? [] : [`add: ${attribute}\n${attribute}: ${update}\n-`]),
    '',
  ].join('\n');
}
