import Table from 'cli-table3';
import type { ScanResult, Severity } from '../model.js';
import { printable } from '../printable.js';
import { RULES } from '../validators/index.js';
import { STDIO } from './io.js';
import { PLAIN_TABLE } from './table.js';

/** The summary that a person sees at the end of a scan. */
export function summaryText({ summary, proposals }: ScanResult): string {
  const skipped = Object.entries(summary.skipped);
  const total = skipped.reduce((sum, [, count]) => sum + count, 0);
  const lines = [
    `${count(summary.entries, 'entry', 'entries')} read, ${number(summary.entries - total)} judged, ${number(total)} skipped`,
    ...skipped.map(([reason, n]) => `  ${number(n)} skipped: ${reason}`),
    '',
    findingsText(summary.findings, summary.rules),
    proposalsText(proposals.filter(({ safety }) => safety === 'safe').length, proposals.length),
  ];
  if (!summary.complete)
    lines.push(
      '',
      'INCOMPLETE: this scan did not see everything.',
      ...summary.gaps.map((gap) => `  ${printable(gap)}`),
    );
  return `${lines.join('\n')}\n`;
}

function findingsText(
  totals: Readonly<Record<Severity, number>>,
  rules: Readonly<Record<string, number>>,
): string {
  if (Object.keys(rules).length === 0) return 'No findings.';
  const table = new Table({
    ...PLAIN_TABLE,
    head: ['Rule', 'Findings', 'What'],
    colAligns: ['left', 'right', 'left'],
  });
  for (const { meta } of RULES) {
    const found = rules[meta.id];
    if (found) table.push([meta.id, number(found), meta.title]);
  }
  const { error, warning, info } = totals;
  const sum = `${count(error, 'error', 'errors')}, ${count(warning, 'warning', 'warnings')}, ${number(info)} info`;
  return `${table.toString()}\n\n${sum}`;
}

function proposalsText(safe: number, all: number): string {
  return `${count(all, 'proposal', 'proposals')}: ${number(safe)} safe, ${number(all - safe)} to review`;
}

/** What to type next, given what was written. */
export function nextSteps(
  { summary, proposals }: ScanResult,
  { csv }: { readonly csv?: string | undefined },
): string {
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
  return [
    '',
    `Next: open ${csv}, ${approve}, save, then`,
    `  presync apply ${csv} ldaps://YOUR-DC --bind-dn YOU       shows what would change`,
    `  presync apply ${csv} ldaps://YOUR-DC --bind-dn YOU --confirm`,
    `  presync ldif ${csv} > changes.ldif                       for ldapmodify or ldifde`,
    '',
  ].join('\n');
}

function number(n: number): string {
  return n.toLocaleString('en');
}

function count(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}
