import { existsSync } from 'node:fs';
import { EXIT, type ExitCode } from '../errors.js';
import { resultSuffix } from '../export/report/result-suffix.js';
import type { Io } from '../files/io.js';
import { keepInputs, openOutputs } from '../files/outputs.js';
import { SEVERITIES } from '../findings/severities.js';
import type { EntrySource } from '../model/entry.js';
import type { Severity } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import type { ScanResult } from '../model/scan.js';
import { findingId } from '../remediation/plan/value-id.js';
import { FORMAT_NAMES, FORMATS, type FormatName } from '../reports/formats.js';
import { writeReports } from '../reports/write-reports.js';
import { scan } from '../scan/scan.js';
import { type RecordedSource, recordedSource, simulate } from '../scan/simulate.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import { asMapping } from '../text/as-mapping.js';
import { grouped, printable } from '../text/printable.js';
import type { CommandBody, OptionTable } from './command-body.js';
import { openSources } from './connect/sources.js';
import {
  type ChoiceFlags,
  CONFIG_FILE,
  choicesFrom,
  withConfig,
  withSources,
} from './flags/configured.js';
import {
  CONNECTION_OPTIONS,
  JUDGING,
  JUDGING_OPTIONS,
  MATCHING_OPTIONS,
} from './flags/connection.js';
import type { ReadFlags } from './flags/read-flags.js';
import { READING_OPTIONS, REPEATABLE, SOURCES, TEXT } from './flags/reading.js';
import { leaveOutKnown, readKnownFindings, termsOf } from './known-findings.js';
import { nextCommand } from './text/next-command.js';
import {
  nextSteps,
  remarksText,
  simulationText,
  skippedText,
  suffixText,
  summaryText,
} from './text/summary.js';

type ReportFlags = Readonly<Partial<Record<FormatName, string | undefined>>>;

interface ScanFlags extends ReadFlags, ChoiceFlags, ReportFlags {
  readonly config?: string | undefined;
  readonly source?: readonly string[] | undefined;
  readonly baseline?: string | undefined;
  readonly simulate: boolean;
  readonly showSkipped: boolean;
  readonly failOn: Severity | 'never';
}

const PROPOSING = { group: 'What to propose:' };
const REPORTING = { group: 'Reports (a file, or - for standard output):' };

const SCAN_OPTIONS = {
  ...READING_OPTIONS,
  'map-suffix': {
    ...REPEATABLE,
    ...PROPOSING,
    describe: 'Propose another suffix: contoso.local=contoso.com (repeatable)',
  },
  ...JUDGING_OPTIONS,
  ...MATCHING_OPTIONS,
  'member-limit': {
    type: 'number',
    requiresArg: true,
    defaultDescription: '250000',
    ...JUDGING,
    describe: 'Members that a group may have',
  },
  simulate: {
    type: 'boolean',
    default: false,
    ...PROPOSING,
    describe: 'Also scan what the proposals would leave (in memory)',
  },
  'sign-in-name': {
    choices: ['mail', 'keep'],
    ...PROPOSING,
    describe: 'mail: the mail address for everybody; keep: never',
  },
  keep: {
    ...TEXT,
    ...PROPOSING,
    describe: 'Who keeps a shared address, by: primary,mailbox,enabled,oldest',
  },
  ...reportOptions(),
  photos: {
    type: 'boolean',
    default: false,
    ...JUDGING,
    describe: 'Download photos to judge their size',
  },
  baseline: {
    ...TEXT,
    ...REPORTING,
    describe: 'Report only what is new against an earlier --jsonl file',
  },
  'show-skipped': {
    type: 'boolean',
    default: false,
    ...REPORTING,
    describe: 'List the entries that will not sync, and why',
  },
  'fail-on': {
    choices: ['error', 'warning', 'info', 'never'],
    default: 'error',
    ...REPORTING,
    describe: 'Exit with 1 from this severity on',
  },
  ...CONNECTION_OPTIONS,
} as const satisfies OptionTable;

/** A flag for each report format, which takes the path of the report. */
function reportOptions() {
  const option = (name: FormatName) => ({
    ...TEXT,
    ...REPORTING,
    describe: FORMATS[name].description,
  });
  return Object.fromEntries(FORMAT_NAMES.map((name) => [name, option(name)]));
}

const EXAMPLES: readonly string[] = [
  '$0 scan ldaps://dc1.contoso.com --bind-dn admin@contoso.com --csv review.csv',
  '$0 scan ldaps://gc.contoso.com:3269 --bind-dn admin@contoso.com --jsonl forest.jsonl',
  '$0 scan export.ldif --map-suffix contoso.local=contoso.com --csv review.csv',
];

/** Said at once: a large scan takes a moment to put what it found in order. */
const INTERRUPTED =
  'Interrupted: what was found so far is reported. Ctrl-C again ends at once, without a report.\n';

/** `presync scan`: reads sources, reports findings, writes nothing to any directory. */
export const scanCommand: CommandBody<typeof SOURCES, typeof SCAN_OPTIONS> = {
  positionals: SOURCES,
  options: SCAN_OPTIONS,
  examples: EXAMPLES.map((example) => [example, '']),
  epilogue: 'Exit codes: 0 clean, 1 findings, 2 could not run, 3 the scan did not see everything.',
  run: runScan,
};

async function runScan(given: ScanFlags, io: Io): Promise<ExitCode> {
  return withConfig(given, io, (config, io) => runConfigured(given, config, io));
}

async function runConfigured(given: ScanFlags, config: Config, io: Io): Promise<ExitCode> {
  const flags = withSources(given, config);
  const settings = settingsFrom(await choicesFrom(flags, config));
  const { baseline = config.baseline, csv } = flags;
  const reports = reportPaths(flags);
  const known = await readKnownFindings(baseline, config.suppressions ?? [], io);
  keepReadFiles(flags, baseline, reports);
  await keepDecisions(csv);
  const outputs = await openOutputs(reports, io);
  try {
    const opened = await openSources(flags.source, flags, io, settings.memberLimit);
    io.signal.addEventListener('abort', () => io.err(INTERRUPTED), { once: true });
    const recorded = flags.simulate ? opened.sources.map(recordedSource) : undefined;
    const sources = recorded ?? opened.sources;
    const scanned = await scanWithProgress(sources, settings, io).finally(opened.close);
    const header = { ...scanned.header, terms: termsOf(settings, flags) };
    const { result, remarks } = leaveOutKnown({ ...scanned, header }, known);
    for (const remark of remarks) io.err(`Warning: ${printable(remark)}\n`);
    const failing = failingFrom(flags.failOn);
    // Somebody may have decided while the scan ran.
    await keepDecisions(csv);
    await writeReports(result, outputs, { ...flags, settings, failing, made: io.now() });
    const skipped = flags.showSkipped ? skippedText(result) : '';
    const simulating = io.signal.aborted ? undefined : recorded;
    const simulated = simulating ? await simulateBoth(simulating, scanned, result, settings) : '';
    const text = `${summaryText(result)}${mappingText(result, flags, settings)}${remarksText(remarks)}${skipped}${simulated}${nextSteps(result, flags)}`;
    if (outputs.usesStdout) io.err(text);
    else await io.out(text);
    return exitCode(result, failing);
  } finally {
    await outputs.discard();
  }
}

/** The same scan with a replacement for the suffix that makes most of its findings. */
function mappingText(
  result: ScanResult,
  flags: ScanFlags & { readonly source: readonly string[] },
  { suffixMap }: Settings,
): string {
  const common = resultSuffix(result, findingId);
  if (!common) return '';
  const mapSuffix = [...suffixMap, common].map(asMapping);
  return suffixText(
    common,
    nextCommand('scan', flags.source, SCAN_OPTIONS, { ...flags, mapSuffix }),
  );
}

/** Where to write which report. */
function reportPaths(flags: ReportFlags): ReadonlyMap<FormatName, string> {
  const paths = new Map<FormatName, string>();
  for (const name of FORMAT_NAMES) {
    const path = flags[name];
    if (path !== undefined) paths.set(name, path);
  }
  return paths;
}

/** Refuses to write a report over a file that the scan goes by. */
function keepReadFiles(
  { source = [], config, passwordFile = [], ca, verifiedDomains }: ScanFlags,
  baseline: string | undefined,
  reports: ReadonlyMap<FormatName, string>,
): void {
  const given = [config ?? CONFIG_FILE, ca, verifiedDomains].filter((path) => path !== undefined);
  const inputs = [...source, ...given, ...passwordFile];
  for (const [name, path] of reports) {
    const isNextBaseline = FORMATS[name].isBaseline || baseline === undefined;
    keepInputs(path, isNextBaseline ? inputs : [...inputs, baseline]);
  }
}

/** Refuses a new sheet in the place of one with decisions; what reads sheets is loaded only where there is one. */
async function keepDecisions(csv: string | undefined): Promise<void> {
  if (csv === undefined || !existsSync(csv)) return;
  const sheets = await import('./keep-decisions.js');
  await sheets.keepDecisions(csv);
}

/** The safe proposals by themselves, and all of them: each is a batch that a person may apply. */
async function simulateBoth(
  recorded: readonly RecordedSource[],
  scanned: ScanResult,
  { proposals }: ScanResult,
  settings: Settings,
): Promise<string> {
  const edits = (plan: ScanResult['proposals']) => plan.map(({ edit }) => edit);
  const safe = edits(proposals.filter(({ safety }) => safety === 'safe'));
  const runs = [safe, edits(proposals)].map((plan) =>
    simulate(recorded, plan, scanned, { settings }),
  );
  const [withSafe, withAll] = await Promise.all(runs);
  return simulationText(withSafe, withAll);
}

async function scanWithProgress(
  sources: readonly EntrySource[],
  settings: Settings,
  io: Io,
): Promise<ScanResult> {
  const progress = io.errIsTerminal ? await startSpinner() : undefined;
  try {
    const onProgress = (entries: number) => {
      if (progress) progress.text = `${grouped(entries)} entries read`;
    };
    return await scan(sources, { settings, signal: io.signal, onProgress });
  } finally {
    progress?.stop();
  }
}

async function startSpinner() {
  const { default: spinner } = await import('yocto-spinner');
  return spinner({ text: 'Connecting' }).start();
}

function exitCode({ summary }: ScanResult, failing: readonly Severity[]): ExitCode {
  if (!summary.complete) return EXIT.partial;
  const found = failing.some((severity) => summary.findings[severity] > 0);
  return found ? EXIT.findings : EXIT.ok;
}

/** The severities that make a scan fail. */
function failingFrom(failOn: ScanFlags['failOn']): readonly Severity[] {
  return failOn === 'never' ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
}
