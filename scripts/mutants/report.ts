import type { Fate, Outcome } from './judge.js';
import type { Mutant } from './mutate.js';

/** A mutant that no test can notice, and why; recorded in equivalents.json. */
export interface Equivalent {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export type Judged = Outcome | { readonly mutant: Mutant; readonly fate: 'equivalent' };

/** The record that says that a mutant changes nothing that can be seen. */
export function isEquivalent(mutant: Mutant, records: readonly Equivalent[]): boolean {
  return records.some(
    ({ file, before, after }) =>
      file === mutant.file && before === mutant.before && after === mutant.after,
  );
}

/** The share of mutants that were noticed, in percent, of those that can be; undefined where none can. */
export function score(judged: readonly Judged[]): number | undefined {
  const count = counter(judged);
  const noticed = count('killed') + count('hung');
  const all = noticed + count('survived');
  return all === 0 ? undefined : (noticed / all) * 100;
}

function counter(judged: readonly Judged[]): (fate: Fate | 'equivalent') => number {
  return (fate) => judged.filter((one) => one.fate === fate).length;
}

/** A line for each folder, and one for all. */
export function table(judged: readonly Judged[]): string {
  const folders = new Set(judged.map(({ mutant }) => folderOf(mutant.file)));
  return [
    '| folder | mutants | killed | timed out | not typed | equivalent | survived | score |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[...folders].toSorted().map((name) =>
      row(
        name,
        judged.filter(({ mutant }) => folderOf(mutant.file) === name),
      ),
    ),
    row('all', judged),
  ].join('\n');
}

function row(name: string, judged: readonly Judged[]): string {
  const fates = ['killed', 'hung', 'untyped', 'equivalent', 'survived'] as const;
  const percent = score(judged);
  const cells = [
    name,
    judged.length,
    ...fates.map(counter(judged)),
    percent === undefined ? '' : `${percent.toFixed(0)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** `src/ldap` of `src/ldap/format/dn.ts`; what stands loose is of `src`. */
function folderOf(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 2).join('/');
}

/** Where a mutant stands and what it changes; with the tests that ran, if it survived them. */
export function described(judged: Judged): string {
  const { mutant, fate } = judged;
  const change = `${mutant.file}:${mutant.line}\n${marked('-', mutant.before)}\n${marked('+', mutant.after)}`;
  return fate === 'survived' ? `${change}\n  ran: ${judged.ran.join(' ') || 'nothing'}` : change;
}

function marked(mark: string, lines: string): string {
  return lines.replace(/^/gm, `  ${mark} `);
}
