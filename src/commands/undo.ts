import { type ExitCode, ExpectedError } from '../errors.js';
import type { Io } from '../files/io.js';
import { readInput } from '../files/read-input.js';
import { planPutBack } from '../jobs/plan-undo.js';
import { type JournalContent, readJournal } from '../remediation/run/read-journal.js';
import { printable } from '../text/printable.js';
import type { CommandBody } from './command-body.js';
import { REPEATABLE } from './flags/reading.js';
import { commandLine, connectionWords } from './text/next-command.js';
import { capWords, runWrite, type WriteFlags, withWriting } from './write.js';

interface UndoFlags extends WriteFlags {
  readonly file: string;
  readonly only?: readonly string[] | undefined;
}

/** `presync undo`: puts back what a journal says was applied. */
export function undoCommand(io: Io, done: (code: ExitCode) => void): CommandBody<UndoFlags> {
  return {
    builder: (yargs) =>
      withWriting(
        yargs
          .positional('file', {
            type: 'string',
            demandOption: true,
            describe: 'Journal of the run to undo',
          })
          .option('only', {
            ...REPEATABLE,
            describe: 'Put back only the rows with these IDs (with commas, or repeated)',
            group: 'Writing:',
          }),
      )
        .example(
          '$0 undo presync-apply-20261122-101500-000.jsonl ldaps://dc1.contoso.com --bind-dn admin@contoso.com',
          'look first',
        )
        .epilogue(
          'Exit codes: 0 all put back, 2 could not run, 3 some rows refused, stale or failed.',
        ) as never,
    handler: async (flags) => done(await runUndo(flags, io)),
  };
}

async function runUndo(flags: UndoFlags, io: Io): Promise<ExitCode> {
  const { file, url } = flags;
  const journal = readJournal(await readInput(file, 'journal'));
  const only = flags.only && idsIn(flags.only, journal);
  const { resumes } = journal.header;
  const rest = (flags.only ?? []).flatMap((ids) => ['--only', ids]);
  const there = [url, ...connectionWords(flags)];
  return runWrite(
    {
      command: 'undo',
      makePlan: async (writer) => {
        const plan = await planPutBack(journal, writer, only);
        if (resumes) io.err(`This run went on from another: undo ${printable(resumes)} too.\n`);
        return plan;
      },
      nextCommands: (own) => ({
        goOn: commandLine([
          ...['presync', 'undo', file, ...there],
          ...['--confirm', ...rest, ...capWords(flags)],
        ]),
        back: [commandLine(['presync', 'undo', own, ...there])],
      }),
    },
    flags,
    io,
  );
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
