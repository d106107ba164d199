import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environment } from '../tests/servers/process.js';

/** What one run of a program cost. */
export interface Reading {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of processor time, user and system, of the process and its children. */
  readonly cpu: number;
  /** Bytes of memory held at most (ru_maxrss), where it was asked for. */
  readonly peak: number;
}

/** A program to measure. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** File for its standard output. */
  readonly out?: string;
  /** Of a Node process: whether to ask how much memory it held at most. */
  readonly weighed?: boolean;
}

// The shell's own clock leaves out what it takes to start the shell; the program's words go elsewhere.
const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>"$SAID"';
const PEAK = pathToFileURL(resolve('bench/peak.mjs')).href;

/** Runs presync as built. */
export function presync(...args: readonly string[]): Command {
  return { program: process.execPath, args: [resolve('dist/cli.js'), ...args] };
}

/** Runs a program to its end and says what it cost. Throws with what it said when it fails. */
export async function measure(command: Command): Promise<Reading> {
  const { program, args, out = '/dev/null', weighed = false } = command;
  const folder = mkdtempSync(join(tmpdir(), 'presync-measure-'));
  const said = join(folder, 'said');
  const peaks = join(folder, 'peaks');
  const file = await open(out, 'w');
  try {
    const node = weighed ? { NODE_OPTIONS: `--import=${PEAK}` } : {};
    const env = environment({ ...node, SAID: said, PEAKS: peaks, LDAPTLS_REQCERT: 'never' });
    const child = spawn('bash', ['-c', TIMED, 'bash', program, ...args], {
      env,
      stdio: ['ignore', file.fd, 'pipe'],
    });
    let times = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      times += chunk.toString();
    });
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${code}\n${textOf(said)}`);
    const [wall = 0, user = 0, system = 0] = times.trim().split(' ').map(Number);
    return { wall, cpu: user + system, peak: sumOf(textOf(peaks)) * 1024 };
  } finally {
    await file.close();
    rmSync(folder, { recursive: true });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A line for each process: their sum is no less than what they held together. */
function sumOf(lines: string): number {
  return lines.split('\n').reduce((sum, line) => sum + Number(line), 0);
}

/** Measures contenders in turn, so that what else the machine does meets all of them alike. */
export async function inTurn(
  rounds: number,
  ...contenders: readonly (() => Promise<Reading>)[]
): Promise<readonly Reading[][]> {
  const readings = contenders.map((): Reading[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, contender] of contenders.entries()) readings[at]?.push(await contender());
  return readings;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** The middle of what the runs took, in seconds. */
export function middle(readings: readonly Reading[] = []): number {
  return median(readings.map(({ wall }) => wall));
}
