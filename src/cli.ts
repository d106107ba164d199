#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import type { ArgumentTable, CommandBody, FlagsOf, OptionTable } from './commands/command-body.js';
import { asFlag } from './commands/flags/setting-names.js';
import { EXIT, type ExitCode, ExpectedError } from './errors.js';
import { type Io, STDIO } from './files/io.js';
import { writeFailure } from './files/output.js';
import { printable } from './text/printable.js';

/** Widest help text: longer lines are hard to read even where the terminal has room. */
const MAX_WIDTH = 110;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Ctrl-C asks the running command to end in good order; a second one ends the process at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  // Each request that waits for its server listens; how many do is limited elsewhere.
  setMaxListeners(0, controller.signal);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(
        new ExpectedError('Interrupted.', 'Start the command again to go on.', EXIT.partial),
      );
    });
  }
  return controller.signal;
}

/** A reader that went away (`| head`) ends the report, not the process with a stack trace. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error || ('code' in error && error.code === 'EPIPE')) resolve();
      else reject(writeFailure('standard output', error));
    });
  });
}

function realIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const signal = interruptible();
  // A pipe that never ends would keep the command waiting for its next line.
  signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
  return {
    out: write,
    err: (text) => {
      process.stderr.write(text);
    },
    stdin: process.stdin,
    env: process.env,
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    ask: async (question, { secret }) => {
      const { read } = await import('read');
      try {
        return await read({ prompt: question, silent: secret, output: process.stderr });
      } catch {
        throw new ExpectedError('Nothing was answered.', 'Start the command again.');
      }
    },
    signal,
    now: () => new Date(),
    nameOf: asFlag,
  };
}

/** Prints a failure: two lines for one that presync foresees, the whole stack for one that it does not. */
function report(error: unknown, io: Io): ExitCode {
  if (error instanceof ExpectedError) {
    const { message, hint } = error.worded(io.nameOf);
    io.err(`presync: ${printable(message).replace(/\.$/, '')}\n  ${printable(hint)}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`presync: unexpected failure, please report it with this text:\n${stack}\n`);
  return EXIT.impossible;
}

/** yargs makes a list of any option that is given several times. */
function refuseRepeated(options: OptionTable) {
  return (flags: Readonly<Record<string, unknown>>): true => {
    const wrong = Object.keys(options).find(
      (name) => Array.isArray(flags[name]) && !options[name]?.array,
    );
    if (wrong === undefined) return true;
    throw new ExpectedError(`--${wrong} is given more than once.`, 'Give it once.');
  };
}

/** Makes a command known to yargs; `done` is told how it ended. */
type Registration = (parser: Argv, io: Io, done: (code: ExitCode) => void) => Argv;

/** A command whose code is loaded when it is called for: the help of presync needs none of it. */
function lazily<Arguments extends ArgumentTable, Flags extends OptionTable>(
  command: string,
  describe: string,
  load: () => Promise<CommandBody<Arguments, Flags>>,
): Registration {
  const builder = async (yargs: Argv) => {
    const { positionals, options, examples, epilogue } = await load();
    for (const [name, argument] of Object.entries(positionals)) yargs.positional(name, argument);
    return yargs
      .options(options)
      .example(examples)
      .epilogue(epilogue)
      .check(refuseRepeated(options));
  };
  return (parser, io, done) =>
    parser.command(command, describe, builder, async (flags) => {
      const { run } = await load();
      // yargs does not follow a table into the types of what it parses; FlagsOf does.
      done(await run(flags as FlagsOf<Arguments & Flags>, io));
    });
}

const COMMANDS: readonly Registration[] = [
  lazily(
    'scan [source..]',
    'Find what breaks synchronisation; reads only',
    async () => (await import('./commands/scan.js')).scanCommand,
  ),
  lazily(
    'review <sheet> [url]',
    'Decide row by row on a page in the browser; with a URL apply from there',
    async () => (await import('./commands/review.js')).reviewCommand,
  ),
  lazily(
    'count [source..]',
    'Count what will be synchronised, against the quota; reads only',
    async () => (await import('./commands/count.js')).countCommand,
  ),
  lazily(
    'ldif <sheet>',
    'Write the approved rows as LDIF for ldapmodify or ldifde',
    async () => (await import('./commands/ldif.js')).ldifCommand,
  ),
  lazily(
    'apply <sheet> <url>',
    'Show what the approved rows would change; with --confirm do it',
    async () => (await import('./commands/apply.js')).applyCommand,
  ),
  lazily(
    'undo <file> <url>',
    'Show what a journal allows to put back; with --confirm do it',
    async () => (await import('./commands/undo.js')).undoCommand,
  ),
  lazily(
    'rules [id]',
    'List the rules, or explain one',
    async () => (await import('./commands/rules.js')).rulesCommand,
  ),
];

/** What yargs says, on one line and in plain words; what stands behind an unknown command is none. */
function failureWords(message: string): string {
  const words = message.trim().replace(/\s*\n\s*/g, ' ');
  return words
    .replace(/^Unknown commands: ([^,]*),.*/, 'Unknown command: $1')
    .replace(
      /^Not enough non-option arguments: got (\d+), need at least (\d+)$/,
      'The command needs $2 arguments and got $1',
    );
}

const EXAMPLES: readonly string[] = [
  '$0 scan ldaps://dc1.contoso.com --bind-dn admin@contoso.com --csv review.csv',
  '$0 apply review.csv ldaps://dc1.contoso.com --bind-dn admin@contoso.com',
  '$0 undo presync-apply-20261122-101500-000.jsonl ldaps://dc1.contoso.com --bind-dn admin@contoso.com',
];

async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const done = (result: ExitCode) => {
    code = result;
  };
  const parser = yargs(args.map((arg) => (arg === '-' ? STDIO : arg)))
    .scriptName('presync')
    .usage(
      '$0 COMMAND\n\nFinds and fixes the Active Directory attributes that break synchronisation to Microsoft 365 / Entra ID.',
    )
    .example(EXAMPLES.map((example) => [example, '']))
    .demandCommand(1, 'Name a command.')
    .strictCommands()
    .strict()
    .version(version)
    .alias('help', 'h')
    .wrap(Math.min(process.stdout.columns ?? 100, MAX_WIDTH))
    .exitProcess(false)
    .fail((message, error) => {
      const hint = 'presync --help and presync COMMAND --help show what there is.';
      throw error ?? new ExpectedError(failureWords(message), hint);
    });
  for (const register of COMMANDS) register(parser, io, done);
  await parser.parseAsync();
  return code;
}

/**
 * V8 of Node 20 compiles at full length what has run for a moment; of a scan that is mostly what never runs again. Where
 * it waits three times as long, 100,000 entries take a twelfth less. Later versions have a cheaper compiler between.
 */
if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=400000');

const io = realIo();
process.exitCode = await main(hideBin(process.argv), io).catch((error: unknown) =>
  report(error, io),
);
