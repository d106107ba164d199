import { ExpectedError } from '../../errors.js';
import type { Proposal } from '../../model/change.js';
import type { EntryRef, Value } from '../../model/entry.js';
import type { Finding, Holder } from '../../model/finding.js';
import { isRecord, type JsonRecord, readJsonValue, readRecord } from '../../text/json-lines.js';

/** What the JSON lines of a scan hold, as far as a review needs it. */
export interface ReadScan {
  readonly profile: string;
  readonly findings: readonly Finding[];
  readonly proposals: readonly Proposal[];
  readonly complete: boolean;
}

/** Reads what `scan --jsonl` wrote. Throws ExpectedError on another file, and on one that was cut. */
export function readScan(bytes: Uint8Array): ReadScan {
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const records = lines.map(readLine);
  const [header] = records;
  const last = records.at(-1);
  if (header?.['type'] !== 'scan' || header['version'] !== 1)
    throw new ExpectedError(
      (nameOf) => `This is no report that a scan wrote with ${nameOf('jsonl')}.`,
      'Give that report, or the sheet.',
    );
  if (last?.['type'] !== 'summary')
    throw new ExpectedError('The report has no summary: it was cut.', 'Scan again.');
  return {
    profile: text(header, 'profile', 1),
    findings: ofType(records, 'finding', readFinding),
    proposals: ofType(records, 'proposal', readProposal),
    complete: last['complete'] === true,
  };
}

function readLine(line: string, at: number): JsonRecord {
  const record = readRecord(line);
  if (!record) throw broken(at + 1, 'no JSON object');
  return record;
}

function ofType<T>(
  records: readonly JsonRecord[],
  type: string,
  read: (record: JsonRecord, line: number) => T,
): readonly T[] {
  return records.flatMap((record, at) => (record['type'] === type ? [read(record, at + 1)] : []));
}

function readFinding(record: JsonRecord, line: number): Finding {
  return {
    rule: text(record, 'rule', line),
    error: text(record, 'error', line) as Finding['error'],
    severity: text(record, 'severity', line) as Finding['severity'],
    entry: ref(record, text(record, 'kind', line), line),
    attribute: text(record, 'attribute', line),
    value: value(record['value'], line),
    message: text(record, 'message', line),
    related: list(record, 'related', line).map((one) => holder(one, line)),
    relatedCount: Number(record['relatedCount']) || 0,
  };
}

function readProposal(record: JsonRecord, line: number): Proposal {
  const values = (field: string) =>
    list(record, field, line)
      .map((one) => value(one, line))
      .filter((one) => one !== undefined);
  return {
    id: text(record, 'id', line),
    edit: {
      entry: ref(record, 'other', line),
      attribute: text(record, 'attribute', line),
      before: values('before'),
      after: values('after'),
    },
    safety: record['safety'] === 'safe' ? 'safe' : 'review',
    findings: list(record, 'findings', line).map(String),
    trail: [],
  };
}

function ref(record: JsonRecord, kind: string, line: number): EntryRef {
  const guid = record['guid'];
  return {
    dn: text(record, 'dn', line),
    guid: typeof guid === 'string' ? guid : undefined,
    kind: kind as EntryRef['kind'],
  };
}

function holder(record: unknown, line: number): Holder {
  const fields = isRecord(record) ? record : {};
  const held = value(fields['value'], line);
  if (held === undefined) throw broken(line, 'a holder without a value');
  return {
    entry: ref(fields, 'other', line),
    attribute: text(fields, 'attribute', line),
    value: held,
  };
}

function value(json: unknown, line: number): Value | undefined {
  if (json === null || json === undefined) return undefined;
  const found = readJsonValue(json);
  if (found === undefined) throw broken(line, 'a value that is neither text nor base64');
  return found;
}

function text(record: JsonRecord, field: string, line: number): string {
  const found = record[field];
  if (typeof found === 'string') return found;
  throw broken(line, `no ${field}`);
}

function list(record: JsonRecord, field: string, line: number): readonly unknown[] {
  const found = record[field];
  if (Array.isArray(found)) return found;
  throw broken(line, `no list ${field}`);
}

function broken(line: number, what: string): ExpectedError {
  return new ExpectedError(`Line ${line} of the report is broken: ${what}.`, 'Scan again.');
}
