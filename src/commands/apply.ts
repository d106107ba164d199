import { resolve } from 'node:path';
import { type ExitCode, ExpectedError } from '../errors.js';
import type { Io } from '../files/io.js';
import { partsElsewhere } from '../jobs/elsewhere.js';
import { type NamedJournal, readJournals } from '../jobs/journal-chain.js';
import type { Elsewhere } from '../jobs/limits.js';
import { planApply } from '../jobs/plan-apply.js';
import { checkSelection } from '../jobs/selection.js';
import { decisionsIn, openSheet } from '../jobs/sheet-decisions.js';
import type { ApprovedEdit } from '../model/change.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import { printable } from '../text/printable.js';
import type { ArgumentTable, CommandBody, FlagsOf, OptionTable } from './command-body.js';
import { choicesFrom, withConfig } from './flags/configured.js';
import { REPEATABLE, TEXT } from './flags/reading.js';
import { SHEET_OPTIONS, tellWaysRound } from './flags/sheet.js';
import { openResult } from './result-file.js';
import { elsewhereLines, journalLines } from './text/elsewhere-text.js';
import { nextCommand } from './text/next-command.js';
import { CONTROLLER, runWrite, undoLine, WRITE_OPTIONS } from './write.js';

const BATCH = { group: 'Which of the approved rows:' };

const APPLY_OPTIONS = {
  only: { ...REPEATABLE, ...BATCH, choices: ['safe'], describe: 'Those whose proposal is safe' },
  rule: { ...REPEATABLE, ...BATCH, describe: 'Those that this rule found (repeatable)' },
  limit: {
    type: 'number',
    requiresArg: true,
    ...BATCH,
    describe: 'Those of the first so many entries',
  },
  resume: { ...TEXT, ...BATCH, describe: 'Finish the interrupted run of this journal' },
  'from-incomplete': {
    type: 'boolean',
    default: false,
    ...BATCH,
    describe: 'Take a sheet whose scan did not see everything',
  },
  ...SHEET_OPTIONS,
  result: { ...TEXT, group: 'Writing:', describe: 'Copy of the sheet that says what came of it' },
  ...WRITE_OPTIONS,
} as const satisfies OptionTable;

const APPLY_ARGUMENTS = {
  sheet: { type: 'string', demandOption: true, describe: 'Marked review sheet (CSV)' },
  url: CONTROLLER,
} as const satisfies ArgumentTable;

type ApplyFlags = FlagsOf<typeof APPLY_ARGUMENTS & typeof APPLY_OPTIONS>;

const EXAMPLE = '$0 apply review.csv ldaps://dc1.contoso.com --bind-dn admin@contoso.com';

/** `presync apply`: carries out the approved rows of a review sheet. */
export const applyCommand: CommandBody<typeof APPLY_ARGUMENTS, typeof APPLY_OPTIONS> = {
  positionals: APPLY_ARGUMENTS,
  options: APPLY_OPTIONS,
  examples: [
    [EXAMPLE, 'look first'],
    [`${EXAMPLE} --confirm`, 'write'],
  ],
  epilogue: 'Exit codes: 0 all applied, 2 could not run, 3 some rows refused, stale or failed.',
  run: async (flags, io) => withConfig(flags, io, (config, io) => runApply(flags, config, io)),
};

async function runApply(flags: ApplyFlags, config: Config, io: Io): Promise<ExitCode> {
  const settings = settingsFrom(await choicesFrom(flags, config));
  const opened = await openSheet(flags.sheet);
  const decisions = await decisionsIn(opened, { acceptForeign: flags.acceptForeignRows });
  if (decisions.incomplete && !flags.fromIncomplete)
    throw new ExpectedError(
      'The sheet comes from a scan that did not see everything: a value may have other holders.',
      'Scan again until nothing is missing, or add --from-incomplete if that is impossible.',
    );
  checkSelection(decisions, flags);
  const journals = flags.resume === undefined ? [] : await readJournals(flags.resume);
  const { sheet } = flags;
  const own = flags.journal === undefined ? [] : [flags.journal];
  const needed = { sheet, journals: [...own, ...journals.map(({ path }) => path)] };
  const result =
    flags.result === undefined ? undefined : await openResult(flags.result, needed, opened, io);
  const insists = () => flags.acceptFaulty;
  const judgement = { settings, sheet: opened, rows: decisions.rows, insists };
  let done: readonly ApprovedEdit[] = [];
  const job = {
    command: 'apply',
    resumes: flags.resume && resolve(flags.resume),
    makePlan: async (target: Target) => {
      await refuseStray(journals, flags, target);
      const plan = await planApply({ decisions, flags, journals, judgement }, target);
      done = plan.done;
      tellWaysRound(plan.foreign, plan.faulty, io);
      return plan;
    },
    nextCommands: (own: string) => ({
      goOn: goOnLine(own, flags),
      back: [own, ...journals.map(({ path }) => path).reverse()].map((path) =>
        undoLine(path, flags),
      ),
    }),
    elsewhere: (rows) => linesFor(rows, flags),
    finish: async (rows, plan) => result?.write(rows, plan.refused, done),
  } satisfies Parameters<typeof runWrite>[0];
  try {
    return await runWrite(job, flags, io);
  } finally {
    await result?.discard();
  }
}

/** A run is finished where it was made: what another server shows says nothing of it. */
async function refuseStray(
  journals: readonly NamedJournal[],
  flags: ApplyFlags,
  target: Target,
): Promise<void> {
  for (const { path, header, requests } of journals) {
    const dns = requests.flatMap(({ edits }) => edits.map(({ edit }) => edit.entry.dn));
    const [part] = (await partsElsewhere(dns, target)).values();
    if (part === undefined) continue;
    const commandAt = (url: string) =>
      nextCommand('apply', [flags.sheet, url], APPLY_OPTIONS, flags);
    const there = journalLines(new Map([[part, 1]]), commandAt, flags.url, header);
    throw new ExpectedError(
      `${path} is the journal of a run in ${printable(part)}, which another server than ${target.name} holds.`,
      `Nothing was written. ${there.join('')}`,
    );
  }
}

/** The results, where there are any, are the sheet that goes on: they say what is done. */
function linesFor({ rows, isAll }: Elsewhere, flags: ApplyFlags): readonly string[] {
  const { result, confirm } = flags;
  const sheet = confirm && !isAll && result !== undefined ? result : flags.sheet;
  const again = {
    ...flags,
    confirm: false,
    journal: undefined,
    resume: undefined,
    result: undefined,
  };
  const commandAt = (url: string) => nextCommand('apply', [sheet, url], APPLY_OPTIONS, again);
  return elsewhereLines(rows, commandAt, flags.url);
}

/** With all that was given for the first run, so that the resumed one does no more, and leaves no less behind. */
function goOnLine(resume: string, flags: ApplyFlags): string {
  const again = { ...flags, confirm: true, journal: undefined, resume };
  return nextCommand('apply', [flags.sheet, flags.url], APPLY_OPTIONS, again);
}
