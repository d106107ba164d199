import { ExpectedError } from '../../errors.js';
import { SEVERITIES } from '../../findings/severities.js';
import { ENTRY_KINDS } from '../../ldap/format/object-class.js';
import type { Earlier } from '../../model/finding.js';
import type { ScanHeader } from '../../model/scan.js';
import { isRecord, type JsonRecord, readJsonValue, readRecord } from '../../text/json-lines.js';

/** What the machine format of an earlier scan tells. */
export interface Baseline {
  readonly header: ScanHeader;
  readonly findings: readonly Earlier[];
  /** False when the earlier scan did not see everything. */
  readonly complete: boolean;
}

/** Lines that tell of a finding that stands; a suppressed one counts as never reported. */
const STANDING = new Set(['finding', 'known', 'unseen']);

/** Longer than any line that presync writes: twenty holders of values of the greatest length. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * Reads what `scan --jsonl` wrote, line by line. Throws ExpectedError, with the number of the line, where it is not
 * that, and where its end is missing.
 */
export async function readBaseline(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Baseline> {
  const findings: Earlier[] = [];
  const once = interner();
  let header: ScanHeader | undefined;
  let complete: boolean | undefined;
  let torn = false;
  let number = 0;
  for await (const bytes of splitLines(chunks)) {
    if (torn) throw broken(file, number);
    number += 1;
    const line = bytes && readRecord(bytes);
    if (!header) header = readHeader(file, line);
    else if (complete !== undefined) throw broken(file, number);
    // At the end of the file it is a sign that the rest is missing.
    else if (!line) torn = true;
    else if (line['type'] === 'summary') {
      if (typeof line['complete'] !== 'boolean') throw broken(file, number);
      complete = line['complete'];
    } else if (STANDING.has(String(line['type']))) {
      const finding = readFinding(line, once);
      if (!finding) throw broken(file, number);
      findings.push(finding);
    } else if (typeof line['type'] !== 'string') throw broken(file, number);
  }
  if (!header) header = readHeader(file, undefined);
  if (complete !== undefined) return { header, findings, complete };
  throw new ExpectedError(
    `The baseline ${file} was cut: it has no summary line at its end.`,
    'Use a whole file: what is missing in it would be taken for new.',
  );
}

function broken(file: string, number: number): ExpectedError {
  return new ExpectedError(
    `Line ${number} of the baseline ${file} is broken.`,
    (nameOf) => `Use the file as a scan wrote it with ${nameOf('jsonl')}, or write a new one.`,
  );
}

/** By bytes: values may hold characters that other readers take for line ends. An endless line gives undefined. */
async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array | undefined> {
  let rest: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      const part = chunk.subarray(start, end);
      yield rest.length > 0 ? Buffer.concat([...rest, part]) : part;
      [rest, length, start] = [[], 0, end + 1];
    }
    rest.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_LINE) {
      yield undefined;
      return;
    }
  }
  if (length > 0) yield Buffer.concat(rest);
}

function readHeader(file: string, line: JsonRecord | undefined): ScanHeader {
  const { type, version, sources, profile, terms } = line ?? {};
  const isScan = type === 'scan' && Array.isArray(sources) && typeof profile === 'string';
  if (!isScan || !sources.every((name) => typeof name === 'string'))
    throw new ExpectedError(
      `The baseline ${file} is no report of a scan.`,
      (nameOf) => `Name a file that a scan wrote with ${nameOf('jsonl')}.`,
    );
  if (version !== 1)
    throw new ExpectedError(
      `The baseline ${file} has version ${JSON.stringify(version)}, this presync reads version 1.`,
      (nameOf) => `Write a new one: scan with ${nameOf('jsonl')}.`,
    );
  // They are only ever compared.
  return {
    sources,
    profile,
    ...(isRecord(terms) && { terms: terms as NonNullable<ScanHeader['terms']> }),
  };
}

function readFinding(line: JsonRecord, once: (text: string) => string): Earlier | undefined {
  const { rule, severity: level, dn, guid, kind: word, attribute, value: json } = line;
  const severity = SEVERITIES.find((name) => name === level);
  const kind = ENTRY_KINDS.find((name) => name === word);
  // No value is a value of the format too.
  const value = json === null ? undefined : readJsonValue(json);
  if (value === undefined && json !== null) return undefined;
  if (typeof rule !== 'string' || typeof dn !== 'string' || typeof attribute !== 'string')
    return undefined;
  if (!severity || !kind || (guid !== null && typeof guid !== 'string')) return undefined;
  const entry = { dn, guid: guid ?? undefined, kind };
  return { rule: once(rule), severity, entry, attribute: once(attribute), value };
}

/** The same text as one string: half a million findings name some forty rules. */
function interner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}
