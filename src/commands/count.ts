import { EXIT, type ExitCode } from '../errors.js';
import type { Io } from '../files/io.js';
import type { EntryKind } from '../model/entry.js';
import { type Count, count } from '../scan/count.js';
import type { Config } from '../settings/config-file.js';
import { settingsFrom } from '../settings/settings.js';
import { grouped, printable } from '../text/printable.js';
import type { CommandBody, FlagsOf, OptionTable } from './command-body.js';
import { openSources } from './connect/sources.js';
import { type Configured, choicesFrom, withConfig, withSources } from './flags/configured.js';
import { CONNECTION_OPTIONS, MATCHING_OPTIONS } from './flags/connection.js';
import { READING_OPTIONS, SOURCES } from './flags/reading.js';
import { type Align, columns } from './text/table.js';

/** How many objects a tenant may hold (facts L-18, L-1, L-2, L-4), and the database that Connect brings (L-19). */
const NEW_TENANT = 600;
const QUOTA_WITHOUT_DOMAIN = 50_000;
const QUOTA = 300_000;
const WITHOUT_LICENCE = 500_000;
const OWN_DATABASE = 100_000;

/** Those that every directory has; others have a column where there are any. */
const USUAL: readonly EntryKind[] = ['user', 'inetOrgPerson', 'group', 'contact'];

const COUNT_OPTIONS = {
  ...READING_OPTIONS,
  ...MATCHING_OPTIONS,
  ...CONNECTION_OPTIONS,
} as const satisfies OptionTable;

type CountFlags = FlagsOf<typeof SOURCES & typeof COUNT_OPTIONS>;

/** `presync count`: how much will be synchronised, against the quota of the cloud directory. */
export const countCommand: CommandBody<typeof SOURCES, typeof COUNT_OPTIONS> = {
  positionals: SOURCES,
  options: COUNT_OPTIONS,
  examples: [['$0 count ldaps://dc1.contoso.com --bind-dn admin@contoso.com', '']],
  epilogue: 'Exit codes: 0 within the quota, 1 beyond it, 2 could not run, 3 incomplete.',
  run: runCount,
};

async function runCount(given: CountFlags, io: Io): Promise<ExitCode> {
  return withConfig(given, io, (config, io) =>
    runConfigured(withSources(given, config), config, io),
  );
}

async function runConfigured(
  flags: Configured<CountFlags>,
  config: Config,
  io: Io,
): Promise<ExitCode> {
  const settings = settingsFrom(await choicesFrom(flags, config));
  const opened = await openSources(flags.source, flags, io);
  const counted = await count(opened.sources, { settings, signal: io.signal }).finally(
    opened.close,
  );
  await io.out(countText(counted));
  if (counted.gaps.length > 0) return EXIT.partial;
  return counted.total > QUOTA ? EXIT.findings : EXIT.ok;
}

function countText({ domains, total, joined, skipped, gaps, remarks }: Count): string {
  const all = new Set([...USUAL, ...[...domains.values()].flatMap((kinds) => [...kinds.keys()])]);
  const head = ['Domain', ...all, 'Sum'];
  const rows = [...domains].sort().map(([domain, kinds]) => {
    const counts = [...all].map((kind) => kinds.get(kind) ?? 0);
    const sum = counts.reduce((a, b) => a + b, 0);
    return [printable(domain) || '(none)', ...counts.map(grouped), grouped(sum)];
  });
  const aligns = head.map((_, at): Align => (at === 0 ? 'left' : 'right'));
  const lines = [
    columns([head, ...rows], aligns),
    '',
    `${grouped(total)} entries will be synchronised: ${verdict(total)}`,
    ...(joined > 0 ? [`  ${grouped(joined)} more are parts of these: Connect joins them`] : []),
    ...besides(total).map((line) => `  ${line}`),
    ...[...skipped].sort().map(([reason, n]) => `  ${grouped(n)} skipped: ${reason}`),
    ...(remarks.length > 0 ? ['', 'Please note'] : []),
    ...remarks.map((remark) => `  ${remark}`),
    ...(gaps.length > 0 ? ['', 'INCOMPLETE: not everything was seen.'] : []),
    ...gaps.map((gap) => `  ${printable(gap)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function verdict(total: number): string {
  if (total > QUOTA)
    return `more than the ${grouped(QUOTA)} that a tenant with a verified domain holds. Ask Microsoft support for more.`;
  if (total > QUOTA_WITHOUT_DOMAIN)
    return `more than the ${grouped(QUOTA_WITHOUT_DOMAIN)} of a tenant without a verified domain, within the ${grouped(QUOTA)} of one with. Verify a domain first.`;
  return `within the quota of a tenant (${grouped(QUOTA_WITHOUT_DOMAIN)} objects, ${grouped(QUOTA)} once a domain is verified).`;
}

/** What the number means besides. */
function besides(total: number): readonly string[] {
  return [
    'All objects of the tenant count, also devices, applications and guests, and deleted ones for 30 days and more.',
    ...(total > NEW_TENANT
      ? [`In the first two days of a new tenant it is more than the ${NEW_TENANT} that fit.`]
      : []),
    ...(total > OWN_DATABASE
      ? [
          `Give Connect a full SQL Server: its own database holds about ${grouped(OWN_DATABASE)} objects.`,
        ]
      : []),
    ...(total > WITHOUT_LICENCE
      ? [
          `Beyond ${grouped(WITHOUT_LICENCE)} a licence is needed: Microsoft 365, Entra ID P1 or P2, or Enterprise Mobility + Security.`,
        ]
      : []),
  ];
}
