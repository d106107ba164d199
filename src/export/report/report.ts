import { compareSeverities } from '../../findings/severities.js';
import { tally } from '../../findings/tally.js';
import { commonName, domainOfDn, identityOf, parentDn, parseDn } from '../../ldap/format/dn.js';
import type { Proposal } from '../../model/change.js';
import type { EntryRef, Value } from '../../model/entry.js';
import type { Finding, Holder, Severity } from '../../model/finding.js';
import type { RuleMeta } from '../../model/rule.js';
import type { Person, ScanResult } from '../../model/scan.js';
import { compare } from '../../text/order.js';
import { leftOutText } from './left-out.js';
import type {
  Fates,
  Place,
  ReportHead,
  ReportHolder,
  ReportProposal,
  ReportRow,
  ReportRule,
  ReportValue,
} from './report-data.js';
import { resultSuffix } from './result-suffix.js';
import { verdict } from './verdict.js';

/** What a report needs besides the scan. */
export interface ReportContext {
  /** The rules of the scan, with those that may have findings without standing in its profile. */
  readonly rules: readonly Pick<RuleMeta, 'id' | 'title' | 'why' | 'remedy'>[];
  /** The rule pages as trusted HTML, by rule id. */
  readonly pages: Readonly<Record<string, string>>;
  readonly made: Date;
  /** The id under which a proposal for the value of a finding stands. */
  idOf(finding: Finding): string;
}

/** What the page shows: the head at once, the rows one by one, in report order. */
export interface Report {
  readonly head: ReportHead;
  rows(): Iterable<ReportRow>;
}

/** Turns the result of a scan into what the page of the HTML report shows. */
export function report(result: ScanResult, context: ReportContext): Report {
  const { header, summary, findings, proposals } = result;
  const { pages, made, idOf } = context;
  const places = placesOf(findings);
  const rules = rulesOf(summary.rules, context.rules);
  const standing = standingOf(result);
  const personOf = personsOf(result);
  const fates = fatesOf(result, standing, personOf);
  const safe = proposals.filter(({ safety }) => safety === 'safe').length;
  const { complete, gaps, entries, skipped, notRun } = summary;
  const byId = new Map(proposals.map((proposal) => [proposal.id, proposalOf(proposal)]));
  return {
    head: {
      ...{ scan: header, made: made.toISOString() },
      verdict: verdict({
        ...{ fates, complete, rules: rulesOf(tally(standing).rules, context.rules) },
        fresh: result.comparison && findings.length,
      }),
      beside: [...leftOutText(result), ...(result.comparison?.doubts ?? [])],
      suffix: resultSuffix(result, idOf) ?? null,
      ...{ complete, gaps, entries, fates, skipped, notRun, rules, pages },
      findings: summary.findings,
      proposals: { safe, review: proposals.length - safe },
      places: places.list,
    },
    rows: function* () {
      for (const finding of findings)
        yield rowOf(
          finding,
          places.indexOf(finding.entry.dn),
          byId.get(idOf(finding)),
          personOf(finding.entry),
        );
    },
  };
}

/** Bytes shown of a value that is no text: a GUID or a security identifier in full. */
const BYTES_SHOWN = 32;

function reportValue(value: Value | undefined): ReportValue {
  if (value === undefined) return null;
  if (typeof value === 'string') return value;
  return { bytes: value.length, hex: Buffer.from(value.subarray(0, BYTES_SHOWN)).toString('hex') };
}

function holderOf({ entry, attribute, value }: Holder): ReportHolder {
  return { dn: entry.dn, attribute, value: reportValue(value) };
}

function proposalOf({ id, edit, safety, trail }: Proposal): ReportProposal {
  return { id, after: edit.after.map(reportValue), safety, rules: trail.map(({ rule }) => rule) };
}

function rowOf(
  finding: Finding,
  place: number,
  proposal: ReportProposal | undefined,
  person: Person | undefined,
): ReportRow {
  const { rule, severity, entry, attribute, value, message, related, relatedCount } = finding;
  return {
    ...{ rule, severity, name: commonName(entry.dn) || entry.dn, dn: entry.dn },
    ...{ kind: entry.kind, guid: entry.guid ?? null, place, attribute, value: reportValue(value) },
    ...{ message, related: related.map(holderOf), relatedCount, proposal: proposal ?? null },
    parts: person ? otherParts(person, entry) : [],
  };
}

function otherParts({ main, others }: Person, entry: EntryRef): readonly string[] {
  const own = identityOf(entry);
  return [main, ...others].filter((part) => identityOf(part) !== own).map(({ dn }) => dn);
}

/** The person that an entry is joined to, with others. */
function personsOf({ persons }: ScanResult): (entry: EntryRef) => Person | undefined {
  const byEntry = new Map(
    persons.flatMap((person) =>
      [person.main, ...person.others].map((part) => [identityOf(part), person] as const),
    ),
  );
  return (entry) => byEntry.get(identityOf(entry));
}

interface Places {
  readonly list: readonly Place[];
  indexOf(dn: string): number;
}

/** The containers of the entries with findings; each entry counts once, by its gravest finding. */
function placesOf(findings: readonly Finding[]): Places {
  const counts = new Map<string, { broken: number; warned: number }>();
  for (const { dn, worst } of worstOfEntries(findings)) {
    const parent = parentDn(dn);
    const count = counts.get(parent) ?? { broken: 0, warned: 0 };
    if (worst === 'error') count.broken += 1;
    if (worst === 'warning') count.warned += 1;
    counts.set(parent, count);
  }
  // An entry in two spellings of its DN counts once, yet its findings may name either.
  for (const { entry } of findings)
    if (!counts.has(parentDn(entry.dn))) counts.set(parentDn(entry.dn), { broken: 0, warned: 0 });
  const parents = [...counts].sort(([a], [b]) => compare(a, b));
  const index = new Map(parents.map(([parent], at) => [parent, at]));
  return {
    list: parents.map(([parent, count]) => ({ path: pathOf(parent), ...count })),
    indexOf: (dn) => index.get(parentDn(dn)) ?? -1,
  };
}

function worstOfEntries(
  findings: Iterable<Pick<Finding, 'entry' | 'severity'>>,
): Iterable<{ dn: string; worst: Severity }> {
  const entries = new Map<string, { dn: string; worst: Severity }>();
  for (const { entry, severity } of findings) {
    const known = entries.get(identityOf(entry));
    if (!known) entries.set(identityOf(entry), { dn: entry.dn, worst: severity });
    else if (compareSeverities(severity, known.worst) < 0) known.worst = severity;
  }
  return entries.values();
}

/** Domain first, then the containers from the top down. */
function pathOf(parent: string): readonly string[] {
  const domain = domainOfDn(parent);
  const rdns = parseDn(parent);
  if (!rdns) return [parent];
  const names = rdns.filter((rdn) => rdn[0]?.type.toLowerCase() !== 'dc').reverse();
  return [domain || '(no domain)', ...names.map((rdn) => rdn.map(({ value }) => value).join('+'))];
}

/** The faults that the entries have, also those that are known or that people live with: they decide what will sync. */
function standingOf({ findings, suppressed, comparison }: ScanResult): readonly Finding[] {
  if (!suppressed && !comparison) return findings;
  return [
    ...findings,
    ...(comparison?.known ?? []),
    ...(suppressed ?? []).map(({ finding }) => finding),
  ];
}

/** Of joined entries the first that gives the person its name counts, with the gravest finding of all parts. */
function fatesOf(
  { summary, persons }: ScanResult,
  standing: readonly Finding[],
  personOf: (entry: EntryRef) => Person | undefined,
): Fates {
  const skipped = Object.values(summary.skipped).reduce((total, n) => total + n, 0);
  const count: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const asOne = standing.map(({ entry, severity }) => ({
    entry: personOf(entry)?.main ?? entry,
    severity,
  }));
  for (const { worst } of worstOfEntries(asOne)) count[worst] += 1;
  const { error: broken, warning: warned } = count;
  const joined = persons.reduce((sum, { others }) => sum + others.length, 0);
  const fine = summary.entries - skipped - joined - broken - warned;
  return { broken, warned, fine, skipped, joined };
}

function rulesOf(
  counts: ScanResult['summary']['rules'],
  rules: ReportContext['rules'],
): readonly ReportRule[] {
  return rules.map(({ id, title, why, remedy }) => {
    const findings = counts[id] ?? { error: 0, warning: 0, info: 0 };
    return { id, title, why, remedy, findings };
  });
}
