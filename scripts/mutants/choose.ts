import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { importsOf } from '../../tests/rooms.js';

/** A test file that could notice a change of a source file. */
export interface Chosen {
  readonly test: string;
  /** Whether it runs what was built. */
  readonly built: boolean;
  /** `own`: of the very file or its folder; `near`: needs no build and no server either; `wide`: of the whole. */
  readonly reach: 'own' | 'near' | 'wide';
  /** How far it is from the source; 0 for the test that stands where the source stands. */
  readonly weight: number;
}

/** What runs the built program: its own words for it, or a script that works on it. */
const RUNS_BUILT = /\bpresync\(|\bdist\/|\bscripts\//;
const ENTRY = 'src/cli.ts';
const SERVERS = /^tests\/servers\/(samba|slapd|chromium|libreoffice)\.ts$/;
/** More than steps of importing ever are, so that these come last. */
const FAR_ROOM = 20;
const FAR_BUILT = 100;
/** Keeps temporary folders for many who never run anything. */
const HELPER = 'tests/presync.ts';

/** For each source file the test files that could notice a change of it, the nearest first. */
export function testsBySource(): (file: string) => readonly Chosen[] {
  const names = readdirSync('tests', { recursive: true }) as string[];
  const tests = names
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('heavy/'))
    .map((name) => join('tests', name))
    .toSorted();
  const imports = new Map<string, readonly string[]>();
  const reaches = new Map(tests.map((test) => [test, reachedFrom(test, imports)]));
  return (file) =>
    tests
      .flatMap((test): Chosen[] => {
        const reached = reaches.get(test);
        const steps = reached?.get(file);
        if (!reached || !steps) return [];
        const serves = [...reached.keys()].some((other) => SERVERS.test(other));
        const far = weight(test, file, steps);
        const reach = serves || far >= FAR_BUILT ? 'wide' : far >= FAR_ROOM ? 'near' : 'own';
        return [{ test, built: steps.built, reach, weight: far }];
      })
      .toSorted((a, b) => a.weight - b.weight);
}

/** tests/mail/address.test.ts and tests/mail/address.servers.test.ts are of src/mail/address.ts. */
function isMirror(test: string, file: string): boolean {
  const stem = file.replace(/^src\/(.*)\.ts$/, 'tests/$1.');
  return test.startsWith(stem);
}

/**
 * The steps of importing between the two. A test of the same folder knows more than one that happens to import the file,
 * one of the whole with a word of its name (resume.ts, resume-truth.test.ts) more than others.
 */
function weight(test: string, file: string, { distance, built }: Step): number {
  if (isMirror(test, file)) return 0;
  const room = dirname(file).replace(/^src/, 'tests');
  if (test.startsWith(`${room}/`)) return Math.min(distance, FAR_ROOM - 1);
  const isKin = wordsOf(file).some((word) => wordsOf(test).includes(word));
  return distance + (isKin ? FAR_ROOM : 2 * FAR_ROOM) + (built ? FAR_BUILT : 0);
}

function wordsOf(path: string): readonly string[] {
  return basename(path)
    .split(/[-.]/)
    .filter((word) => word !== 'ts' && word !== 'test');
}

interface Step {
  readonly distance: number;
  readonly built: boolean;
}

function reachedFrom(
  test: string,
  imports: Map<string, readonly string[]>,
): ReadonlyMap<string, Step> {
  const reached = new Map([[test, { distance: 0, built: false }]]);
  // Grows while it is gone through.
  for (const [file, { distance, built }] of reached) {
    if (!imports.has(file)) imports.set(file, importedBy(file));
    for (const next of imports.get(file) ?? [])
      if (!reached.has(next))
        reached.set(next, { distance: distance + 1, built: built || next === ENTRY });
  }
  return reached;
}

function importedBy(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const code = text.replace(/^(import|export) type [^;]*;/gm, '');
  const runs = RUNS_BUILT.test(code);
  const own = importsOf(code)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'))
    .filter((name) => existsSync(name) && name !== HELPER);
  return runs && file.startsWith('tests/') ? [...own, ENTRY] : own;
}
