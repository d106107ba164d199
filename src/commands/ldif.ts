import { EXIT, type ExitCode } from '../errors.js';
import { changeRecords } from '../export/ldif.js';
import type { SheetText } from '../export/sheet/read-lines.js';
import { readRows } from '../export/sheet/read-sheet.js';
import { hasLookalikeMark } from '../export/sheet/rows.js';
import { type Io, STDIO } from '../files/io.js';
import { openOutput, writeAll } from '../files/output.js';
import { keepInputs } from '../files/outputs.js';
import { judgeEdits } from '../jobs/judge-edits.js';
import {
  byRow,
  decisionsIn,
  openSheet,
  type SheetDecisions,
  UNDECIDED,
} from '../jobs/sheet-decisions.js';
import { domainOfDn, namesEntry } from '../ldap/format/dn.js';
import { matchKey } from '../ldap/format/may-match.js';
import { exactKey } from '../ldap/format/values.js';
import type { ApprovedEdit, SheetRow } from '../model/change.js';
import { NAMING } from '../remediation/run/prepare.js';
import { entryKey } from '../remediation/run/requests.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import { printable } from '../text/printable.js';
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

const LOOKALIKES =
  'the directory may take another value of the attribute for VALUE and delete that one: use presync apply, which knows all of them';

/**
 * The rows that delete a value for which a directory may take another one: their scan said so, or another row shows it.
 * A row alone does not know the other values of its attribute.
 */
async function lookalikeRows(
  approved: readonly ApprovedEdit[],
  { rows }: SheetDecisions,
  sheet: SheetText,
): Promise<ReadonlySet<number>> {
  const deleting = approved.flatMap(({ row, edit }) => {
    const sheetRow = rows.get(row);
    return sheetRow && edit.before.length > 0 ? [{ row, sheetRow }] : [];
  });
  const spellings = new Map(
    deleting.map(({ sheetRow }) => [alikeKey(sheetRow), new Set<string>()]),
  );
  for await (const lines of readRows(sheet))
    for (const { read } of lines)
      if (read) spellings.get(alikeKey(read.sheetRow))?.add(String(exact(read.sheetRow)));
  const isAlike = (row: SheetRow) =>
    hasLookalikeMark(row.id) || (spellings.get(alikeKey(row))?.size ?? 0) > 1;
  return new Set(deleting.filter(({ sheetRow }) => isAlike(sheetRow)).map(({ row }) => row));
}

/** Equal for rows whose values a directory may take for one another. */
function alikeKey({ dn, guid, attribute, value }: SheetRow): string {
  const key = value && matchKey(value);
  return JSON.stringify([entryKey({ dn, guid }), attribute.toLowerCase(), key]);
}

function exact({ value }: SheetRow): string | undefined {
  return value && exactKey(value);
}

/** One server takes only the records of its own domain, and the tools stop at the first of another one. */
function tellDomains(approved: readonly ApprovedEdit[], io: Pick<Io, 'err'>): void {
  const domains = new Set(approved.map(({ edit }) => domainOfDn(edit.entry.dn)));
  domains.delete('');
  if (domains.size < 2) return;
  io.err(
    `Warning: the changes are of ${domains.size} domains (${printable([...domains].join(', '))}), and ldapmodify stops at the first that its server does not hold. presync apply leaves these for their own server.\n`,
  );
}

async function runLdif(flags: LdifFlags, config: Config, io: Io): Promise<ExitCode> {
  const { sheet, out = STDIO, acceptForeignRows, acceptFaulty } = flags;
  const settings = settingsFrom(await choicesFrom(flags, config));
  const opened = await openSheet(sheet);
  const decisions = await decisionsIn(opened, { acceptForeign: acceptForeignRows });
  const { left, incomplete, rows, foreign, edited } = decisions;
  const judgement = { settings, sheet: opened, rows, insists: () => acceptFaulty };
  const judged = await judgeEdits(decisions.approved, judgement, undefined);
  const lookalikes = await lookalikeRows(judged.approved, decisions, opened);
  const reasonOf = (one: ApprovedEdit) => {
    const { entry, attribute, before } = one.edit;
    if (!hasName(one)) return NAMELESS;
    if (before.some((value) => namesEntry(entry.dn, attribute, value))) return NAMING;
    return lookalikes.has(one.row) ? LOOKALIKES : undefined;
  };
  const approved = judged.approved.filter((one) => reasonOf(one) === undefined);
  const unfit = judged.approved.flatMap((one) => {
    const reason = reasonOf(one);
    return reason === undefined ? [] : [{ row: one.row, reason }];
  });
  const refused = byRow([...decisions.refused, ...judged.refused, ...unfit]);
  keepInputs(out, [sheet]);
  const output = await openOutput(out, io);
  try {
    await writeAll(output, () => changeRecords(approved.map(({ edit }) => edit)));
    await output.commit();
  } finally {
    await output.discard();
  }
  reportRefused(refused, io);
  tellWaysRound(foreign.length, judged.refused.length, io);
  if (incomplete)
    io.err(
      'Warning: the scan of this sheet did not see everything; a value may have other holders.\n',
    );
  tellDomains(approved, io);
  const hint = approved.length + refused.length === 0 ? `: ${UNDECIDED}` : '';
  if (edited.length > 0) io.err(`${edited.length} rows not as the scan proposed\n`);
  io.err(`${approved.length} rows written, ${left} left alone, ${refused.length} refused${hint}\n`);
  return refused.length > 0 ? EXIT.partial : EXIT.ok;
}
