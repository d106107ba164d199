import type { Finding, Severity } from '../../model/finding.js';
import type { ScanResult } from '../../model/scan.js';
import { printable } from '../../text/printable.js';
import { leftOutText } from './left-out.js';

/** What a JUnit report needs besides the scan. */
export interface JunitContext {
  /** The rules in the order of the test cases; `lines` is how often the profile of the scan uses one. */
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly lines: number;
  }[];
  /** Findings of these severities fail a test case. */
  readonly failing: readonly Severity[];
}

/** Findings that a test case names; the other reports have them all. */
const SHOWN = 5;

type State = 'passed' | 'failures' | 'errors' | 'skipped';

interface TestCase {
  readonly name: string;
  readonly state: State;
  readonly body: string;
}

/**
 * The scan as a JUnit report, for build servers: a test case for each rule, and one that the scan saw everything. The
 * form is the one that build servers agree on (testsuites, testsuite, testcase with failure, error or skipped).
 */
export function junitReport(result: ScanResult, context: JunitContext): string {
  const byRule = new Map<string, Finding[]>(context.rules.map(({ id }) => [id, []]));
  for (const finding of result.findings) byRule.get(finding.rule)?.push(finding);
  const cases = [
    completeness(result),
    ...context.rules.map((rule) => ruleCase(rule, byRule.get(rule.id) ?? [], result, context)),
  ];
  const count = (state: State) => cases.filter((one) => one.state === state).length;
  const counts = `tests="${cases.length}" failures="${count('failures')}" errors="${count('errors')}" skipped="${count('skipped')}"`;
  const lines = cases.map(
    ({ name, body }) =>
      `    <testcase classname="presync" name="${xml(name)}" time="0">${body}</testcase>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="presync" ${counts} time="0">
  <testsuite name="${xml(result.header.sources.join(', '))}" ${counts} time="0">
${lines.join('\n')}
  </testsuite>
</testsuites>
`;
}

function completeness(result: ScanResult): TestCase {
  const name = 'the scan saw everything';
  const { complete, gaps } = result.summary;
  const notes = [...leftOutText(result), ...(result.comparison?.doubts ?? [])];
  if (complete) return { name, state: 'passed', body: systemOut(notes) };
  return { name, state: 'errors', body: element('error', 'The scan did not see everything', gaps) };
}

function ruleCase(
  { id, title, lines }: JunitContext['rules'][number],
  findings: readonly Finding[],
  { header, summary }: ScanResult,
  { failing }: JunitContext,
): TestCase {
  const failed = findings.filter(({ severity }) => failing.includes(severity));
  const notRun = summary.notRun.filter(({ rule }) => rule === id);
  const unchecked = notRun.map(({ attribute, reason }) => `not checked: ${attribute}: ${reason}`);
  if (failed.length > 0) {
    const shown = failed.slice(0, SHOWN).map(findingText);
    if (failed.length > SHOWN) shown.push(`and ${failed.length - SHOWN} more`);
    const body = element('failure', `${failed.length} × ${title}`, [...shown, ...unchecked]);
    return { name: id, state: 'failures', body };
  }
  const skipped = (reason: string): TestCase => ({
    name: id,
    state: 'skipped',
    body: `<skipped message="${xml(reason)}"/>`,
  });
  if (lines === 0) return skipped(`not part of the profile ${header.profile}`);
  const everywhere = lines * header.sources.length;
  if (notRun.length >= everywhere) return skipped([...new Set(unchecked)].join('; '));
  const below = findings.length > 0 ? [`${findings.length} below the severity that fails`] : [];
  return { name: id, state: 'passed', body: systemOut([...below, ...unchecked]) };
}

function findingText({ severity, entry, attribute, message }: Finding): string {
  return `${severity}: ${entry.dn}: ${attribute}: ${message}`;
}

function element(name: string, message: string, lines: readonly string[]): string {
  return `<${name} message="${xml(message)}" type="${name}">${text(lines)}</${name}>`;
}

function systemOut(notes: readonly string[]): string {
  return notes.length > 0 ? `<system-out>${text(notes)}</system-out>` : '';
}

function text(lines: readonly string[]): string {
  return lines.map(xml).join('\n');
}

/** Text for XML 1.0, which knows no control characters, however escaped, and neither U+FFFE nor U+FFFF. */
function xml(value: string): string {
  return printable(value)
    .replace(/[\uFFFE\uFFFF]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
