import { type ExitCode, ExpectedError } from '../errors.js';
import type { Io } from '../files/io.js';
import { readInput } from '../files/read-input.js';
import type { Elsewhere } from '../jobs/limits.js';
import { planPutBack } from '../jobs/plan-undo.js';
import { type JournalContent, readJournal } from '../remediation/run/read-journal.js';
import { printable } from '../text/printable.js';
import type { ArgumentTable, CommandBody, FlagsOf, OptionTable } from './command-body.js';
import { REPEATABLE } from './flags/reading.js';
import { journalLines } from './text/elsewhere-text.js';
import { nextCommand } from './text/next-command.js';
import { CONTROLLER, runWrite, undoLine, WRITE_OPTIONS } from './write.js';

const UNDO_OPTIONS = {
  only: {
    ...REPEATABLE,
    describe: 'Put back only the rows with these IDs (with commas, or repeated)',
    group: 'Writing:',
  },
  'until-break': {
    type: 'boolean',
    default: false,
    describe: 'Put back what stands before the first line that was changed',
    group: 'Writing:',
  },
  ...WRITE_OPTIONS,
} as const satisfies OptionTable;

const UNDO_ARGUMENTS = {
  file: { type: 'string', demandOption: true, describe: 'Journal of the run to undo' },
  url: CONTROLLER,
} as const satisfies ArgumentTable;

type UndoFlags = FlagsOf<typeof UNDO_ARGUMENTS & typeof UNDO_OPTIONS>;

/** `presync undo`: puts back what a journal says was applied. */
export const undoCommand: CommandBody<typeof UNDO_ARGUMENTS, typeof UNDO_OPTIONS> = {
  positionals: UNDO_ARGUMENTS,
  options: UNDO_OPTIONS,
  examples: [
    [
      '$0 undo presync-apply-20261122-101500-000.jsonl ldaps://dc1.contoso.com --bind-dn admin@contoso.com',
      'look first',
    ],
  ],
  epilogue: 'Exit codes: 0 all put back, 2 could not run, 3 some rows refused, stale or failed.',
  run: runUndo,
};

async function runUndo(flags: UndoFlags, io: Io): Promise<ExitCode> {
  const { file, untilBreak } = flags;
  const journal = readJournal(await readInput(file, 'journal'), { untilBreak });
  const only = flags.only && idsIn(flags.only, journal);
  const { resumes } = journal.header;
  return runWrite(
    {
      command: 'undo',
      makePlan: async (writer) => {
        const plan = await planPutBack(journal, writer, only);
        if (resumes) io.err(`This run went on from another: undo ${printable(resumes)} too.\n`);
        return plan;
      },
      nextCommands: (own) => ({
        goOn: goOnLine(flags),
        back: [undoLine(own, flags)],
      }),
      elsewhere: (rows) => linesFor(rows, flags, journal.header),
    },
    flags,
    io,
  );
}

function linesFor(
  { rows }: Elsewhere,
  flags: UndoFlags,
  header: JournalContent['header'],
): readonly string[] {
  const again = { ...flags, confirm: false, journal: undefined };
  const commandAt = (url: string) => nextCommand('undo', [flags.file, url], UNDO_OPTIONS, again);
  return journalLines(rows, commandAt, flags.url, header);
}

/** To go on with an undo is to start it again: what was put back stays so. */
function goOnLine(flags: UndoFlags): string {
  const again = { ...flags, confirm: true, journal: undefined };
  return nextCommand('undo', [flags.file, flags.url], UNDO_OPTIONS, again);
}

/** The ids that a person named. Throws ExpectedError when the journal has not all of them. */
function idsIn(texts: readonly string[], { requests }: JournalContent): ReadonlySet<string> {
  const known = new Set(requests.flatMap(({ edits }) => edits.map(({ id }) => id)));
  // An apostrophe keeps a spreadsheet from taking an ID for a number.
  const ids = texts.flatMap((text) => text.split(',')).map((id) => id.trim().replace(/^'/, ''));
  const wrong = ids.find((id) => !known.has(id));
  if (wrong === undefined) return new Set(ids);
  throw new ExpectedError(
    `The journal has no row with the ID "${wrong}".`,
    'Take the IDs from the column ID of the sheet, or from "id" in the journal.',
  );
}
