/**
 * `npm run mutants [-- FOLDER … --since REV --seed N --count N --workers N --minutes N --near S --wide S --out FILE]`:
 * changes the sources, one place at a time and in a copy, and looks whether a test fails. CONTRIBUTING.md says when.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bench } from './bench.js';
import { testsBySource } from './choose.js';
import { Judge } from './judge.js';
import { drawn, type Mutant } from './mutate.js';
import { described, type Equivalent, isEquivalent, type Judged, table } from './report.js';
import { changedSince, mutantsBelow } from './select.js';

/** What a change of an ordinary size is given. */
const SINCE_MINUTES = 10;

const { values, positionals } = parseArgs({
  options: {
    since: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    workers: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    near: { type: 'string', default: '40' },
    wide: { type: 'string', default: '90' },
    out: { type: 'string' },
  },
  allowPositionals: true,
});

const equivalents = JSON.parse(
  readFileSync('scripts/mutants/equivalents.json', 'utf8'),
) as readonly Equivalent[];
const all = mutantsBelow(positionals);
const wanted = values.since === undefined ? all : changedSince(values.since, all);
const texts = new Map(all.map(({ file }) => [file, readFileSync(file, 'utf8')]));
const sample = drawn(wanted, Number(values.count), Number(values.seed), (f) => texts.get(f) ?? '');
const minutes = Number(values.minutes ?? (values.since === undefined ? Infinity : SINCE_MINUTES));
const end = performance.now() + minutes * 60_000;

const judged: Judged[] = earlier();
const left = sample.filter((mutant) => !judged.some((one) => isSame(one.mutant, mutant)));
console.log(`${sample.length} of ${wanted.length} mutants, seed ${values.seed}`);
const benches = Array.from({ length: Number(values.workers) }, () => new Bench());
// What runs is ended too, in a moment.
process.once('SIGINT', () => left.splice(0));
try {
  const testsOf = testsBySource();
  await Promise.all(benches.map((bench) => work(bench, testsOf)));
} finally {
  for (const bench of benches) bench.close();
}
const survivors = judged.filter(({ fate }) => fate === 'survived');
console.log(`\n${table(judged)}\n\n${survivors.map(described).join('\n')}`);
if (left.length > 0) console.log(`\n${left.length} mutants were not asked: the time was over.`);

/** What a run before wrote into the file of outcomes, as far as it is of this sample. */
function earlier(): Judged[] {
  if (values.out === undefined || !existsSync(values.out)) return [];
  const lines = readFileSync(values.out, 'utf8').split('\n');
  const known = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Judged);
  return known.filter((one) => sample.some((mutant) => isSame(one.mutant, mutant)));
}

function isSame(a: Mutant, b: Mutant): boolean {
  return a.file === b.file && a.line === b.line && a.before === b.before && a.after === b.after;
}

async function work(bench: Bench, testsOf: ReturnType<typeof testsBySource>): Promise<void> {
  const patience = { near: Number(values.near), wide: Number(values.wide) };
  const judge = new Judge(bench, testsOf, patience);
  while (performance.now() < end) {
    const mutant = left.shift();
    if (!mutant) return;
    const began = performance.now();
    const outcome: Judged = isEquivalent(mutant, equivalents)
      ? { mutant, fate: 'equivalent' }
      : await judge.judge(mutant);
    judged.push(outcome);
    if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(outcome)}\n`);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${outcome.fate.padEnd(8)} ${seconds.padStart(6)} s  ${mutant.file}:${mutant.line}`,
    );
  }
}
