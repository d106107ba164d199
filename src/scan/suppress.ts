import { isWithin, normaliseDn } from '../ldap/format/dn.js';
import type { Finding } from '../model/finding.js';
import type { ScanResult, Suppressed } from '../model/scan.js';
import { remarked } from '../remediation/plan/remarks.js';
import { findingId } from '../remediation/plan/value-id.js';
import { groupBy } from '../tables/group.js';
import { onlyFindings } from './only-findings.js';

/** A person's decision to leave findings out: those of a rule, and of all else that is named. */
export interface Suppression {
  readonly rule: string;
  /** The DN or the objectGUID of an entry. */
  readonly entry?: string | undefined;
  /** Entries at this DN and below it. */
  readonly under?: string | undefined;
  readonly attribute?: string | undefined;
  /** The faulty value, exactly as it is stored. */
  readonly value?: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, as YYYY-MM-DD in UTC; for ever where absent. */
  readonly expires?: string | undefined;
}

/** Decisions that hold on a day, and those whose time is over. */
export interface DatedSuppressions {
  readonly valid: readonly Suppression[];
  readonly expired: readonly Suppression[];
}

export function onDay(suppressions: readonly Suppression[], now: Date): DatedSuppressions {
  const today = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
  const isOver = ({ expires }: Suppression) => expires !== undefined && expires < today;
  return {
    valid: suppressions.filter((one) => !isOver(one)),
    expired: suppressions.filter(isOver),
  };
}

/** What is left of a scan, and the decisions that met nothing although the scan could judge what they speak of. */
export interface SuppressedScan {
  readonly result: ScanResult;
  readonly unused: readonly Suppression[];
}

/**
 * Leaves out what people decided to leave out. A proposal with a repair for a suppressed finding goes too, even where
 * another finding on the same value stands: what somebody excepted is not to be changed in passing. One that stands
 * without such a repair is kept, even if the suppressed finding would go with the value.
 */
export function suppress(result: ScanResult, valid: readonly Suppression[]): SuppressedScan {
  const matchers = groupBy(valid.map(matcher), ({ suppression }) => suppression.rule);
  const used = new Set<Suppression>();
  const suppressed: Suppressed[] = [];
  const kept: Finding[] = [];
  for (const finding of result.findings) {
    const meeting = matchers.get(finding.rule)?.filter(({ matches }) => matches(finding)) ?? [];
    for (const { suppression } of meeting) used.add(suppression);
    const first = meeting[0]?.suppression;
    if (first) suppressed.push({ finding, reason: first.reason, expires: first.expires });
    else kept.push(finding);
  }
  return {
    result: { ...withoutExcepted(result, kept, suppressed), suppressed },
    unused: valid.filter((one) => !used.has(one) && couldBeUsed(one, result)),
  };
}

function withoutExcepted(
  result: ScanResult,
  kept: readonly Finding[],
  suppressed: readonly Suppressed[],
): ScanResult {
  const excepted = groupBy(
    suppressed.map(({ finding }) => finding),
    findingId,
  );
  const dropped = new Map<string, string>();
  for (const { id, trail } of result.proposals) {
    const repairs = new Set(trail.map(({ rule }) => rule));
    const repaired = excepted.get(id)?.find(({ rule }) => repairs.has(rule));
    if (repaired) dropped.set(id, repaired.rule);
  }
  const findings = kept.map((finding) => withRemark(finding, dropped.get(findingId(finding))));
  return onlyFindings(result, findings, ({ id }) => !dropped.has(id));
}

function withRemark(finding: Finding, rule: string | undefined): Finding {
  if (rule === undefined) return finding;
  const remark = `no proposal, for it would also repair what ${rule} found, which is suppressed here`;
  return { ...finding, message: remarked(finding.message, remark) };
}

/** Where a scan did not see everything, or could not run the rule, it does not know what a decision is good for. */
function couldBeUsed({ rule }: Suppression, { summary }: ScanResult): boolean {
  return summary.complete && !summary.notRun.some((notRun) => notRun.rule === rule);
}

interface Matcher {
  readonly suppression: Suppression;
  readonly matches: (finding: Finding) => boolean;
}

function matcher(suppression: Suppression): Matcher {
  const { entry, under, attribute, value } = suppression;
  const guid = entry?.replace(/^\{(.*)\}$/, '$1').toLowerCase();
  const dn = entry === undefined ? undefined : normaliseDn(entry);
  const name = attribute?.toLowerCase();
  const tests: ((finding: Finding) => boolean)[] = [];
  if (name !== undefined) tests.push((finding) => finding.attribute.toLowerCase() === name);
  if (value !== undefined) tests.push((finding) => finding.value === value);
  if (dn !== undefined)
    tests.push(
      (finding) =>
        finding.entry.guid?.toLowerCase() === guid || normaliseDn(finding.entry.dn) === dn,
    );
  if (under !== undefined) tests.push((finding) => isWithin(finding.entry.dn, under));
  return { suppression, matches: (finding) => tests.every((test) => test(finding)) };
}
