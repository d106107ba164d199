import type { Argv, Options } from 'yargs';
import { EXIT, type ExitCode, ExpectedError } from '../errors.js';
import type { EntryWriter } from '../model.js';
import { printable } from '../printable.js';
import { carryOut, type Results, type RowOutcome, type RunOptions } from '../remediation/apply.js';
import { openJournal } from '../remediation/journal.js';
import type { Session } from '../remediation/retry.js';
import { allowedBy, beyondCap, type Cap, parseCap } from './cap.js';
import type { Io } from './io.js';
import { type ConnectionFlags, checkCount, withConnection } from './options.js';
import { reportRefused, rowName } from './sheet.js';
import { openTarget } from './target.js';
import { type NextCommands, planText, resultText, type WritePlan } from './write-text.js';

/** How much a run may change, and when it stops. */
export interface LimitFlags {
  readonly concurrency: number;
  readonly maxChanges: string;
  readonly maxFailures: number;
}

/** The flags of every command that writes to a directory. */
export interface WriteFlags extends ConnectionFlags, LimitFlags {
  readonly url: string;
  readonly confirm: boolean;
  readonly journal?: string | undefined;
}

/** Entries to read at the same time while a plan is made: it is light for the server, and nothing is under way yet. */
export const READS = 64;

/** The entries that one run may change unless told otherwise. */
const MAX_CHANGES = '500';

/** The flag with which a run may change as much as this one. */
export function capWords({ maxChanges }: LimitFlags): readonly string[] {
  return maxChanges === MAX_CHANGES ? [] : ['--max-changes', maxChanges];
}

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
} as const satisfies Record<string, Options>;

export function withWriting<T>(yargs: Argv<T>): Argv<T & WriteFlags> {
  return withConnection(yargs)
    .positional('url', {
      type: 'string',
      demandOption: true,
      describe: 'LDAP URL of a domain controller',
    })
    .options({
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
    }) as unknown as Argv<T & WriteFlags>;
}

/** A command that writes: what it plans, and what follows from what became of it. */
export interface WriteJob {
  readonly command: 'apply' | 'undo';
  /** Path of the journal that this run finishes. */
  readonly resumes?: string | undefined;
  makePlan(writer: EntryWriter): Promise<WritePlan>;
  nextCommands(journal: string): NextCommands;
  /** Told of every row once the run has ended, however it ended. */
  finish?(rows: readonly RowOutcome[], plan: WritePlan): Promise<void>;
}

/** Connects, plans, shows the plan and, with --confirm, carries it out with a journal. */
export async function runWrite(job: WriteJob, flags: WriteFlags, io: Io): Promise<ExitCode> {
  const cap = checkLimits(flags);
  const target = await openTarget(flags.url, flags, io);
  try {
    const plan = await untilInterrupted(target, io, () => job.makePlan(target));
    reportRefused(plan.refused, io);
    await io.out(planText(plan));
    const entries = plan.requests.length;
    const excess = await untilInterrupted(target, io, () => excessOf(cap, entries, target));
    const isEmpty = entries + (plan.found?.length ?? 0) === 0;
    if (!flags.confirm || isEmpty) {
      if (!isEmpty) await io.out(dryRunText(excess));
      if (flags.confirm) await job.finish?.([], plan);
      return plan.refused.length > 0 ? EXIT.partial : EXIT.ok;
    }
    if (excess !== undefined)
      throw new ExpectedError(
        excess,
        `Nothing was written. Look at the plan, then add --max-changes ${entries} if that is meant.`,
      );
    await askAgain(entries, target.name, io);
    return await runPlan(job, plan, target, flags, io);
  } finally {
    await target.close();
  }
}

/** What only reads; at the signal the connection is closed under it, for a server may be silent for long. */
async function untilInterrupted<T>(
  target: Session,
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
  checkCount('max-failures', maxFailures, 10);
  return parseCap(maxChanges);
}

/** What speaks against a run of so many entries; undefined where the cap allows it. */
export async function excessOf(
  cap: Cap,
  entries: number,
  target: Pick<Session, 'count'>,
): Promise<string | undefined> {
  if (entries === 0) return undefined;
  const allowed = await allowedBy(cap, () => target.count());
  return entries > allowed ? beyondCap(cap, allowed, entries) : undefined;
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
  target: Session,
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
    await afterWriting(() => io.out(resultText(job.command, results, job.nextCommands(path))));
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
      `The run is over, but what came of it could not all be told. ${error.message}`,
      `What was done is in the journal. ${error.hint}`,
      EXIT.partial,
    );
  }
}

/** How a plan is carried out, and where that is recorded. */
export interface CarryOptions extends RunOptions {
  /** The file of the journal; else a dated one in the current folder. */
  readonly journal?: string | undefined;
  readonly now: () => Date;
  /** Told where the journal is before the first request leaves. */
  readonly onJournal: (path: string) => void;
}

/** Carries out a plan, every request of it in a new journal first. */
export async function carryOutPlan(
  { command, resumes }: Pick<WriteJob, 'command' | 'resumes'>,
  { requests, found = [] }: WritePlan,
  target: Session,
  { journal: file, now, onJournal, ...options }: CarryOptions,
): Promise<{ readonly path: string; readonly results: Results }> {
  const path = file ?? journalName(command, now());
  const { name, host } = target;
  const journal = await openJournal(path, { command, target: name, host, resumes }, now);
  try {
    onJournal(path);
    const results = await carryOut([...found, ...requests], target, journal, options);
    return { path, results };
  } finally {
    // What it holds is on disk.
    await journal.close().catch(() => {});
  }
}

/** A file name that sorts by time and is new with every run: presync-apply-20261122-200349-512.jsonl (UTC). */
function journalName(command: 'apply' | 'undo', now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${time.slice(9, 12)}`;
  return `presync-${command}-${stamp}.jsonl`;
}
