import type { Baseline } from '../export/jsonl/read-baseline.js';
import { compareSeverities } from '../findings/severities.js';
import { identityOf } from '../ldap/format/dn.js';
import { exactKey } from '../ldap/format/values.js';
import type { Earlier, Finding } from '../model/finding.js';
import type { ScanHeader, ScanResult } from '../model/scan.js';
import { RULE_FAILED } from '../validators/engine/rule-failed.js';
import { onlyFindings } from './only-findings.js';

/**
 * Holds a scan against an earlier one: what remains are the findings that the earlier one had not. A finding is the
 * same when rule, entry, attribute and value are, and it has not become graver. Findings are only said to be gone where
 * this scan would have seen them; suppressed ones stand.
 */
export function compareWith(result: ScanResult, baseline: Baseline, file: string): ScanResult {
  const earlier = new Map(baseline.findings.map((finding) => [sameness(finding), finding]));
  const fresh: Finding[] = [];
  const known: Finding[] = [];
  for (const finding of result.findings)
    (isNoGraver(finding, earlier.get(sameness(finding))) ? known : fresh).push(finding);
  for (const finding of result.findings) earlier.delete(sameness(finding));
  for (const { finding } of result.suppressed ?? []) earlier.delete(sameness(finding));
  const blind = blindness(result, baseline);
  const isSeen = blind.length > 0 ? () => false : judged(result);
  const missing = [...earlier.values()];
  return {
    ...onlyFindings(result, fresh),
    comparison: {
      baseline: file,
      known,
      gone: missing.filter(isSeen),
      unseen: missing.filter((finding) => !isSeen(finding)),
      doubts: [
        ...(blind.length > 0
          ? [`nothing is said to be gone, because ${blind.join(', and ')}`]
          : []),
        ...(baseline.complete ? [] : [INCOMPLETE_BASELINE]),
      ],
    },
  };
}

const INCOMPLETE_BASELINE =
  'the earlier scan did not see everything, so what it missed counts as new';

function isNoGraver({ severity }: Finding, before: Earlier | undefined): boolean {
  return before !== undefined && compareSeverities(severity, before.severity) >= 0;
}

function sameness({ rule, entry, attribute, value }: Earlier): string {
  const text = value === undefined ? '' : exactKey(value);
  return `${rule}\0${identityOf(entry)}\0${attribute}\0${text}`;
}

/** Why nothing can be said to be gone, one line each. */
function blindness(result: ScanResult, { header }: Baseline): readonly string[] {
  const differing = differences(result.header, header);
  const reasons: string[] = [];
  if (!result.summary.complete) reasons.push('this scan did not see everything');
  if (result.findings.some(({ rule }) => rule === RULE_FAILED.id))
    reasons.push('a rule failed in this scan');
  if (differing.length > 0) reasons.push(`the two scans differ in ${differing.join(', ')}`);
  return reasons;
}

/** By what two scans differ in what they read or in how they judged it. */
function differences(now: ScanHeader, before: ScanHeader): readonly string[] {
  const [here, there] = [flat(now), flat(before)];
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort();
  return names.filter((name) => JSON.stringify(here[name]) !== JSON.stringify(there[name]));
}

function flat({ sources, profile, terms }: ScanHeader): Readonly<Record<string, unknown>> {
  return { ...terms, sources: sources.toSorted(), profile };
}

/** Whether this scan could run the rule of a finding on its attribute. */
function judged({ summary }: ScanResult): (finding: Earlier) => boolean {
  const unjudged = new Set(summary.notRun.map(({ rule, attribute }) => pair(rule, attribute)));
  return ({ rule, attribute }) => !unjudged.has(pair(rule, attribute));
}

function pair(rule: string, attribute: string): string {
  return `${rule}\0${attribute}`;
}
