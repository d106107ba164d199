import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import type { Chosen } from './choose.js';
import { Copy } from './copy.js';

/** How a test file ended. */
export interface Verdict {
  readonly how: 'passed' | 'failed' | 'hung';
  /** The test that failed, where one did. */
  readonly failed?: string | undefined;
  /** What it takes on a machine that does nothing else, roughly. */
  readonly seconds: number;
}

interface Answer {
  readonly passed: boolean;
  readonly failed?: string;
  readonly milliseconds: number;
  readonly memory: number;
}

/** Jest leaves much behind in its process: a new one from here on. */
const MOST_MEMORY = 1.5e9;

const ENDED = 'the process ended';

/** A copy of the checkout, and the process that runs tests in it. */
export class Bench {
  readonly copy = new Copy();
  private runner: ChildProcess | undefined;

  /** Runs a test file; one that needs longer than the limit, in seconds, is taken to hang. */
  async run({ test, built }: Chosen, limit: number): Promise<Verdict> {
    const first = await this.ask(test, limit);
    // A process may end by what the test before left behind, and servers under load may be late: twice is no chance.
    const again = first.how !== 'passed' && (built || first.failed === ENDED);
    const verdict = again ? await this.ask(test, limit) : first;
    if (built && verdict.how !== 'passed') this.end();
    return verdict;
  }

  close(): void {
    this.end();
    this.copy.remove();
  }

  private async ask(test: string, limit: number): Promise<Verdict> {
    const runner = this.runner ?? this.start();
    const began = performance.now();
    const stretch = Math.max(1, (loadavg()[0] ?? 1) / cpus().length);
    const answer = await new Promise<Answer | 'hung' | 'ended'>((resolve) => {
      const timer = setTimeout(() => settle('hung'), limit * stretch * 1000);
      const settle = (given: Answer | 'hung' | 'ended') => {
        clearTimeout(timer);
        resolve(given);
      };
      runner.once('message', (given) => settle(given as Answer));
      runner.once('exit', () => settle('ended'));
      runner.send(test);
    });
    runner.removeAllListeners('message').removeAllListeners('exit');
    const seconds = (performance.now() - began) / 1000 / stretch;
    if (typeof answer === 'string' || answer.memory > MOST_MEMORY) this.end();
    if (answer === 'hung') return { how: 'hung', seconds };
    if (answer === 'ended') return { how: 'failed', failed: ENDED, seconds };
    return { how: answer.passed ? 'passed' : 'failed', failed: answer.failed, seconds };
  }

  private start(): ChildProcess {
    // Its own group, so that what it started can be ended with it.
    const settings: ForkOptions & { detached: boolean } = {
      cwd: this.copy.folder,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
      env: { ...process.env, TMPDIR: this.copy.scratch },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true,
    };
    this.runner = fork('scripts/mutants/runner.mjs', settings);
    return this.runner;
  }

  private end(): void {
    const pid = this.runner?.pid;
    this.runner = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}
