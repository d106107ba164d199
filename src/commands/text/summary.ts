import { leftOutText } from '../../export/report/left-out.js';
import { STDIO } from '../../files/io.js';
import { isLdapUrl, parseLdapUrl } from '../../ldap/format/ldap-url.js';
import type { Edit } from '../../model/change.js';
import type { CommonSuffix, NotRun, Person, ScanResult } from '../../model/scan.js';
import type { Simulation } from '../../scan/simulate.js';
import { grouped, printable } from '../../text/printable.js';
import { RULE_FAILED } from '../../validators/engine/rule-failed.js';
import { RULES } from '../../validators/index.js';
import { CONNECTION_OPTIONS, type ConnectionFlags, JUDGING_OPTIONS } from '../flags/connection.js';
import { CONFIG } from '../flags/reading.js';
import { commandLine, wordsOf } from './next-command.js';
import { columns } from './table.js';

/** The summary that a person sees at the end of a scan. */
export function summaryText(result: ScanResult): string {
  const { summary, proposals, registrations } = result;
  const skipped = Object.entries(summary.skipped);
  const total = skipped.reduce((sum, [, count]) => sum + count, 0);
  const lines = [
    `${count(summary.entries, 'entry', 'entries')} read, ${grouped(summary.entries - total)} judged, ${grouped(total)} skipped`,
    ...skipped.map(([reason, n]) => `  ${grouped(n)} skipped: ${reason}`),
    ...joinedText(result.persons),
    '',
    findingsText(result),
    ...leftOutText(result),
    proposalsText(proposals.filter(({ safety }) => safety === 'safe').length, proposals.length),
    ...registrations.map(registrationText),
    ...notRunText(summary.notRun),
  ];
  if (!summary.complete)
    lines.push(
      '',
      'INCOMPLETE: this scan did not see everything.',
      ...summary.gaps.map((gap) => `  ${printable(gap)}`),
    );
  return `${lines.join('\n')}\n`;
}

function joinedText(persons: readonly Person[]): readonly string[] {
  if (persons.length === 0) return [];
  const parts = persons.reduce((sum, { others }) => sum + 1 + others.length, 0);
  return [`  ${grouped(parts)} joined by Connect to ${count(persons.length, 'person', 'people')}`];
}

/** What would settle most findings in one go, with the command for it. */
export function suffixText(common: CommonSuffix | undefined, command: string): string {
  if (!common) return '';
  const { from, faults, all } = common;
  return `\n${grouped(faults)} of ${grouped(all)} findings are about the domain ${printable(from)}. Scan again with the domain that replaces it:\n  ${command}\n`;
}

/** What there is to say about suppressions and baseline. */
export function remarksText(remarks: readonly string[]): string {
  if (remarks.length === 0) return '';
  return `\nPlease note\n${remarks.map((remark) => `  ${printable(remark)}\n`).join('')}`;
}

function registrationText({ entry, after }: Edit): string {
  return `New UPN suffix for the forest: ${after.map(String).join(', ')} (uPNSuffixes of ${printable(entry.dn)}; --ldif adds it, apply does not)`;
}

function findingsText({ summary, comparison }: ScanResult): string {
  const { rules } = summary;
  const { error, warning, info } = summary.findings;
  if (Object.keys(rules).length === 0) return comparison ? 'No new findings.' : 'No findings.';
  const head = ['Rule', 'Errors', 'Warnings', 'Info', 'What'];
  const rows = [...RULES.map(({ meta }) => meta), RULE_FAILED].flatMap(({ id, title }) => {
    const found = rules[id];
    return found ? [[id, ...[found.error, found.warning, found.info].map(cell), title]] : [];
  });
  const table = columns([head, ...rows], ['left', 'right', 'right', 'right']);
  const sum = `${count(error, 'error', 'errors')}, ${count(warning, 'warning', 'warnings')}, ${grouped(info)} info`;
  return `${table}\n\n${sum}`;
}

function cell(n: number): string {
  return n === 0 ? '' : grouped(n);
}

/** Which checks a source left no way to run, one line for each reason. */
function notRunText(notRun: readonly NotRun[]): readonly string[] {
  const rules = new Map<string, string[]>();
  for (const { rule, attribute, reason } of notRun)
    rules.set(reason, [...(rules.get(reason) ?? []), `${rule} (${attribute})`]);
  if (rules.size === 0) return [];
  return [
    '',
    'Not checked, for what is not delivered is not known to be absent:',
    ...[...rules].map(
      ([reason, names]) => `  ${printable(reason)}: ${[...new Set(names)].join(', ')}`,
    ),
  ];
}

function proposalsText(safe: number, all: number): string {
  return `${count(all, 'proposal', 'proposals')}: ${grouped(safe)} safe, ${grouped(all - safe)} to review`;
}

/** The entries that will not be synchronised, for --show-skipped. */
export function skippedText({ skipped }: ScanResult): string {
  if (skipped.length === 0) return '';
  const lines = skipped.map(({ entry, reason }) => `  ${reason}: ${printable(entry.dn)}`);
  return `\nSkipped\n${lines.join('\n')}\n`;
}

/** What would be left after the safe proposals, and after all of them. */
export function simulationText(safe: Simulation | undefined, all: Simulation | undefined): string {
  const lines = [['safe proposals', safe] as const, ['proposals', all] as const].flatMap(
    ([what, simulation]) => (simulation ? simulationLines(what, simulation) : []),
  );
  return `\nSimulation\n${lines.join('\n')}\n`;
}

/** A new finding would be a fault of presync: it is shown, so that nobody applies such a plan. */
const FRESH_SHOWN = 10;

function simulationLines(what: string, { edits, result, fresh }: Simulation): readonly string[] {
  const left = count(result.findings.length, 'finding remains', 'findings remain');
  return [
    `  with the ${grouped(edits)} ${what} applied: ${left}, ${fresh.length === 0 ? 'none' : grouped(fresh.length)} new`,
    ...fresh
      .slice(0, FRESH_SHOWN)
      .map(
        ({ rule, attribute, entry }) => `    NEW ${rule} (${attribute}): ${printable(entry.dn)}`,
      ),
  ];
}

/** What to type next, given what was written. */
export function nextSteps(
  { summary, proposals }: ScanResult,
  flags: ConnectionFlags & {
    readonly source: readonly string[];
    readonly csv?: string | undefined;
  },
): string {
  const { csv, source } = flags;
  if (!summary.complete)
    return '\nNext: mend what is named above and scan again before you apply anything.\n';
  const found = Object.values(summary.findings).some((n) => n > 0);
  if (!found) return '';
  if (csv === undefined || csv === STDIO)
    return '\nNext: add --csv review.csv to write the review sheet. presync rules ID explains a rule.\n';
  const approve =
    proposals.length > 0
      ? 'put EDIT or REMOVE into ACTION where you agree'
      : 'fill in UPDATE and ACTION';
  const [url, another] = source.filter(isLdapUrl);
  const isKnown = url !== undefined && !another && !parseLdapUrl(url).isCatalogPort;
  const [there, account] = isKnown ? [url, flags] : ['ldaps://YOUR-DC', { bindDn: ['YOU'] }];
  const judged = wordsOf({ config: CONFIG, ...JUDGING_OPTIONS }, flags);
  const connected = wordsOf(CONNECTION_OPTIONS, account);
  const apply = commandLine(['presync', 'apply', csv, there, ...connected, ...judged]);
  return [
    '',
    `Next: open ${csv}, ${approve}, save,`,
    `or decide in the browser: ${commandLine(['presync', 'review', csv, ...judged])}; then`,
    `  ${apply}`,
    `  ${apply} --confirm`,
    '(the first shows what would change), or for ldapmodify and ldifde:',
    `  ${commandLine(['presync', 'ldif', csv, '--out', 'changes.ldif', ...judged])}`,
    '',
  ].join('\n');
}

function count(n: number, one: string, many: string): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}
