import type { CommandModule } from 'yargs';
import type { ExitCode } from '../errors.js';
import { prepare } from '../remediation/prepare.js';
import type { Io } from './io.js';
import { byRow, readDecisions } from './sheet.js';
import { runWrite, type WriteFlags, withWriting } from './write.js';

interface ApplyFlags extends WriteFlags {
  readonly sheet: string;
}

/** `presync apply`: carries out the approved rows of a review sheet. */
export function applyCommand(
  io: Io,
  done: (code: ExitCode) => void,
): CommandModule<object, ApplyFlags> {
  return {
    command: 'apply <sheet> <url>',
    describe: 'Show what the approved rows would change; with --confirm do it',
    builder: (yargs) =>
      withWriting(
        yargs.positional('sheet', {
          type: 'string',
          demandOption: true,
          describe: 'Marked review sheet (CSV)',
        }),
      )
        .example(
          '$0 apply review.csv ldaps://dc1.contoso.com --bind-dn admin@contoso.com',
          'look first',
        )
        .example(
          '$0 apply review.csv ldaps://dc1.contoso.com --bind-dn admin@contoso.com --confirm',
          'write',
        )
        .epilogue(
          'Exit codes: 0 all applied, 2 could not run, 3 some rows refused, stale or failed.',
        ) as never,
    handler: async (flags) => done(await runApply(flags, io)),
  };
}

async function runApply(flags: ApplyFlags, io: Io): Promise<ExitCode> {
  const { approved, refused, left } = await readDecisions(flags.sheet);
  return runWrite('apply', flags, io, async (writer) => {
    const prepared = await prepare(approved, writer, flags.concurrency);
    return {
      requests: prepared.requests,
      refused: byRow([...refused, ...prepared.refused]),
      remarks: [`${left} rows left alone`],
    };
  });
}
