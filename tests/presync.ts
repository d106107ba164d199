import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** How a run of the command line ended. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Leaves standard input open, as an export that is still running. */
  readonly keepOpen?: boolean;
  /** Told of the process once it runs, for tests that interrupt it. */
  readonly started?: (child: ChildProcess) => unknown;
}

const CLI = resolve('dist/cli.js');

/** Runs the built presync as a person would, without a terminal. */
export function presync(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd, env = {}, input = '', keepOpen = false, started } = options;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  child.stdin.on('error', () => {});
  child.stdin.write(input);
  if (!keepOpen) child.stdin.end();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  started?.(child);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) =>
      done({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}

/** The words that a shell makes of a command line. */
export function shellWords(line: string): readonly string[] {
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

/** A folder of its own for one test file, removed at the end. */
export function scratch(): {
  readonly path: (name: string) => string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'presync-test-'));
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** For sheets that a test made: it is about how they are carried out, not about where they come from. */
export const BY_HAND = ['--accept-foreign-rows', '--accept-faulty'] as const;

export type Cells = Record<string, string>;

/** The rows of a review sheet as a spreadsheet would see them: read by a library, not by presync. */
export function readCells(path: string): Cells[] {
  return parse(readFileSync(path), { bom: true, columns: true }) as Cells[];
}

/** Writes rows back as a spreadsheet would. */
export function writeCells(path: string, rows: readonly Cells[], delimiter = ','): void {
  writeFileSync(
    path,
    `\uFEFF${stringify([...rows], { header: true, delimiter, record_delimiter: '\r\n' })}`,
  );
}

/** The JSON objects of a machine report, by type. */
export function readRecords(text: string): readonly Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
