import { compareFindings } from '../findings/severities.js';
import { tally } from '../findings/tally.js';
import { PackedEntries } from '../ldap/entry/packed-entries.js';
import { identityOf } from '../ldap/format/dn.js';
import type { Entry, EntrySource } from '../model/entry.js';
import type { Finding } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import type { ScanResult, Summary } from '../model/scan.js';
import { lookalikeIds } from '../remediation/plan/lookalikes.js';
import { plan } from '../remediation/plan/plan.js';
import { propose } from '../remediation/plan/propose.js';
import { registrations } from '../remediation/plan/registrations.js';
import { type SignInPolicy, signInPolicy } from '../remediation/plan/sign-in-name.js';
import { suffixCensus } from '../remediation/plan/suffix-census.js';
import { findingId } from '../remediation/plan/value-id.js';
import { compare } from '../text/order.js';
import { createEngine, type Engine, type Verdict } from '../validators/engine/engine.js';
import { profileFor } from '../validators/profiles/index.js';
import { unroutableDomain } from '../validators/rules/unroutable-domain.js';
import { Forests } from './forests.js';
import type { Found } from './found.js';
import { gapsOf, type Reading, type ReadOptions, readSource, startReading } from './read-source.js';
import { withRemarks } from './remarks.js';
import { draftsWith, inferredSuffixes } from './suffix-drafts.js';

/** What a scan is to judge by, and what a caller may follow and steer while it runs. */
export interface ScanOptions extends ReadOptions {
  readonly settings: Settings;
}

/**
 * Reads all sources as one scan and returns findings and proposals in report order. Throws when a source cannot be
 * read at all; a source that breaks off leaves the scan incomplete.
 */
export async function scan(
  sources: readonly EntrySource[],
  { settings, ...options }: ScanOptions,
): Promise<ScanResult> {
  const engine = createEngine(profileFor(settings), settings);
  const reading = startReading(options);
  const { all, census, forests } = await readAll(sources, engine, settings, reading);
  const seen = reading.split.without(all);
  const { registered, forestOf } = await forests.settle(options.signal);
  const inferred = inferredSuffixes(census, registered, settings);
  const persons = engine.persons({ forestOf, isLeftOut: reading.split.has });
  const stands = (finding: Finding) => engine.stands(finding, persons);
  const found = { ...seen, findings: seen.findings.filter(stands) };
  const shared = [...engine.shared(persons, reading.split.has)];
  for (const value of shared)
    for (const finding of engine.duplicates(value, persons)) found.findings.push(finding);
  const drafts = draftsWith(inferred, found, engine, settings).filter(
    ({ proposal: { edit } }) => !persons.isUnused(edit.attribute, edit.entry),
  );
  for (const failure of engine.brokenFixes()) found.findings.push(failure);
  const { proposals, remarks } = plan({
    drafts,
    shared,
    judge: engine,
    isFaulty: faultyAmong(found.findings),
    order: settings.keep,
    personOf: (entry) => identityOf(persons.mainOf(entry)),
  });
  const proposed = new Set(proposals.map(({ id }) => id));
  const findings = withRemarks(found.findings, remarks, proposed)
    .map((finding) => marked(finding, found.lookalikes))
    .sort(compareFindings);
  const order = new Map(findings.map((finding, at) => [findingId(finding), at]));
  return {
    header: { sources: sources.map(({ name }) => name), profile: settings.profile },
    findings,
    proposals: proposals.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
    skipped: found.skipped.sort((a, b) => compare(a.entry.dn, b.entry.dn)),
    persons: persons.all,
    registrations: registrations(registered, proposals),
    summary: summarise(reading.entries, gapsOf(reading), found, findings),
  };
}

/** Everything that the sources show, judged entry by entry. */
async function readAll(
  sources: readonly EntrySource[],
  engine: Engine,
  settings: Settings,
  reading: Reading,
) {
  const signIn = signInPolicy(settings);
  const census = suffixCensus();
  const forests = new Forests(sources);
  const waiting = new PackedEntries(engine.attributes);
  const all: Found = {
    ...{ skipped: [], findings: [], drafts: [], unmapped: [], waiting, notRun: [] },
    lookalikes: new Set(),
  };
  await Promise.all(
    sources.map(async (source) => {
      const own: Found = { ...all, findings: [], drafts: [], notRun: [] };
      const take = (entry: Entry, verdict: Verdict) => {
        forests.note(source, entry);
        if (verdict.is === 'judged') census.count(verdict.suffixes);
        collect(entry, verdict, own, engine, signIn);
      };
      const reader = await readSource(source, engine, reading, take);
      keepDelivered(own, reader.wasDelivered, all);
      all.notRun.push(...reader.notRun(source.name));
    }),
  );
  return { all, census, forests };
}

/** Tells by its id whether a value has a fault; asked of few values, if of any. */
function faultyAmong(findings: readonly Finding[]): (id: string) => boolean {
  let faulty: ReadonlySet<string> | undefined;
  return (id) => {
    faulty ??= new Set(findings.filter(({ severity }) => severity !== 'info').map(findingId));
    return faulty.has(id);
  };
}

function collect(
  entry: Entry,
  verdict: Verdict,
  own: Found,
  engine: Engine,
  signIn: SignInPolicy,
): void {
  if (verdict.is === 'skipped') {
    const { dn, guid, kind } = entry;
    own.skipped.push({ entry: { dn, guid, kind }, reason: verdict.reason });
  }
  if (verdict.is !== 'judged' || verdict.findings.length === 0) return;
  for (const finding of verdict.findings) own.findings.push(finding);
  for (const id of lookalikeIds(entry, verdict.findings)) own.lookalikes.add(id);
  const drafts = propose(entry, verdict.findings, engine, signIn);
  for (const draft of drafts) own.drafts.push(draft);
  const drafted = new Set(drafts.map(({ proposal }) => proposal.id));
  const unmapped = verdict.findings.filter(
    (finding) => finding.rule === unroutableDomain.meta.id && !drafted.has(findingId(finding)),
  );
  if (unmapped.length === 0) return;
  const number = own.waiting.add(entry);
  own.unmapped.push({ number, findings: verdict.findings, drafted });
}

/** Drops what was concluded from the absence of an attribute that the source turned out not to deliver. */
function keepDelivered(
  own: Found,
  wasDelivered: (finding: Pick<Finding, 'rule' | 'attribute' | 'entry'>) => boolean,
  found: Found,
): void {
  for (const finding of own.findings) if (wasDelivered(finding)) found.findings.push(finding);
  for (const draft of own.drafts) {
    const { attribute, entry } = draft.proposal.edit;
    if (draft.proposal.findings.every((rule) => wasDelivered({ rule, attribute, entry })))
      found.drafts.push(draft);
  }
}

function marked(finding: Finding, lookalikes: ReadonlySet<string>): Finding {
  if (lookalikes.size === 0 || !lookalikes.has(findingId(finding))) return finding;
  return { ...finding, hasLookalike: true };
}

function summarise(
  entries: number,
  gaps: readonly string[],
  { skipped, notRun }: Found,
  findings: readonly Finding[],
): Summary {
  return {
    complete: gaps.length === 0,
    gaps,
    entries,
    skipped: countBy(skipped.map(({ reason }) => reason)),
    notRun,
    ...tally(findings),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
