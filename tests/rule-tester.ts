import { readFileSync } from 'node:fs';
import { findingId, scan } from '../src/index.js';
import { snapshotSource } from '../src/ldap/offline/snapshot.js';
import type { Value } from '../src/model/entry.js';
import type { Finding } from '../src/model/finding.js';
import type { Settings } from '../src/model/rule.js';
import type { ScanResult } from '../src/model/scan.js';
import { settingsFrom } from '../src/settings/settings.js';

/**
 * A rule fixture is an LDIF file whose comments say what a scan of it finds, one line for each finding:
 * `# expect: RULE ATTRIBUTE WORD SEVERITY: stored value => proposed value`. Without `=>` there is no proposal; a value
 * in quotation marks is a JSON string, bytes are given by their number. An entry without such a line is clean. `# settings: {…}` holds for the file.
 */
export interface Fixture {
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
  return { expected: expectations(text), found: observed(result), result, settings };
}

export function scanText(text: string, settings = settingsFrom()) {
  const bytes = async function* () {
    yield Buffer.from(text, 'utf8');
  };
  return scan([snapshotSource('fixture', bytes, { bases: [] })], { settings });
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
  const [stored = '', proposed] = values.split(/(?:^| )=> ?/).map((value) => value.trim());
  return `${json(stored)} => ${proposed === undefined ? 'none' : json(proposed)}`;
}

function json(value: string): string {
  if (value === '') return 'null';
  return JSON.stringify(value.startsWith('"') ? JSON.parse(value) : value);
}

function shownValue(value: Value | undefined): string {
  return JSON.stringify(typeof value === 'object' ? `${value.length} bytes` : (value ?? null));
}

function observed({ findings, proposals }: ScanResult): readonly string[] {
  const after = new Map(proposals.map(({ id, edit }) => [id, edit.after[0] ?? null]));
  const line = (finding: Finding) => {
    const { entry, rule, attribute, error, severity, value } = finding;
    const proposed = after.get(findingId(finding));
    const shown = proposed === undefined ? 'none' : JSON.stringify(proposed);
    return `${entry.dn} ${rule} ${attribute} ${error} ${severity}: ${shownValue(value)} => ${shown}`;
  };
  return findings.map(line).sort();
}
