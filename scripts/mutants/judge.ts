import type { Bench, Verdict } from './bench.js';
import type { Chosen } from './choose.js';
import type { Mutant } from './mutate.js';

/** What became of a mutant; `untyped`: the compiler notices it, so that nobody could land it. */
export type Fate = 'killed' | 'hung' | 'untyped' | 'survived';

export interface Outcome {
  readonly mutant: Mutant;
  readonly fate: Fate;
  /** The test that noticed it. */
  readonly by?: string;
  /** The test files that ran. */
  readonly ran: readonly string[];
}

/** Seconds that the tests of one mutant may take, as they are measured without it. */
export interface Patience {
  readonly near: number;
  readonly wide: number;
}

/** How much longer than without the mutant a test file may take before it is taken to hang. */
const HUNG_RATIO = 5;
const HUNG_LEAST_SECONDS = 15;

/** Judges mutants at one bench. */
export class Judge {
  /** How long each test file takes that passes. */
  private readonly seconds = new Map<string, number>();
  /** How often a test file noticed a mutant of a source file: it is asked first from then on. */
  private readonly kills = new Map<string, number>();

  private readonly bench: Bench;
  private readonly testsOf: (file: string) => readonly Chosen[];
  private readonly patience: Patience;

  constructor(bench: Bench, testsOf: (file: string) => readonly Chosen[], patience: Patience) {
    this.bench = bench;
    this.testsOf = testsOf;
    this.patience = patience;
  }

  async judge(mutant: Mutant): Promise<Outcome> {
    const tests = this.testsOf(mutant.file);
    const { near, wide } = this.patience;
    const ran: string[] = [];
    const ask = (which: Chosen['reach'], patience: number) =>
      this.ask(
        mutant,
        this.ordered(
          mutant,
          tests.filter(({ reach }) => reach === which),
        ),
        patience,
        ran,
      );
    const first = await ask('own', near);
    if (first) return first;
    this.bench.copy.put(mutant);
    if (!(await this.bench.copy.compiles())) return { mutant, fate: 'untyped', ran };
    return (
      (await ask('near', near)) ?? (await ask('wide', wide)) ?? { mutant, fate: 'survived', ran }
    );
  }

  private ordered({ file }: Mutant, tests: readonly Chosen[]): readonly Chosen[] {
    const kills = ({ test }: Chosen) => this.kills.get(`${file} ${test}`) ?? 0;
    const cost = ({ test, weight }: Chosen) => weight + (this.seconds.get(test) ?? 0);
    return tests.toSorted((a, b) => kills(b) - kills(a) || cost(a) - cost(b));
  }

  /** Runs the test files in turn, as many as fit; undefined where none notices the mutant. */
  private async ask(
    mutant: Mutant,
    tests: readonly Chosen[],
    patience: number,
    ran: string[],
  ): Promise<Outcome | undefined> {
    let left = patience;
    for (const chosen of tests) {
      const known = this.seconds.get(chosen.test);
      // What takes nobody knows how long is not begun in the last moments.
      if (known === undefined ? left <= patience / 4 : known > left) continue;
      const limit = Math.max(HUNG_LEAST_SECONDS, (known ?? patience) * HUNG_RATIO);
      const verdict = await this.run(mutant, chosen, limit);
      ran.push(chosen.test);
      left -= verdict.seconds;
      if (verdict.how === 'passed') this.seconds.set(chosen.test, verdict.seconds);
      else if (await this.isSound(chosen, limit)) return this.noticed(mutant, chosen, verdict, ran);
    }
    return undefined;
  }

  private async run(mutant: Mutant | undefined, chosen: Chosen, limit: number): Promise<Verdict> {
    const { copy } = this.bench;
    copy.put(mutant);
    if (chosen.built && !(await copy.build()))
      return { how: 'failed', failed: 'the build', seconds: 0 };
    return this.bench.run(chosen, limit);
  }

  private noticed(
    mutant: Mutant,
    { test }: Chosen,
    { how, failed = '' }: Verdict,
    ran: readonly string[],
  ): Outcome {
    const key = `${mutant.file} ${test}`;
    this.kills.set(key, (this.kills.get(key) ?? 0) + 1);
    if (how === 'hung') return { mutant, fate: 'hung', by: test, ran };
    return { mutant, fate: 'killed', by: `${test} › ${failed}`, ran };
  }

  /** Whether a test file passes without a mutant; one that does not is left out from then on. */
  private async isSound(chosen: Chosen, limit: number): Promise<boolean> {
    const known = this.seconds.get(chosen.test);
    if (known !== undefined) return true;
    const { how, failed, seconds } = await this.run(undefined, chosen, limit);
    if (how !== 'passed') console.log(`left out: ${chosen.test} fails without a mutant: ${failed}`);
    this.seconds.set(chosen.test, how === 'passed' ? seconds : Number.POSITIVE_INFINITY);
    return how === 'passed';
  }
}
