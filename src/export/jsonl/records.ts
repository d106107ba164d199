import { ExpectedError } from '../../errors.js';
import { SEVERITIES } from '../../findings/severities.js';
import type { Proposal } from '../../model/change.js';
import type { Earlier, Finding } from '../../model/finding.js';
import type { ScanHeader, Skipped } from '../../model/scan.js';
import { isRecord, type JsonRecord, readRecord } from '../../text/json-lines.js';
import {
  LineFault,
  readCount,
  readEarlier,
  readFinding,
  readFlag,
  readHeader,
  readProposal,
  readSkipped,
} from './fields.js';
import { type LinesHash, linesHash } from './lines-hash.js';
import { type NumberedLine, numberedLines } from './numbered-lines.js';

/** One line of a report, checked, by what it is. The first is `scan`, the last `summary`. */
export type ReportRecord = { readonly line: number } & (
  | { readonly is: 'scan'; readonly header: ScanHeader }
  | { readonly is: 'finding' | 'known' | 'suppressed'; readonly finding: Finding }
  | { readonly is: 'unseen' | 'gone'; readonly finding: Earlier }
  | { readonly is: 'proposal'; readonly proposal: Proposal }
  | { readonly is: 'skipped'; readonly skipped: Skipped }
  | { readonly is: 'summary'; readonly complete: boolean }
);

/** Bytes of the longest line: JSON of another shape than ours takes fifty times as much memory. */
const LINE_LIMIT = 16 * 2 ** 20;

/** What the summary counts by the type of their lines, where there are any. */
const COUNTED = ['suppressed', 'known', 'gone', 'unseen'] as const;

const HINT = 'Use the file as the scan wrote it, or scan again.';

/**
 * Reads the JSON lines of a scan as they arrive, none of which is kept. Blank lines and those of types that a later
 * version may add are passed over. Throws ExpectedError, with the number of the line, where a line is broken; where the
 * file is no such report or was cut; and where its lines are not those that its summary counted, or not as the scan
 * wrote them.
 * @param name the file in a message: the baseline old.jsonl.
 */
export async function* readReport(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ReportRecord> {
  const counts = new Map<string, number>();
  const hash = linesHash();
  let stage: 'head' | 'body' | 'end' = 'head';
  let torn: number | undefined;
  for await (const line of numberedLines(chunks, LINE_LIMIT)) {
    if (isBlank(line)) continue;
    // At the end of the file it is a sign that the rest is missing.
    if (torn !== undefined) throw broken(name, torn, 'no JSON object in UTF-8');
    const record = recordIn(name, line);
    if (stage === 'end') throw broken(name, line.number, 'it follows the summary');
    if (record?.['type'] !== 'summary') hash.add(line.bytes ?? Buffer.of());
    if (stage === 'head') {
      yield { line: line.number, is: 'scan', header: headerIn(name, record) };
      stage = 'body';
    } else if (!record) torn = line.number;
    else {
      const read = attempt(name, line.number, () => readLine(record, counts));
      if (read?.is === 'summary') {
        attempt(name, line.number, () => checkCounts(name, record, counts));
        checkHash(name, record, hash);
        stage = 'end';
      }
      if (read) yield { line: line.number, ...read };
    }
  }
  if (stage === 'head') headerIn(name, undefined);
  if (stage !== 'end')
    throw new ExpectedError(`${capital(name)} was cut: it has no summary line at its end.`, HINT);
}

type Unnumbered<One> = One extends unknown ? Omit<One, 'line'> : never;

/** What a line after the head says, and its part in the counts; undefined for a type that is not known. */
function readLine(
  record: JsonRecord,
  counts: Map<string, number>,
): Unnumbered<ReportRecord> | undefined {
  const { type } = record;
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  switch (type) {
    case 'finding': {
      const finding = readFinding(record);
      count(finding.severity);
      return { is: type, finding };
    }
    case 'known':
    case 'suppressed':
      count(type);
      return { is: type, finding: readFinding(record) };
    case 'unseen':
    case 'gone':
      count(type);
      return { is: type, finding: readEarlier(record) };
    case 'proposal':
      return { is: type, proposal: readProposal(record) };
    case 'skipped':
      return { is: type, skipped: readSkipped(record) };
    case 'summary':
      return { is: type, complete: readFlag(record, 'complete') };
    default:
      if (typeof type === 'string') return undefined;
      throw new LineFault('no type');
  }
}

function headerIn(name: string, record: JsonRecord | undefined): ScanHeader {
  const header = readHeader(record);
  if (!header)
    throw new ExpectedError(
      `${capital(name)} is no report of a scan.`,
      (nameOf) => `Name a file that a scan wrote with ${nameOf('jsonl')}.`,
    );
  const version = record?.['version'];
  if (version === 1) return header;
  throw new ExpectedError(
    `${capital(name)} has version ${JSON.stringify(version)}, this presync reads version 1.`,
    'Scan again with this version.',
  );
}

function recordIn(name: string, { number, bytes }: NumberedLine): JsonRecord | undefined {
  if (bytes) return readRecord(bytes);
  const limit = `${LINE_LIMIT / 2 ** 20} MB`;
  throw new ExpectedError(
    `Line ${number} of ${name} is longer than ${limit}, the most that presync reads of one.`,
    'Use the file as the scan wrote it.',
  );
}

/** Whether there is nothing but blanks in it: a record begins with a brace, or with a byte order mark. */
function isBlank({ bytes }: NumberedLine): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09) ?? false;
}

/** Gives a fault of a line its number. */
function attempt<T>(name: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof LineFault ? broken(name, line, error.message) : error;
  }
}

function broken(name: string, line: number, what: string): ExpectedError {
  return new ExpectedError(`Line ${line} of ${name} is broken: ${what}.`, HINT);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Holds what was read against what the summary counted: a line may have been lost without a trace. */
function checkCounts(name: string, summary: JsonRecord, read: ReadonlyMap<string, number>): void {
  const { findings } = summary;
  const bySeverity = isRecord(findings) ? findings : {};
  const told = new Map<string, number>();
  for (const severity of SEVERITIES) told.set(severity, readCount(bySeverity, severity));
  for (const type of COUNTED)
    told.set(type, summary[type] === undefined ? 0 : readCount(summary, type));
  for (const [what, count] of told) {
    const found = read.get(what) ?? 0;
    if (found === count) continue;
    throw new ExpectedError(
      `${capital(name)} is not whole: its summary counts ${count} findings of the sort "${what}", and it holds ${found}.`,
      HINT,
    );
  }
}

/** Holds what was read against the hash in the summary; reports of earlier versions have none. */
function checkHash(name: string, { hash }: JsonRecord, read: LinesHash): void {
  if (hash === undefined || hash === read.value()) return;
  throw new ExpectedError(
    `${capital(name)} is not whole: a line of it was changed since the scan wrote it.`,
    HINT,
  );
}
