import type { PositionalOptions } from 'yargs';
import { EXIT, type ExitCode, ExpectedError, inWords } from '../errors.js';
import type { Io } from '../files/io.js';
import { carryOutPlan, excessOf, type RunName } from '../jobs/carry-out-plan.js';
import { type Cap, parseCap } from '../jobs/change-cap.js';
import { elsewhereText } from '../jobs/elsewhere.js';
import { checkCount, type Elsewhere, type LimitFlags, type WritePlan } from '../jobs/limits.js';
import type { RowOutcome } from '../remediation/run/carry-out.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { printable } from '../text/printable.js';
import type { OptionTable } from './command-body.js';
import { openTarget } from './connect/target.js';
import { CONNECTION_OPTIONS, type ConnectionFlags } from './flags/connection.js';
import { reportRefused, rowName } from './refusals.js';
import { nextCommand } from './text/next-command.js';
import { type NextCommands, planText, resultText } from './text/write-text.js';

/** The flags of every command that writes to a directory. */
export interface WriteFlags extends ConnectionFlags, LimitFlags {
  readonly url: string;
  readonly confirm: boolean;
  readonly journal?: string | undefined;
}

/** The entries that one run may change unless told otherwise. */
const MAX_CHANGES = '500';

const WRITING = { requiresArg: true, group: 'Writing:' } as const;

export const LIMIT_OPTIONS = {
  'max-changes': {
    type: 'string',
    ...WRITING,
    default: MAX_CHANGES,
    describe: 'Write nothing at all beyond so many entries, or 5% of the directory',
  },
  'max-failures': {
    type: 'number',
    ...WRITING,
    default: 10,
    describe: 'Stop after so many entries in a row that could not be changed',
  },
  concurrency: {
    type: 'number',
    ...WRITING,
    default: 4,
    describe: 'Entries to change at the same time',
  },
} as const satisfies OptionTable;

export const WRITE_OPTIONS = {
  ...CONNECTION_OPTIONS,
  confirm: {
    type: 'boolean',
    default: false,
    describe: 'Write; without it nothing is changed',
    group: 'Writing:',
  },
  journal: {
    type: 'string',
    ...WRITING,
    describe: 'New file for the journal; else a dated one in the current folder',
  },
  ...LIMIT_OPTIONS,
} as const satisfies OptionTable;

export const CONTROLLER = {
  type: 'string',
  demandOption: true,
  describe: 'LDAP URL of a domain controller',
} as const satisfies PositionalOptions;

/** What puts back the run of a journal, where that run was made and within its limits. */
export function undoLine(journal: string, flags: WriteFlags): string {
  const { url, ...rest } = flags;
  const again = { ...rest, confirm: false, journal: undefined };
  return nextCommand('undo', [journal, url], WRITE_OPTIONS, again);
}

/** A command that writes: what it plans, and what follows from what became of it. */
export interface WriteJob extends RunName {
  makePlan(target: Target): Promise<WritePlan>;
  nextCommands(journal: string): NextCommands;
  /** What to type for the rows that another server holds, line by line. */
  elsewhere(rows: Elsewhere): readonly string[];
  /** Told of every row once the run has ended, however it ended. */
  finish?(rows: readonly RowOutcome[], plan: WritePlan): Promise<void>;
}

/** Connects, plans, shows the plan and, with --confirm, carries it out with a journal. */
export async function runWrite(job: WriteJob, flags: WriteFlags, io: Io): Promise<ExitCode> {
  const cap = checkLimits(flags);
  const target = await openTarget(flags.url, flags, io);
  try {
    const plan = await untilInterrupted(target, io, () => job.makePlan(target));
    if (plan.elsewhere.isAll) throw nothingHere(job, plan, target);
    const away = job.elsewhere(plan.elsewhere).map((line) => `${line}\n`);
    reportRefused(plan.refused, io);
    await io.out(planText(plan));
    const entries = plan.requests.length;
    const excess = await untilInterrupted(target, io, () => excessOf(cap, entries, target));
    const isEmpty = entries + (plan.found?.length ?? 0) === 0;
    if (!flags.confirm || isEmpty) {
      if (!isEmpty) await io.out(dryRunText(excess && inWords(excess, io.nameOf)));
      if (flags.confirm) await job.finish?.([], plan);
      await io.out(away.join(''));
      return plan.refused.length > 0 ? EXIT.partial : EXIT.ok;
    }
    if (excess !== undefined)
      throw new ExpectedError(
        excess,
        `Nothing was written. Look at the plan, then add --max-changes ${entries} if that is meant.`,
      );
    await askAgain(entries, target.name, io);
    const code = await runPlan(job, plan, target, flags, io);
    await afterWriting(() => io.out(away.join('')));
    return code;
  } finally {
    await target.close();
  }
}

/** A run that has nothing to do because another server has. */
function nothingHere(
  job: WriteJob,
  { elsewhere }: WritePlan,
  { name }: Pick<Target, 'name'>,
): ExpectedError {
  return new ExpectedError(
    `There is nothing for ${name} to do: ${printable(elsewhereText(elsewhere))}`,
    `Nothing was written. ${job.elsewhere(elsewhere).join('; ')}`,
  );
}

/** What only reads; at the signal the connection is closed under it, for a server may be silent for long. */
async function untilInterrupted<T>(
  target: Target,
  { signal }: Io,
  read: () => Promise<T>,
): Promise<T> {
  const stop = () => void target.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Refuses limits that are none, before anything is connected; gives the cap. */
export function checkLimits({ concurrency, maxFailures, maxChanges }: LimitFlags): Cap {
  checkCount('concurrency', concurrency, 4);
  checkCount('maxFailures', maxFailures, 10);
  return parseCap(maxChanges);
}

function dryRunText(excess: string | undefined): string {
  const refusal = excess === undefined ? '' : `With --confirm it would be refused: ${excess}.\n`;
  return `Nothing was written. Add --confirm to write.\n${refusal}`;
}

/** The last chance of a person at a terminal; a script has none and is not asked. */
async function askAgain(entries: number, name: string, io: Io): Promise<void> {
  if (!io.canAsk || entries === 0) return;
  const question = `Change ${entries} entries in ${name}? Type ${entries} to go on: `;
  const answer = await io.ask(question, { secret: false });
  if (answer.trim() === String(entries)) return;
  throw new ExpectedError(
    'Nothing was written: the answer was not the number of entries.',
    'Start the command again when you are sure.',
  );
}

/** Carries the plan out at the command line and says what became of it. */
async function runPlan(
  job: WriteJob,
  plan: WritePlan,
  target: Target,
  flags: WriteFlags,
  io: Io,
): Promise<ExitCode> {
  const { concurrency, maxFailures, journal } = flags;
  const { path, results } = await carryOutPlan(job, plan, target, {
    ...{ concurrency, maxFailures, journal, signal: io.signal, now: io.now },
    onJournal: (path) => io.err(`Journal: ${path}\n`),
  });
  for (const { row, state, reason } of results.rows)
    if (reason !== '' && state !== 'not attempted')
      io.err(`${rowName(row)} ${state}: ${printable(reason)}\n`);
  // The file first: it must be there also where the words find no reader. The words also where there can be no file.
  try {
    await afterWriting(async () => job.finish?.(results.rows, plan));
  } finally {
    await afterWriting(() =>
      io.out(resultText(job.command, results, job.nextCommands(path), io.nameOf)),
    );
  }
  const all = results.counts.applied === results.rows.length;
  return all && plan.refused.length === 0 ? EXIT.ok : EXIT.partial;
}

/** What fails once a directory was changed must not pass for a run that could not begin. */
async function afterWriting(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    throw new ExpectedError(
      (nameOf) =>
        `The run is over, but what came of it could not all be told. ${error.worded(nameOf).message}`,
      (nameOf) => `What was done is in the journal. ${error.worded(nameOf).hint}`,
      EXIT.partial,
    );
  }
}
