import { EXIT, type ExitCode } from '../errors.js';
import type { Io } from '../files/io.js';
import type { Cap } from '../jobs/change-cap.js';
import type { Elsewhere } from '../jobs/limits.js';
import { Listeners } from '../review/http.js';
import { sheetFor } from '../review/open-sheet.js';
import { openReview } from '../review/review.js';
import { startServer } from '../review/server.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import { printable } from '../text/printable.js';
import type { ArgumentTable, CommandBody, FlagsOf, OptionTable } from './command-body.js';
import { openTarget } from './connect/target.js';
import { choicesFrom, withConfig } from './flags/configured.js';
import { CONNECTION_OPTIONS, JUDGING_OPTIONS } from './flags/connection.js';
import { CONFIG } from './flags/reading.js';
import { SHEET_OPTIONS } from './flags/sheet.js';
import { elsewhereLines } from './text/elsewhere-text.js';
import { nextCommand } from './text/next-command.js';
import { checkLimits, LIMIT_OPTIONS } from './write.js';

const REVIEW_OPTIONS = {
  config: CONFIG,
  ...JUDGING_OPTIONS,
  'accept-foreign-rows': SHEET_OPTIONS['accept-foreign-rows'],
  'from-incomplete': {
    type: 'boolean',
    default: false,
    group: 'Writing:',
    describe: 'Apply a sheet whose scan did not see everything',
  },
  ...LIMIT_OPTIONS,
  ...CONNECTION_OPTIONS,
} as const satisfies OptionTable;

const REVIEW_ARGUMENTS = {
  sheet: {
    type: 'string',
    demandOption: true,
    describe: 'Review sheet (CSV), or the JSON lines of a scan (*.jsonl)',
  },
  url: { type: 'string', describe: 'LDAP URL of a domain controller' },
} as const satisfies ArgumentTable;

type ReviewFlags = FlagsOf<typeof REVIEW_ARGUMENTS & typeof REVIEW_OPTIONS>;

/** `presync review`: a page on this machine to decide row by row; with a directory also to apply and undo. */
export const reviewCommand: CommandBody<typeof REVIEW_ARGUMENTS, typeof REVIEW_OPTIONS> = {
  positionals: REVIEW_ARGUMENTS,
  options: REVIEW_OPTIONS,
  examples: [
    ['$0 review review.csv', 'decide; nothing but the sheet is written'],
    ['$0 review review.csv ldaps://dc1.contoso.com --bind-dn admin@contoso.com', ''],
  ],
  epilogue: 'Exit codes: 0 ended, 2 could not run, 3 a run could not do all.',
  run: runReview,
};

async function runReview(flags: ReviewFlags, io: Io): Promise<ExitCode> {
  const cap = checkLimits(flags);
  return withConfig(flags, io, (config, io) => runConfigured(flags, cap, config, io));
}

async function runConfigured(
  flags: ReviewFlags,
  cap: Cap,
  config: Config,
  io: Io,
): Promise<ExitCode> {
  const { sheet, profile, named, sources } = await sheetFor(flags.sheet, io);
  const choices = await choicesFrom({ ...flags, profile: flags.profile ?? profile }, config);
  const settings = settingsFrom(choices);
  const target = flags.url === undefined ? undefined : await openTarget(flags.url, flags, io);
  try {
    const { concurrency, maxChanges, maxFailures, fromIncomplete } = flags;
    const acceptForeign = flags.acceptForeignRows;
    const limits = { concurrency, maxChanges, maxFailures, cap };
    const listeners = new Listeners();
    const onFailure = (error: unknown) =>
      io.err(`Unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
    const nextElsewhere = (rows: Elsewhere) => linesFor(rows, flags, sources);
    const taken = { fromIncomplete, acceptForeign, nextElsewhere };
    const review = await openReview(
      { sheet, settings, named, target, limits, ...taken, io, onFailure },
      listeners,
    );
    const server = await startServer(review.routes, listeners, io.nameOf, onFailure);
    io.err(`Decisions are saved to ${sheet} at once. Ctrl-C ends the review.\n`);
    await io.out(`${server.url}\n`);
    try {
      await Promise.race([review.closed, aborted(io.signal)]);
      const { runs, trouble } = await review.end();
      if (trouble)
        io.err(`The last decisions are not in ${sheet}: ${printable(trouble.message)}\n`);
      const whole = !trouble && runs.every((run) => run.complete);
      return whole ? EXIT.ok : EXIT.partial;
    } finally {
      await server.close();
    }
  } finally {
    await target?.close();
  }
}

function linesFor(
  { rows }: Elsewhere,
  flags: ReviewFlags,
  sources: readonly string[],
): readonly string[] {
  const commandAt = (url: string) =>
    nextCommand('review', [flags.sheet, url], REVIEW_OPTIONS, flags);
  return elsewhereLines(rows, commandAt, flags.url ?? '', sources);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
