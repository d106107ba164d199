import { readFileSync } from 'node:fs';
import { findingId, scan } from '../src/index.js';
import { memoryDirectory } from '../src/ldap/offline/memory-directory.js';
import { snapshotSource } from '../src/ldap/offline/snapshot.js';
import type { Proposal } from '../src/model/change.js';
import type { Entry, EntrySource, Value } from '../src/model/entry.js';
import type { Finding } from '../src/model/finding.js';
import type { Settings } from '../src/model/rule.js';
import type { ScanResult } from '../src/model/scan.js';
import { prepare } from '../src/remediation/run/prepare.js';
import { settingsFrom } from '../src/settings/settings.js';
import { attributesOf } from '../src/validators/engine/engine.js';
import { profileFor } from '../src/validators/profiles/index.js';

/**
 * A rule fixture is an LDIF file whose comments say what a scan of it finds, one line for each finding:
 * `# expect: RULE ATTRIBUTE WORD SEVERITY: stored value => proposed value (SAFETY)`. Without `=>` there is no proposal,
 * and no value after it is a removal; SAFETY, `safe` or `review`, is that of the proposal. A value in quotation marks is
 * a JSON string, bytes are given by their number. An entry without such a line is clean. `# settings: {…}` holds for the file.
 */
export interface Fixture {
  readonly text: string;
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly result: ScanResult;
  readonly settings: Settings;
}

const SETTINGS = /^# settings: (.*)$/m;

export async function runFixture(path: string): Promise<Fixture> {
  const text = readFileSync(path, 'utf8');
  const chosen = SETTINGS.exec(text)?.[1];
  const settings = settingsFrom(chosen ? JSON.parse(chosen) : {});
  const result = await scanText(text, settings);
  return { text, expected: expectations(text), found: observed(result), result, settings };
}

export function scanText(text: string, settings = settingsFrom()) {
  return scan([sourceOf(text)], { settings });
}

function sourceOf(text: string): EntrySource {
  const bytes = async function* () {
    yield Buffer.from(text, 'utf8');
  };
  return snapshotSource('fixture', bytes, { bases: [] });
}

/**
 * Carries proposals out on the entries of a fixture, in a directory in memory that refuses what a real one refuses, and
 * scans what is left.
 */
export async function scanAfter(
  { text, settings }: Fixture,
  proposals: readonly Proposal[],
): Promise<ScanResult> {
  const source = sourceOf(text);
  const entries: Entry[] = [];
  for await (const page of source.pages(attributesOf(profileFor(settings))))
    entries.push(...page.entries);
  const directory = memoryDirectory(entries);
  const approved = proposals.map(({ id, edit }, at) => ({ row: at + 2, id, edit }));
  const { requests, refused } = await prepare(approved, directory, 1);
  for (const { row, reason } of refused) throw new Error(`${approved[row - 2]?.id}: ${reason}`);
  for (const { ref, edits } of requests) {
    const outcome = await directory.modify(
      ref.dn,
      edits.map(({ edit }) => edit),
    );
    if (outcome.state !== 'applied') throw new Error(`${ref.dn}: ${outcome.reason}`);
  }
  const pages = async function* () {
    yield { entries: directory.entries(), gaps: [] };
  };
  return scan([{ ...source, pages }], { settings });
}

function expectations(text: string): readonly string[] {
  const lines: string[] = [];
  let open: string[] = [];
  for (const line of text.split('\n')) {
    const expected = /^# expect: ([^:]+):(.*)$/.exec(line);
    if (expected) open.push(`${expected[1]}: ${canonical(expected[2] ?? '')}`);
    if (!line.startsWith('dn:')) continue;
    lines.push(...open.map((one) => `${line.slice('dn: '.length)} ${one}`));
    open = [];
  }
  if (open.length > 0) throw new Error(`Expectations without an entry: ${open.join(', ')}`);
  return lines.sort();
}

function canonical(values: string): string {
  const [stored = '', proposal] = values.split(/(?:^| )=>(?= )/);
  return `${json(stored.trim())} => ${proposal === undefined ? 'none' : canonicalProposal(proposal)}`;
}

function canonicalProposal(proposal: string): string {
  const [, value, safety] = /^(.*) \((safe|review)\)$/.exec(proposal) ?? [];
  if (value === undefined)
    throw new Error(`No "(safe)" or "(review)" ends the proposal${proposal}`);
  return `${json(value.trim())} (${safety})`;
}

function json(value: string): string {
  if (value === '') return 'null';
  return JSON.stringify(value.startsWith('"') ? JSON.parse(value) : value);
}

function shownValue(value: Value | undefined): string {
  return JSON.stringify(typeof value === 'object' ? `${value.length} bytes` : (value ?? null));
}

function observed({ findings, proposals }: ScanResult): readonly string[] {
  const proposed = new Map(
    proposals.map(({ id, edit, safety }) => [
      id,
      `${edit.after.map(shownValue).join(' ') || 'null'} (${safety})`,
    ]),
  );
  const line = (finding: Finding) => {
    const { entry, rule, attribute, error, severity, value } = finding;
    const proposal = proposed.get(findingId(finding)) ?? 'none';
    return `${entry.dn} ${rule} ${attribute} ${error} ${severity}: ${shownValue(value)} => ${proposal}`;
  };
  return findings.map(line).sort();
}
