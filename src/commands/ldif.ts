import { EXIT, type ExitCode } from '../errors.js';
import { changeRecords } from '../export/ldif.js';
import { type Io, STDIO } from '../files/io.js';
import { openOutput, writeAll } from '../files/output.js';
import { keepInputs } from '../files/outputs.js';
import { judgeEdits } from '../jobs/judge-edits.js';
import { byRow, readSheetDecisions, UNDECIDED } from '../jobs/sheet-decisions.js';
import type { ApprovedEdit } from '../model/change.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import type { ArgumentTable, CommandBody, FlagsOf, OptionTable } from './command-body.js';
import { choicesFrom, withConfig } from './flags/configured.js';
import { TEXT } from './flags/reading.js';
import { SHEET_OPTIONS, tellWaysRound } from './flags/sheet.js';
import { reportRefused } from './refusals.js';

const LDIF_OPTIONS = {
  out: { ...TEXT, describe: 'File to write, else standard output' },
  ...SHEET_OPTIONS,
} as const satisfies OptionTable;

const LDIF_ARGUMENTS = {
  sheet: { type: 'string', demandOption: true, describe: 'Marked review sheet (CSV)' },
} as const satisfies ArgumentTable;

type LdifFlags = FlagsOf<typeof LDIF_ARGUMENTS & typeof LDIF_OPTIONS>;

/** `presync ldif`: the approved rows as change records, for sites that write with their own tools. */
export const ldifCommand: CommandBody<typeof LDIF_ARGUMENTS, typeof LDIF_OPTIONS> = {
  positionals: LDIF_ARGUMENTS,
  options: LDIF_OPTIONS,
  examples: [['$0 ldif review.csv --out changes.ldif', 'then: ldifde -i -f changes.ldif']],
  epilogue: 'Exit codes: 0 all written, 2 could not run, 3 some rows refused.',
  run: async (flags, io) => withConfig(flags, io, (config, io) => runLdif(flags, config, io)),
};

const NAMELESS = 'DISTINGUISHEDNAME is empty, and LDIF knows an entry by nothing else';

/** Without a name a record would speak of the root of the server. */
function hasName({ edit }: ApprovedEdit): boolean {
  return edit.entry.dn !== '';
}

async function runLdif(flags: LdifFlags, config: Config, io: Io): Promise<ExitCode> {
  const { sheet, out = STDIO, acceptForeignRows, acceptFaulty } = flags;
  const settings = settingsFrom(await choicesFrom(flags, config));
  const decisions = await readSheetDecisions(sheet, { acceptForeign: acceptForeignRows });
  const { left, incomplete, rows, foreign, edited } = decisions;
  const judgement = { settings, rows, insists: () => acceptFaulty };
  const judged = await judgeEdits(decisions.approved, judgement, undefined);
  const approved = judged.approved.filter(hasName);
  const nameless = judged.approved.filter((one) => !hasName(one));
  const refused = byRow([
    ...decisions.refused,
    ...judged.refused,
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
  tellWaysRound(foreign, judged.refused.length, io);
  if (incomplete)
    io.err(
      'Warning: the scan of this sheet did not see everything; a value may have other holders.\n',
    );
  const hint = approved.length + refused.length === 0 ? `: ${UNDECIDED}` : '';
  if (edited > 0) io.err(`${edited} rows not as the scan proposed\n`);
  io.err(`${approved.length} rows written, ${left} left alone, ${refused.length} refused${hint}\n`);
  return refused.length > 0 ? EXIT.partial : EXIT.ok;
}
