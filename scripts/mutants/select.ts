import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from './mutate.js';
import { sourceOf } from './tree.js';
import { wordsIn } from './words.js';

/** The mutants of the sources below some paths, or of all. */
export function mutantsBelow(paths: readonly string[]): readonly Mutant[] {
  const names = readdirSync('src', { recursive: true }) as string[];
  const files = names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join('src', name))
    .toSorted();
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const words = wordsIn([...texts.values()].map(sourceOf));
  const wanted = paths.map((path) => path.replace(/\/$/, ''));
  return [...texts]
    .filter(([file]) => wanted.length === 0 || wanted.some((path) => isBelow(file, path)))
    .flatMap(([file, text]) => mutantsOf(file, text, words));
}

function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** Those of mutants that begin on a line which is not what it was at a revision. */
export function changedSince(revision: string, mutants: readonly Mutant[]): readonly Mutant[] {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' });
  const lines = linesIn(git('diff', '-U0', '--no-color', '--no-ext-diff', revision, '--', 'src'));
  const added = git('ls-files', '--others', '--exclude-standard', 'src').split('\n');
  return mutants.filter(
    ({ file, line }) => added.includes(file) || lines.get(file)?.has(line) === true,
  );
}

/** The lines that a diff without context adds, by file. */
export function linesIn(diff: string): ReadonlyMap<string, ReadonlySet<number>> {
  const lines = new Map<string, Set<number>>();
  let file = '';
  for (const line of diff.split('\n')) {
    file = /^\+\+\+ b\/(.*)/.exec(line)?.[1] ?? file;
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const own = lines.get(file) ?? new Set();
    const [from, count] = [Number(hunk[1]), Number(hunk[2] ?? 1)];
    for (let at = from; at < from + count; at += 1) own.add(at);
    lines.set(file, own);
  }
  return lines;
}
