import { ERROR_WORDS } from '../../findings/error-words.js';
import { SEVERITIES } from '../../findings/severities.js';
import { ENTRY_KINDS } from '../../ldap/format/object-class.js';
import type { Proposal } from '../../model/change.js';
import type { EntryRef, Value } from '../../model/entry.js';
import type { Earlier, Finding, Holder } from '../../model/finding.js';
import type { ScanHeader, Skipped } from '../../model/scan.js';
import { isRecord, type JsonRecord, readJsonValue } from '../../text/json-lines.js';

/** What is wrong with a line, in words that follow its number. */
export class LineFault extends Error {}

const SAFETIES = ['safe', 'review'] as const;

/** What can be read of a whole finding and of what is kept of an earlier one. Throws LineFault, as all of these do. */
export function readEarlier(record: JsonRecord): Earlier {
  return {
    rule: text(record, 'rule'),
    severity: word(record, 'severity', SEVERITIES),
    entry: readEntry(record),
    attribute: text(record, 'attribute'),
    value: record['value'] === null ? undefined : value(record['value']),
  };
}

export function readFinding(record: JsonRecord): Finding {
  return {
    ...readEarlier(record),
    error: word(record, 'error', ERROR_WORDS),
    message: text(record, 'message'),
    related: list(record, 'related').map(readHolder),
    relatedCount: readCount(record, 'relatedCount'),
    ...(record['keeps'] === true && { keeps: true }),
    ...(record['hasLookalike'] === true && { hasLookalike: true }),
  };
}

/** The line does not tell the kind of its entry, nor the steps that led to the value. */
export function readProposal(record: JsonRecord): Proposal {
  return {
    id: text(record, 'id'),
    edit: {
      entry: { dn: text(record, 'dn'), guid: guidIn(record), kind: 'other' },
      attribute: text(record, 'attribute'),
      before: list(record, 'before').map(value),
      after: list(record, 'after').map(value),
    },
    safety: word(record, 'safety', SAFETIES),
    findings: texts(record, 'findings'),
    trail: [],
  };
}

export function readSkipped(record: JsonRecord): Skipped {
  return { entry: readEntry(record), reason: text(record, 'reason') };
}

/** The head of a report; its terms are only ever compared. Undefined where the line is none. */
export function readHeader(record: JsonRecord | undefined): ScanHeader | undefined {
  const { type, sources, profile, terms } = record ?? {};
  if (type !== 'scan' || typeof profile !== 'string' || !areTexts(sources)) return undefined;
  return {
    sources,
    profile,
    ...(isRecord(terms) && { terms: terms as NonNullable<ScanHeader['terms']> }),
  };
}

export function readFlag(record: JsonRecord, field: string): boolean {
  const found = record[field];
  if (typeof found === 'boolean') return found;
  throw new LineFault(`no ${field}`);
}

export function readCount(record: JsonRecord, field: string): number {
  const found = record[field];
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found;
  throw new LineFault(`no count ${field}`);
}

function readEntry(record: JsonRecord): EntryRef {
  return {
    dn: text(record, 'dn'),
    guid: guidIn(record),
    kind: word(record, 'kind', ENTRY_KINDS),
  };
}

/** Of a holder only its DN is on record. */
function readHolder(json: unknown): Holder {
  const record = isRecord(json) ? json : {};
  return {
    entry: { dn: text(record, 'dn'), guid: undefined, kind: 'other' },
    attribute: text(record, 'attribute'),
    value: value(record['value']),
  };
}

function guidIn(record: JsonRecord): string | undefined {
  return record['guid'] === null ? undefined : text(record, 'guid');
}

function value(json: unknown): Value {
  const found = readJsonValue(json);
  if (found !== undefined) return found;
  throw new LineFault('a value that is neither text nor base64');
}

function text(record: JsonRecord, field: string): string {
  const found = record[field];
  if (typeof found === 'string') return found;
  throw new LineFault(`no ${field}`);
}

function word<Word extends string>(
  record: JsonRecord,
  field: string,
  words: readonly Word[],
): Word {
  const found = text(record, field);
  const known = words.find((one) => one === found);
  if (known !== undefined) return known;
  throw new LineFault(`unknown ${field} "${found.slice(0, 40)}"`);
}

function list(record: JsonRecord, field: string): readonly unknown[] {
  const found = record[field];
  if (Array.isArray(found)) return found;
  throw new LineFault(`no list ${field}`);
}

function texts(record: JsonRecord, field: string): readonly string[] {
  const found = list(record, field);
  if (areTexts(found)) return found;
  throw new LineFault(`no list ${field}`);
}

function areTexts(json: unknown): json is readonly string[] {
  return Array.isArray(json) && json.every((one) => typeof one === 'string');
}
