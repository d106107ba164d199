import type { Argv } from 'yargs';
import { EXIT, type ExitCode, ExpectedError } from '../errors.js';
import { directoryWriter } from '../ldap/directory.js';
import type { EntryWriter, RefusedRow } from '../model.js';
import { printable } from '../printable.js';
import { carryOut, type Results } from '../remediation/apply.js';
import { openJournal } from '../remediation/journal.js';
import { type PlannedRequest, show } from '../remediation/prepare.js';
import type { Io } from './io.js';
import { type ConnectionFlags, withConnection } from './options.js';
import { reportRefused } from './sheet.js';
import { openDirectory } from './sources.js';

/** The flags of every command that writes to a directory. */
export interface WriteFlags extends ConnectionFlags {
  readonly url: string;
  readonly confirm: boolean;
  readonly journal?: string | undefined;
  readonly concurrency: number;
}

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
        requiresArg: true,
        describe: 'New file for the journal; else a dated one in the current folder',
        group: 'Writing:',
      },
      concurrency: {
        type: 'number',
        requiresArg: true,
        default: 4,
        describe: 'Entries to change at the same time',
        group: 'Writing:',
      },
    }) as unknown as Argv<T & WriteFlags>;
}

/** What a command means to write, and what it found that it will not. */
export interface WritePlan {
  readonly requests: readonly PlannedRequest[];
  readonly refused: readonly RefusedRow[];
  /** What else there is to say in the totals, such as the rows left alone. */
  readonly remarks: readonly string[];
}

/** Connects, plans, shows the plan and, with --confirm, carries it out with a journal. */
export async function runWrite(
  command: 'apply' | 'undo',
  flags: WriteFlags,
  io: Io,
  makePlan: (writer: EntryWriter) => Promise<WritePlan>,
): Promise<ExitCode> {
  if (!Number.isInteger(flags.concurrency) || flags.concurrency < 1)
    throw new ExpectedError(
      '--concurrency must be a whole number from 1 on.',
      'Leave it out for 4.',
    );
  const connection = await openDirectory(flags.url, flags, io);
  try {
    const writer = directoryWriter(connection);
    const plan = await makePlan(writer);
    reportRefused(plan.refused, io);
    await io.out(planText(plan));
    if (!flags.confirm || plan.requests.length === 0) {
      if (plan.requests.length > 0) await io.out('Nothing was written. Add --confirm to write.\n');
      return plan.refused.length > 0 ? EXIT.partial : EXIT.ok;
    }
    return await carryOutPlan(command, plan, writer, flags, io);
  } finally {
    await connection.close();
  }
}

async function carryOutPlan(
  command: 'apply' | 'undo',
  plan: WritePlan,
  writer: EntryWriter,
  flags: WriteFlags,
  io: Io,
): Promise<ExitCode> {
  const path = flags.journal ?? journalName(command, io.now());
  const journal = await openJournal(path, { command, target: writer.name }, () => io.now());
  io.err(`Journal: ${path}\n`);
  try {
    const { concurrency } = flags;
    const results = await carryOut(plan.requests, writer, journal, {
      concurrency,
      signal: io.signal,
    });
    for (const { row, state, reason } of results.rows)
      if (state !== 'applied') io.err(`Row ${row} ${state}: ${printable(reason)}\n`);
    await io.out(resultText(command, results, path, flags.url));
    const all = results.counts.applied === results.rows.length;
    return all && plan.refused.length === 0 ? EXIT.ok : EXIT.partial;
  } finally {
    await journal.close();
  }
}

function planText({ requests, refused, remarks }: WritePlan): string {
  const lines = requests.flatMap(({ ref, edits }) => [
    printable(ref.dn),
    ...edits.flatMap(({ edit: { attribute, before, after } }) => [
      `  ${attribute}`,
      ...before.map((value) => `    - ${show([value])}`),
      ...after.map((value) => `    + ${show([value])}`),
    ]),
  ]);
  const changes = requests.reduce((sum, { edits }) => sum + edits.length, 0);
  const totals = [
    `${requests.length} entries to change`,
    `${changes} changes`,
    `${refused.length} rows refused`,
    ...remarks,
  ];
  return `${[...lines, ...(lines.length > 0 ? [''] : []), totals.join(', ')].join('\n')}\n`;
}

function resultText(
  command: 'apply' | 'undo',
  { counts, stopped }: Results,
  journal: string,
  url: string,
): string {
  const shown = Object.entries(counts).filter(([state, n]) => n > 0 || state === 'applied');
  const totals = shown.map(([state, n]) => `${n} ${state}`).join(', ');
  const end = stopped ? `Stopped early: ${printable(stopped.reason)}.\n` : '';
  const next =
    command === 'apply'
      ? `To put everything back: presync undo ${journal} ${url} --bind-dn YOU\n`
      : `To do it again: presync undo ${journal} ${url} --bind-dn YOU\n`;
  return `${totals}\n${end}${counts.applied + counts.unknown > 0 ? next : ''}`;
}

/** A file name that sorts by time and is new with every run: presync-apply-20261122-200349-512.jsonl (UTC). */
function journalName(command: 'apply' | 'undo', now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const stamp = `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${time.slice(9, 12)}`;
  return `presync-${command}-${stamp}.jsonl`;
}
