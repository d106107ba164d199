import { ExpectedError } from '../../errors.js';
import { ENTRY_KINDS } from '../../ldap/format/object-class.js';
import { wholeAttribute } from '../../ldap/format/whole-attribute.js';
import type { ApprovedEdit, Outcome } from '../../model/change.js';
import type { Value } from '../../model/entry.js';
import { type JsonRecord, readJsonValue, readRecord } from '../../text/json-lines.js';
import { hashChain } from './hash-chain.js';
import { type JournalHeader, NO_ROW, VERSION } from './journal.js';
import { attributeKey } from './requests.js';

/** One request as a journal tells it; `intended` when the outcome was never written. */
export interface JournalRequest {
  readonly request: number;
  readonly edits: readonly ApprovedEdit[];
  readonly state: Outcome['state'] | 'intended';
  readonly reason: string;
}

/** A journal read back, its requests in the order in which they were written. */
export interface JournalContent {
  readonly header: JournalHeader & { readonly started: string; readonly version: number };
  /** Whether its lines prove that none was changed, but by somebody who made all hashes after it anew. */
  readonly isChained: boolean;
  /** The first line that could not be believed, where reading ended before it. */
  readonly brokenAt: number | undefined;
  /** Whether it has the line with which a run ends: without it a run was killed, or lines are missing. */
  readonly isEnded: boolean;
  readonly requests: readonly JournalRequest[];
}

/** A request while its lines are read, and how many edits it has in all. */
interface Draft extends JournalRequest {
  readonly of: number;
  /** All that attributes held, by name, where that is on record. */
  readonly wholes: ReadonlyMap<string, readonly Value[]>;
}

const STATES = ['applied', 'stale', 'failed', 'unknown'] as const;

/** How a journal is taken. */
export interface ReadTerms {
  /** Reads a journal up to the first line that is broken, in place of refusing all of it. */
  readonly untilBreak?: boolean | undefined;
}

/**
 * Reads a journal. A last line torn by a crash is left out, and so is a request of which not all
 * lines are there: it was not sent. Any other line that is broken, or not the one that was written after the line
 * before it, is an ExpectedError.
 */
export function readJournal(
  content: Uint8Array | string,
  { untilBreak = false }: ReadTerms = {},
): JournalContent {
  const lines = linesOf(Buffer.from(content));
  const [first] = lines;
  const header = readHeader(first);
  const chain = hashChain();
  const isChained = header.version === VERSION;
  if (isChained && !chain.follows(first?.bytes ?? Buffer.of())) throw brokenLine(1);
  const requests = new Map<number, Draft>();
  let brokenAt: number | undefined;
  let isEnded = false;
  for (const { bytes, number, isTorn } of lines.slice(1)) {
    const record = readRecord(bytes);
    if (!record && isTorn) break;
    const isWhole = isChained ? chain.follows(bytes) : record && record['hash'] === undefined;
    if (record && isWhole && !isEnded) {
      isEnded = record['type'] === 'end';
      if (isEnded || takeRecord(record, requests)) continue;
    }
    if (!untilBreak) throw brokenLine(number);
    brokenAt = number;
    break;
  }
  return {
    header,
    isChained,
    brokenAt,
    isEnded,
    requests: [...requests.values()].filter(({ edits, of }) => edits.length >= of).map(requestOf),
  };
}

/** A line of a file; the last one is torn where nothing ends it. */
interface Line {
  readonly bytes: Buffer;
  /** From 1 on. */
  readonly number: number;
  readonly isTorn: boolean;
}

function linesOf(bytes: Buffer): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const number = lines.length + 1;
    lines.push({ bytes: bytes.subarray(start, end), number, isTorn: newline < 0 });
    start = end + 1;
  }
  return lines;
}

function requestOf({ of: _, wholes, ...request }: Draft): JournalRequest {
  return { ...request, edits: withWholes(request.edits, wholes) };
}

function brokenLine(number: number): ExpectedError {
  return new ExpectedError(
    `Line ${number} of the journal is broken: it, or one before it, was changed since presync wrote it.`,
    (nameOf) =>
      number > 1
        ? `Use the file as it was written, or put back what stands before that line with ${nameOf('untilBreak')}.`
        : 'Use the file as it was written.',
  );
}

function readHeader(line: Line | undefined): JournalContent['header'] {
  const record = line && readRecord(line.bytes);
  if (!line || (!record && line.isTorn && isHeaderStart(line.bytes))) {
    throw new ExpectedError(
      'The journal ends before its first line does: the run was ended before it wrote anything.',
      'There is nothing to undo or to resume: nothing was changed. Start the command again.',
    );
  }
  const { type, version, command, target, host, started, resumes } = record ?? {};
  const known = command === 'apply' || command === 'undo';
  if (type !== 'journal' || !known || typeof target !== 'string' || typeof started !== 'string') {
    throw new ExpectedError(
      'The file is no presync journal.',
      'Name the journal that apply or undo wrote.',
    );
  }
  if (version === 1 || version === VERSION) {
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return { version, command, target, host: text(host), started, resumes: text(resumes) };
  }
  throw new ExpectedError(
    `The journal has version ${JSON.stringify(version)}, this presync reads versions 1 and ${VERSION}.`,
    'Undo with the version of presync that wrote the journal.',
  );
}

/** Whether bytes are how each journal begins, as far as they go. */
function isHeaderStart(bytes: Uint8Array): boolean {
  const start = Buffer.from(JSON.stringify({ type: 'journal' }).slice(0, -1));
  const length = Math.min(start.length, bytes.length);
  return start.subarray(0, length).equals(bytes.subarray(0, length));
}

/** Adds a line to the request that it belongs to; false when it makes no sense. */
function takeRecord(record: JsonRecord, requests: Map<number, Draft>): boolean {
  const { type, request, of = 1, state, reason } = record;
  if (!isCount(request)) return false;
  const known = requests.get(request);
  if (type === 'edit') {
    const approved = readEdit(record);
    if (!approved || state !== 'intended' || (known && known.state !== 'intended')) return false;
    if (!isCount(of)) return false;
    const edits = [...(known?.edits ?? []), approved];
    const whole = record['whole'] === undefined ? undefined : readValues(record['whole']);
    if (record['whole'] !== undefined && !whole) return false;
    const wholes = new Map(known?.wholes);
    if (whole) wholes.set(attributeKey(approved.edit), whole);
    requests.set(request, { request, of, edits, wholes, state, reason: '' });
    return true;
  }
  if (type !== 'outcome' || typeof reason !== 'string') return false;
  if (!known || known.edits.length < known.of) return false;
  // It was on record ahead of its turn, and the run ended before.
  if (state === 'not attempted' && known.state === 'intended') return requests.delete(request);
  const outcome = STATES.find((name) => name === state);
  if (!outcome) return false;
  requests.set(request, { ...known, state: outcome, reason });
  return true;
}

/** Each edit with all that its attribute held, which stands beside one of them. */
function withWholes(edits: readonly ApprovedEdit[], wholes: Draft['wholes']) {
  if (wholes.size === 0) return edits;
  const known = new Map(
    [...wholes].map(([key, held]) => {
      const own = edits.filter(({ edit }) => attributeKey(edit) === key);
      const changes = own.map(({ edit }) => edit);
      return [key, wholeAttribute(held, changes)] as const;
    }),
  );
  return edits.map((one) => {
    const whole = known.get(attributeKey(one.edit));
    return whole ? { ...one, edit: { ...one.edit, whole } } : one;
  });
}

function readEdit(record: JsonRecord): ApprovedEdit | undefined {
  const { row = NO_ROW, id, dn, guid, attribute } = record;
  const { kind: word, before: old, after: replacement } = record;
  const kind = ENTRY_KINDS.find((name) => name === word);
  const [before, after] = [readValues(old), readValues(replacement)];
  if ((row !== NO_ROW && !isCount(row)) || typeof id !== 'string' || typeof dn !== 'string')
    return undefined;
  if (typeof attribute !== 'string' || !kind || !before || !after) return undefined;
  if (guid !== null && typeof guid !== 'string') return undefined;
  const entry = { dn, guid: guid ?? undefined, kind };
  const empties = record['empties'] === true ? { empties: true } : {};
  return { row, id, edit: { entry, attribute, before, after }, ...empties };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function readValues(list: unknown): readonly Value[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const values = list.map(readJsonValue).filter((value) => value !== undefined);
  return values.length === list.length ? values : undefined;
}
