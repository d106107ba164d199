import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { BY_HAND, type Cells, presync, type Run, writeCells } from '../presync.js';
import { seeded } from '../random.js';
import { describeServer } from '../servers/available.js';
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
} from './people.js';

/** Seeds tried on each server; PRESYNC_POINTS=200 for a long night. */
const SEEDS = Number(process.env['PRESYNC_POINTS'] ?? 4);
const PEOPLE = 30;

/** A sheet that somebody applies, and what came of it. */
interface Applier {
  readonly rows: readonly Cells[];
  readonly journal: string;
  readonly run: Run;
}

describe.each<StageName>(['slapd', 'samba'])('%s', (name) => {
  describeServer(name, 'two people who apply at once', () => {
    const { path, stage } = useStage(name);
    const tally = new Map<string, number>();
    const count = (what: string, times = 1) => tally.set(what, (tally.get(what) ?? 0) + times);

    const write = (args: readonly string[], journal: string) =>
      presync([
        ...[...args, stage().url, '--bind-dn', stage().bindDn, '--password-file', path('password')],
        ...['--allow-plaintext', '--insecure', '--confirm', '--journal', journal],
      ]);

    const apply = async (rows: readonly Cells[], file: string): Promise<Applier> => {
      const [sheet, journal] = [path(`${file}.csv`), path(`${file}.jsonl`)];
      writeCells(sheet, rows);
      return { rows, journal, run: await write(['apply', ...BY_HAND, sheet], journal) };
    };

    const undo = async ({ journal }: Applier) => {
      if (!existsSync(journal)) return;
      const { code, out, err } = await write(['undo', journal], `${journal}.undo`);
      expect([code, err, out]).toEqual([0, expect.not.stringMatching(/^Row /m), out]);
    };

    const trySeed = async (seed: number) => {
      const random = seeded(seed);
      const ou = `OU=two${seed},${stage().baseDn}`;
      const people = Array.from({ length: PEOPLE }, (_, n) => makePerson(n, ou));
      await addPeople(stage(), ou, people);
      const before = await readState(stage(), ou);
      const others = people.slice(PEOPLE / 3).map((person) => ({
        ...person,
        changes: otherChanges(person, random),
      }));
      // The one from the front, the other from the end, or both the same way: they meet in the midst, or all along.
      const theirs = rowsFor(random() < 0.5 ? others.toReversed() : others);
      const both = await Promise.all([
        apply(rowsFor(people.slice(0, (PEOPLE * 2) / 3)), `${seed}-a`),
        apply(theirs, `${seed}-b`),
      ]);
      const done = both.map(appliedOf);
      for (const applier of both) expectTold(applier);
      // What one of them has is not the other's as well, and nobody is left alone because both wanted something.
      const places = done.flat().flatMap(placesOf);
      expect(places).toEqual([...new Set(places)]);
      const wanted = both.flatMap(({ rows }) =>
        rows.map((row) => String(row['DISTINGUISHEDNAME']).toLowerCase()),
      );
      expect(new Set(done.flat().map(({ dn }) => dn))).toEqual(new Set(wanted));
      expect(await readState(stage(), ou)).toEqual(afterChanges(before, done.flat()));
      for (const [at, all] of done.entries())
        count(at === 0 ? 'applied by one' : 'applied by the other', all.length);
      for (const { run } of both)
        for (const [, state = ''] of run.err.matchAll(/^Row \d+ (\w+):/gm)) count(`rows ${state}`);

      if (seed % 3 === 0) await Promise.all(both.map(undo));
      else for (const one of seed % 3 === 1 ? both : both.toReversed()) await undo(one);
      expect(await readState(stage(), ou)).toEqual(before);
    };

    test(
      `${SEEDS} seeds: each change is in one journal, what is not is told, and undo restores all`,
      async () => {
        for (let seed = 1; seed <= SEEDS; seed += 1)
          await trySeed(seed).catch((error: unknown) => {
            throw new Error(`Seed ${seed}`, { cause: error });
          });
        const lines = [...tally].sort().map(([what, times]) => `\n  ${times} x ${what}`);
        process.stderr.write(`TWO APPLIERS: ${name}: ${SEEDS} seeds tried${lines.join('')}\n`);
      },
      60_000 + SEEDS * 20_000,
    );
  });
});

/** What a journal has as applied. */
function appliedOf({ journal }: Applier): readonly Person[] {
  const requests = existsSync(journal) ? readJournal(readFileSync(journal)).requests : [];
  const applied = requests.filter(({ state }) => state === 'applied');
  return applied.flatMap(({ edits }) =>
    edits.map(({ edit: { entry, attribute, before, after } }) => {
      const [value, update] = [before[0], after[0]].map((one) => one && { text: String(one) });
      const change = {
        attribute,
        ...(value && { value: value.text }),
        ...(update && { update: update.text }),
      };
      return { dn: entry.dn.toLowerCase(), before: {}, changes: [change] };
    }),
  );
}

/** Each row that is not in the journal as applied is told of, and no other. */
function expectTold({ rows, journal, run: { code, err } }: Applier): void {
  const { requests } = readJournal(readFileSync(journal));
  const applied = requests.filter(({ state }) => state === 'applied');
  const done = applied.flatMap(({ edits }) => edits.map(({ row }) => row));
  const told = [...err.matchAll(/^Row (\d+) (?:refused|stale): /gm)].map(([, row]) => Number(row));
  const byNumber = (a: number, b: number) => a - b;
  expect([...done, ...told].toSorted(byNumber)).toEqual(rows.map((_, at) => at + 2));
  expect(code).toBe(told.length > 0 ? 3 : 0);
}

/**
 * What changes are about: two of the same place meet. Nothing guards an attribute that was empty and takes several
 * values: two that fill it with different ones do not.
 */
function placesOf({ dn, changes }: Person): readonly string[] {
  return changes.map(
    ({ attribute, value, update }) => `${dn} ${attribute} ${value ?? `filled with ${update}`}`,
  );
}

/** What the other sheet wants of a person: the same, another value in place of the same one, or something beside it. */
function otherChanges({ dn, changes }: Person, random: () => number): readonly Change[] {
  const kind = random();
  if (kind < 0.3) return changes;
  if (kind < 0.7)
    return changes.map((change) => ({
      ...change,
      ...(change.update === undefined
        ? {}
        : { update: change.update.replace('contoso.com', 'fabrikam.com').replace(/^new$/, 'old') }),
    }));
  const name = /^CN=(\w+)/.exec(dn)?.[1];
  const old = `SMTP:${name}@fabrikam.com`;
  return [{ attribute: 'targetAddress', value: old, update: old.replace('com', 'net') }];
}
