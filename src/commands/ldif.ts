import { EXIT, type ExitCode } from '../errors.js';
import { changeRecords } from '../export/ldif.js';
import { type Io, STDIO } from '../files/io.js';
import { openOutput, writeAll } from '../files/output.js';
import { keepInputs } from '../files/outputs.js';
import { byRow, readSheetDecisions, UNDECIDED } from '../jobs/sheet-decisions.js';
import type { ApprovedEdit } from '../model/change.js';
import type { CommandBody } from './command-body.js';
import { reportRefused } from './refusals.js';

interface LdifFlags {
  readonly sheet: string;
  readonly out?: string | undefined;
}

/** `presync ldif`: the approved rows as change records, for sites that write with their own tools. */
export function ldifCommand(io: Io, done: (code: ExitCode) => void): CommandBody<LdifFlags> {
  return {
    builder: (yargs) =>
      yargs
        .positional('sheet', {
          type: 'string',
          demandOption: true,
          describe: 'Marked review sheet (CSV)',
        })
        .option('out', {
          type: 'string',
          requiresArg: true,
          describe: 'File to write, else standard output',
        })
        .epilogue('Exit codes: 0 all written, 2 could not run, 3 some rows refused.')
        .example('$0 ldif review.csv --out changes.ldif', 'then: ldifde -i -f changes.ldif'),
    handler: async (flags) => done(await runLdif(flags, io)),
  };
}

const NAMELESS = 'DISTINGUISHEDNAME is empty, and LDIF knows an entry by nothing else';

/** Without a name a record would speak of the root of the server. */
function hasName({ edit }: ApprovedEdit): boolean {
  return edit.entry.dn !== '';
}

async function runLdif({ sheet, out = STDIO }: LdifFlags, io: Io): Promise<ExitCode> {
  const decisions = await readSheetDecisions(sheet);
  const { left, incomplete } = decisions;
  const approved = decisions.approved.filter(hasName);
  const nameless = decisions.approved.filter((one) => !hasName(one));
  const refused = byRow([
    ...decisions.refused,
    ...nameless.map(({ row }) => ({ row, reason: NAMELESS })),
  ]);
  keepInputs(out, [sheet]);
  const output = await openOutput(out, io);
  try {
    await writeAll(output, () => changeRecords(approved.map(({ edit }) => edit)));
    await output.commit();
  } finally {
    await output.discard();
  }
  reportRefused(refused, io);
  if (incomplete)
    io.err(
      'Warning: the scan of this sheet did not see everything; a value may have other holders.\n',
    );
  const hint = approved.length + refused.length === 0 ? `: ${UNDECIDED}` : '';
  io.err(`${approved.length} rows written, ${left} left alone, ${refused.length} refused${hint}\n`);
  return refused.length > 0 ? EXIT.partial : EXIT.ok;
}
