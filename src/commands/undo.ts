import type { CommandModule } from 'yargs';
import type { ExitCode } from '../errors.js';
import { readJournal } from '../remediation/read-journal.js';
import { planUndo } from '../remediation/undo.js';
import type { Io } from './io.js';
import { readInput } from './sheet.js';
import { runWrite, type WriteFlags, withWriting } from './write.js';

interface UndoFlags extends WriteFlags {
  readonly file: string;
}

/** `presync undo`: puts back what a journal says was applied. */
export function undoCommand(
  io: Io,
  done: (code: ExitCode) => void,
): CommandModule<object, UndoFlags> {
  return {
    command: 'undo <file> <url>',
    describe: 'Show what a journal allows to put back; with --confirm do it',
    builder: (yargs) =>
      withWriting(
        yargs.positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'Journal of the run to undo',
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
  const journal = readJournal(await readInput(flags.file));
  return runWrite('undo', flags, io, async (writer) => {
    const { requests, refused, settled } = await planUndo(journal, writer, flags.concurrency);
    return { requests, refused, remarks: [`${settled.length} rows already as they were`] };
  });
}
