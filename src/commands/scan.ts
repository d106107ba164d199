import type { CommandModule, Options } from 'yargs';
import spinner from 'yocto-spinner';
import { settingsFrom } from '../config.js';
import { EXIT, type ExitCode, ExpectedError } from '../errors.js';
import { sheetHeader, sheetLine } from '../export/csv.js';
import { findingLine, proposalLine, scanLine, summaryLine } from '../export/jsonl.js';
import { changeRecords } from '../export/ldif.js';
import { sheetRows } from '../export/rows.js';
import { findingId, scan } from '../index.js';
import type { EntrySource, ScanResult, Settings, Severity } from '../model.js';
import type { Io } from './io.js';
import { withConnection } from './options.js';
import { type Outputs, openOutputs, writeAll } from './output.js';
import { openSources, type ReadFlags } from './sources.js';
import { nextSteps, summaryText } from './summary.js';

interface ScanFlags extends ReadFlags {
  readonly source: readonly string[];
  readonly mapSuffix?: readonly string[] | undefined;
  readonly csv?: string | undefined;
  readonly jsonl?: string | undefined;
  readonly ldif?: string | undefined;
  readonly failOn: Severity | 'never';
}

/** One value for each time the flag is given. */
const REPEATABLE = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;
const TEXT = { type: 'string', requiresArg: true } as const;

const READING = { group: 'What to read:' };
const PROPOSING = { group: 'What to propose:' };
const REPORTING = { group: 'Reports (a file, or - for standard output):' };

const SCAN_OPTIONS = {
  base: { ...REPEATABLE, ...READING, describe: 'Read only below this DN (repeatable)' },
  filter: { ...TEXT, ...READING, describe: 'Read only entries that match this LDAP filter too' },
  'page-size': {
    type: 'number',
    requiresArg: true,
    default: 500,
    ...READING,
    describe: 'Entries a page; 1000 pays over slow lines',
  },
  'map-suffix': {
    ...REPEATABLE,
    ...PROPOSING,
    describe: 'Propose another suffix: contoso.local=contoso.com (repeatable)',
  },
  csv: { ...TEXT, ...REPORTING, describe: 'Write the review sheet' },
  jsonl: { ...TEXT, ...REPORTING, describe: 'Write one JSON object a line' },
  ldif: { ...TEXT, ...REPORTING, describe: 'Write the safe proposals as LDIF changes' },
  'fail-on': {
    choices: ['error', 'warning', 'info', 'never'],
    default: 'error',
    ...REPORTING,
    describe: 'Exit with 1 from this severity on',
  },
} as const satisfies Record<string, Options>;

const EXAMPLES: readonly string[] = [
  '$0 scan ldaps://dc1.contoso.com --bind-dn admin@contoso.com --csv review.csv',
  '$0 scan ldaps://gc.contoso.com:3269 --bind-dn admin@contoso.com --jsonl forest.jsonl',
  '$0 scan export.ldif --map-suffix contoso.local=contoso.com --csv review.csv',
];

/** `presync scan`: reads sources, reports findings, writes nothing to any directory. */
export function scanCommand(
  io: Io,
  done: (code: ExitCode) => void,
): CommandModule<object, ScanFlags> {
  return {
    command: 'scan <source..>',
    describe: 'Find what breaks synchronisation; reads only',
    builder: (yargs) =>
      withConnection(
        yargs
          .positional('source', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'LDAP URL, LDIF file (*.ldif, *.ldf) or - for standard input',
          })
          .options(SCAN_OPTIONS),
      )
        .example(EXAMPLES.map((example) => [example, '']))
        .epilogue(
          'Exit codes: 0 clean, 1 findings, 2 could not run, 3 the scan did not see everything.',
        ) as never,
    handler: async (flags) => done(await runScan(flags, io)),
  };
}

async function runScan(flags: ScanFlags, io: Io): Promise<ExitCode> {
  const settings = settingsFrom({ mapSuffix: flags.mapSuffix ?? [] });
  if (!Number.isInteger(flags.pageSize) || flags.pageSize < 1)
    throw new ExpectedError(
      '--page-size must be a whole number from 1 on.',
      'Leave it out for 500.',
    );
  const outputs = await openOutputs({ csv: flags.csv, jsonl: flags.jsonl, ldif: flags.ldif }, io);
  try {
    const opened = await openSources(flags.source, flags, io);
    const result = await scanWithProgress(opened.sources, settings, io).finally(opened.close);
    await writeReports(result, outputs);
    const text = `${summaryText(result)}${nextSteps(result, flags)}`;
    if (outputs.usesStdout) io.err(text);
    else await io.out(text);
    return exitCode(result, flags.failOn);
  } finally {
    await outputs.discard();
  }
}

async function scanWithProgress(
  sources: readonly EntrySource[],
  settings: Settings,
  io: Io,
): Promise<ScanResult> {
  const progress = io.errIsTerminal ? spinner({ text: 'Connecting' }).start() : undefined;
  try {
    const onProgress = (entries: number) => {
      if (progress) progress.text = `${entries.toLocaleString('en')} entries read`;
    };
    return await scan(sources, { settings, signal: io.signal, onProgress });
  } finally {
    progress?.stop();
  }
}

async function writeReports(result: ScanResult, outputs: Outputs): Promise<void> {
  const { proposals } = result;
  await writeAll(outputs.csv, () => sheetText(result));
  await writeAll(outputs.jsonl, () => jsonLines(result));
  const safe = proposals.filter(({ safety }) => safety === 'safe').map(({ edit }) => edit);
  await writeAll(outputs.ldif, () => changeRecords(safe));
  await outputs.commit();
}

function* sheetText({ findings, proposals }: ScanResult): Generator<string> {
  yield sheetHeader();
  for (const row of sheetRows(findings, proposals, findingId)) yield sheetLine(row);
}

function* jsonLines({ header, findings, proposals, summary }: ScanResult): Generator<string> {
  yield scanLine(header);
  for (const finding of findings) yield findingLine(finding);
  for (const proposal of proposals) yield proposalLine(proposal);
  yield summaryLine(summary);
}

function exitCode({ summary }: ScanResult, failOn: ScanFlags['failOn']): ExitCode {
  if (!summary.complete) return EXIT.partial;
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const counted = failOn === 'never' ? [] : order.slice(0, order.indexOf(failOn) + 1);
  return counted.some((severity) => summary.findings[severity] > 0) ? EXIT.findings : EXIT.ok;
}
