import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

// Debian keeps servers out of the search path of everybody but root.
const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);

/** The environment of a child process: server programs are found, messages are in English. */
export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH, LC_ALL: 'C', ...extra };
}

/** Whether a program of this name is installed. */
export function hasProgram(name: string): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** Runs a program to its end and gives its standard output; rejects with what it said when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { env: options.env ?? environment(), maxBuffer: 1 << 30, timeout: 120_000 };
    const child = execFile(program, [...args], settings, (error, stdout, stderr) => {
      if (error)
        reject(new Error(`${program}: ${error.code ?? error.signal}: ${stderr || stdout}`));
      else resolve(stdout);
    });
    // A program that fails early closes its input; its exit says so better than EPIPE.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** Whether nothing listens on a port of an address. */
export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      probe.close(() => resolve(port));
    });
  });
}

// The shell outlives a killed test runner: its standard input ends, and it ends the server, all of
// the server's process group, and its directory. Jest kills its workers, so no handler of Node's can.
const SUPERVISOR = `
directory=$1
shift
setsid "$@" </dev/null &
server=$!
exec >/dev/null 2>&1
read -r end
kill -TERM "-$server" || kill -TERM "$server"
count=0
while kill -0 "-$server" && [ $count -lt 100 ]; do sleep 0.05; count=$((count + 1)); done
kill -KILL "-$server"
[ -z "$directory" ] || rm -rf "$directory"
`;

/** A server process that lives until it is stopped or the test runner is gone. */
export interface Supervised {
  /** The last 4,000 characters that it printed. */
  output(): string;
  /** False once the server and all of its children have ended. */
  running(): boolean;
  /** Ends all its processes and removes the directory. */
  stop(): Promise<void>;
}

/** Starts a server in the foreground of its own process group; `directory` is removed at its end. */
export function supervise(
  program: string,
  args: readonly string[],
  directory: string | undefined,
): Supervised {
  const shell = spawn('sh', ['-c', SUPERVISOR, 'sh', directory ?? '', program, ...args], {
    detached: true,
    env: environment(),
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  };
  shell.stdout.on('data', hear);
  shell.stderr.on('data', hear);
  // Only the server holds the pipe, see `exec` above.
  let running = true;
  shell.stdout.once('close', () => {
    running = false;
  });
  const exited = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  return {
    output: () => said,
    running: () => running,
    stop: async () => {
      shell.stdin.end();
      await exited;
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Waits until a server answers `ask`, a minute at most; otherwise stops it and says what it said. */
export async function answering(
  name: string,
  server: Supervised,
  ask: () => Promise<unknown>,
): Promise<void> {
  const end = Date.now() + 60_000;
  let cause: unknown;
  while (server.running() && Date.now() < end) {
    try {
      await ask();
      return;
    } catch (error) {
      cause = error;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  const state = server.running() ? 'does not answer' : 'ended at once';
  await server.stop();
  throw new Error(`${name} ${state}: ${String(cause)}\n${server.output()}`, { cause });
}
