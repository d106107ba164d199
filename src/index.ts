import { compareFindings } from './compare.js';
import { identityOf } from './ldap/dn.js';
import type {
  Entry,
  EntrySource,
  Finding,
  ScanResult,
  Settings,
  Severity,
  Summary,
} from './model.js';
import { plan } from './remediation/plan.js';
import { type Draft, propose, valueId } from './remediation/propose.js';
import { DEFAULT_PROFILE } from './validators/profiles.js';
import { createEngine, type Engine } from './validators/run.js';

export type * from './model.js';

/** What a caller may follow and steer while a scan runs. */
export interface ScanOptions {
  readonly settings: Settings;
  /** Ends the scan early; what was found so far is reported as incomplete. */
  readonly signal?: AbortSignal;
  /** Called after each page with the number of entries read so far. */
  readonly onProgress?: (entries: number) => void;
}

interface Tally {
  entries: number;
  readonly gaps: Set<string>;
  readonly skipped: Map<string, number>;
  readonly findings: Finding[];
  readonly drafts: Draft[];
  /** Identities seen, kept only where sources may overlap: an entry must not meet itself as a duplicate. */
  readonly seen: Set<string> | undefined;
}

/**
 * Reads all sources as one scan and returns findings and proposals in report order. Throws when a source cannot be
 * read at all; a source that breaks off leaves the scan incomplete.
 */
export async function scan(
  sources: readonly EntrySource[],
  options: ScanOptions,
): Promise<ScanResult> {
  const engine = createEngine(DEFAULT_PROFILE, options.settings);
  const tally: Tally = {
    entries: 0,
    gaps: new Set(),
    skipped: new Map(),
    findings: [],
    drafts: [],
    seen: new Set(),
  };
  await Promise.all(sources.map((source) => readSource(source, engine, tally, options)));
  for (const finding of engine.duplicates()) tally.findings.push(finding);
  const { proposals, withdrawn } = plan(tally.drafts, engine);
  const findings = tally.findings
    .map((finding) => withReason(finding, withdrawn))
    .sort(compareFindings);
  const order = new Map(findings.map((finding, at) => [findingId(finding), at]));
  return {
    header: { sources: sources.map(({ name }) => name), profile: 'default' },
    findings,
    proposals: proposals.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
    summary: summarise(tally, findings),
  };
}

/** The id under which a proposal for the value of a finding stands. */
export function findingId({ entry, attribute, value }: Finding): string {
  return valueId(entry, attribute, value);
}

async function readSource(
  source: EntrySource,
  engine: Engine,
  tally: Tally,
  { signal, onProgress }: ScanOptions,
): Promise<void> {
  try {
    for await (const { entries, gaps } of source.pages(engine.attributes, signal)) {
      for (const gap of gaps) tally.gaps.add(`${source.name}: ${gap}`);
      for (const entry of entries) judge(entry, engine, tally);
      onProgress?.(tally.entries);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    tally.gaps.add(`${source.name}: interrupted`);
  }
}

function judge(entry: Entry, engine: Engine, tally: Tally): void {
  const identity = identityOf(entry);
  if (tally.seen?.has(identity)) return;
  tally.seen?.add(identity);
  tally.entries += 1;
  const verdict = engine.judge(entry);
  if (verdict.skipped !== undefined) {
    tally.skipped.set(verdict.skipped, (tally.skipped.get(verdict.skipped) ?? 0) + 1);
    return;
  }
  tally.findings.push(...verdict.findings);
  tally.drafts.push(...propose(entry, verdict.findings, engine));
}

function withReason(finding: Finding, withdrawn: ReadonlyMap<string, string>): Finding {
  const reason = withdrawn.get(findingId(finding));
  return reason === undefined ? finding : { ...finding, message: `${finding.message} ${reason}` };
}

function summarise(tally: Tally, findings: readonly Finding[]): Summary {
  const bySeverity: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const byRule: Record<string, number> = {};
  for (const { severity, rule } of findings) {
    bySeverity[severity] += 1;
    byRule[rule] = (byRule[rule] ?? 0) + 1;
  }
  return {
    complete: tally.gaps.size === 0,
    gaps: [...tally.gaps].sort(),
    entries: tally.entries,
    skipped: Object.fromEntries([...tally.skipped].sort()),
    findings: bySeverity,
    rules: byRule,
  };
}
