import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { presync, type Run } from '../presync.js';

/** A review that runs as a person would start it. */
export interface Started {
  readonly url: string;
  /** What it printed so far. */
  readonly ended: Promise<Run>;
  /** Ctrl-C, and its end. */
  stop(): Promise<Run>;
}

/** Starts `presync review` and waits for the URL that it prints. */
export async function startReview(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Started> {
  let kill = () => {};
  let ended: Promise<Run> | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    ended = presync(['review', ...args], {
      ...options,
      keepOpen: true,
      started: (child) => {
        kill = () => child.kill('SIGINT');
        child.stdout?.on('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      },
    });
    ended.then(({ err }) => reject(new Error(err)), reject);
  });
  if (!ended) throw new Error('presync was not started');
  const end = ended;
  return {
    url,
    ended: end,
    stop: () => {
      kill();
      return end;
    },
  };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical faults by axe, each with what it is about. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' '));
  })()`);
}

/** Leaves a picture for a person to look at, in a folder that git ignores. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('demo/pictures', { recursive: true });
  await page.screenshot({ path: `demo/pictures/${name}.png` });
}
