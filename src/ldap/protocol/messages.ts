import { printable } from '../../text/printable.js';
import type { AttributeNames } from '../entry/attribute-names.js';
import { FIRST_VALUE, RawEntry, VALUE_STEP } from '../entry/entry.js';
import {
  BerReader,
  ENUMERATED,
  INTEGER,
  MalformedMessageError,
  OCTET_STRING,
  SEQUENCE,
} from './ber-reader.js';
import type { Answer } from './result-codes.js';

/** What a request asks for; the answer that ends it is of the same kind. */
export type Operation = 'bind' | 'search' | 'modify' | 'extended';

/** The message that ends a request. */
export interface Response extends Answer {
  readonly operation: Operation;
  /** Where the next page starts, empty after the last one (RFC 2696 3); undefined where nothing is said of pages. */
  readonly cookie: Buffer | undefined;
}

/** What a stream of LDAP messages brings, with the number of the request that each answers and its octets. */
export interface MessageHandlers {
  onEntry(messageId: number, entry: RawEntry, octets: number): void;
  /** The URLs of one search result reference. */
  onReference(messageId: number, urls: readonly string[], octets: number): void;
  onResponse(messageId: number, response: Response): void;
}

/** Simple paged results (RFC 2696). */
export const PAGED_RESULTS = '1.2.840.113556.1.4.319';

const SET = 0x31;
/** Protocol operations (RFC 4511 4.5.2). */
const SEARCH_RESULT_ENTRY = 0x64;
const SEARCH_RESULT_REFERENCE = 0x73;
/** Those that end a request (RFC 4511 4.2.2, 4.5.2, 4.6, 4.12). */
const ENDS: ReadonlyMap<number | undefined, Operation> = new Map([
  [0x61, 'bind'],
  [0x65, 'search'],
  [0x67, 'modify'],
  [0x78, 'extended'],
]);
const BOOLEAN = 0x01;
const REFERRAL = 0xa3;
const CONTROLS = 0xa0;

/** No message is shorter than this (RFC 4511 4.1.1): so much is there before its length is read. */
const SHORTEST = 7;

/** Of one message: an entry with a hundred thousand addresses takes a tenth of it. */
const MOST_OCTETS = 2 ** 26;
const MOST_VALUES = 2 ** 20;

/** Numbers that are kept room for between entries. */
const MOST_KEPT = 2 ** 16;

/**
 * Cuts what arrives on a connection into LDAP messages (RFC 4511 4.1.1), and decodes them. What is not complete waits
 * for more. The returned function throws MalformedMessageError where the bytes are no messages, or none that a server
 * has for us: a message that is passed over could be an entry.
 */
export function messageReader(
  names: AttributeNames,
  handlers: MessageHandlers,
): (data: Buffer) => void {
  /** The message that has not come whole yet: its pieces, their length, and its own where that is known. */
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 0;
  const readEntry = entryReader(names);
  const readAll = (bytes: Buffer, from: number) => {
    const reader = new BerReader(bytes, from);
    let start = from;
    [pieces, held, needed] = [[], 0, 0];
    while (start < bytes.length) {
      const end = messageEnd(reader);
      if (end === undefined || end > bytes.length) {
        pieces = [bytes.subarray(start)];
        held = bytes.length - start;
        needed = end === undefined ? 0 : end - start;
        return;
      }
      readMessage(reader, start, end, handlers, readEntry);
      start = end;
    }
  };
  return (data) => {
    if (held === 0) return readAll(data, 0);
    // An entry of megabytes comes in many pieces: they are joined once, and what follows is read where it is.
    const taken = needed === 0 ? data.length : Math.min(needed - held, data.length);
    pieces.push(data.subarray(0, taken));
    held += taken;
    if (held < needed) return;
    readAll(Buffer.concat(pieces, held), 0);
    if (taken < data.length) readAll(data, taken);
  };
}

/** Enters the message that stands here, and returns where it ends; undefined when its length has not arrived yet. */
function messageEnd(reader: BerReader): number | undefined {
  const { bytes, at } = reader;
  if (bytes[at] !== SEQUENCE) throw new MalformedMessageError();
  if (bytes.length - at < SHORTEST) return undefined;
  reader.at += 1;
  const length = reader.length();
  if (length > MOST_OCTETS) {
    throw tooLarge(`a message of ${mebibytes(length)}`, mebibytes(MOST_OCTETS), nameIn(reader));
  }
  return reader.at + length;
}

function mebibytes(octets: number): string {
  return `${Math.ceil(octets / 2 ** 20)} MiB`;
}

/** Whom a message is about that has not come whole: a search result entry begins with its name. */
function nameIn(reader: BerReader): string {
  try {
    reader.integer(INTEGER, Number.POSITIVE_INFINITY);
    reader.enter(SEARCH_RESULT_ENTRY, Number.POSITIVE_INFINITY);
    const name = reader.text(Number.POSITIVE_INFINITY);
    return reader.at <= reader.bytes.length ? `: ${printable(name)}` : '';
  } catch {
    return '';
  }
}

function tooLarge(what: string, most: string, whose = ''): MalformedMessageError {
  return new MalformedMessageError(`${what}, more than the ${most} that presync takes${whose}`);
}

function readMessage(
  reader: BerReader,
  start: number,
  end: number,
  { onEntry, onReference, onResponse }: MessageHandlers,
  readEntry: ReturnType<typeof entryReader>,
): void {
  const { bytes } = reader;
  const id = reader.integer(INTEGER, end);
  const tag = bytes[reader.at];
  if (tag === SEARCH_RESULT_ENTRY) {
    const entry = readEntry(reader, reader.enter(SEARCH_RESULT_ENTRY, end));
    readControls(reader, end);
    onEntry(id, entry, end - start);
  } else if (tag === SEARCH_RESULT_REFERENCE) {
    const urls = readTexts(reader, reader.enter(SEARCH_RESULT_REFERENCE, end));
    // At least one (RFC 4511 4.5.3).
    if (urls.length === 0) throw new MalformedMessageError();
    readControls(reader, end);
    onReference(id, urls, end - start);
  } else {
    const operation = ENDS.get(tag);
    if (tag === undefined || operation === undefined) throw new MalformedMessageError();
    const answer = readAnswer(reader, reader.enter(tag, end));
    onResponse(id, { ...answer, operation, cookie: readControls(reader, end) });
  }
}

/** Reads an LDAPResult (RFC 4511 4.1.9), and what may follow it in the answer to one operation or another. */
function readAnswer(reader: BerReader, end: number): Answer {
  const status = reader.integer(ENUMERATED, end);
  const matchedDN = reader.text(end);
  const errorMessage = reader.text(end);
  const referrals = reader.isAt(REFERRAL, end)
    ? readTexts(reader, reader.enter(REFERRAL, end))
    : undefined;
  // What it cannot know of a client must ignore (RFC 4511 4).
  while (reader.at < end) reader.pass(end);
  return referrals
    ? { status, matchedDN, errorMessage, referrals }
    : { status, matchedDN, errorMessage };
}

function readTexts(reader: BerReader, end: number): readonly string[] {
  const texts: string[] = [];
  while (reader.at < end) texts.push(reader.text(end));
  return texts;
}

/** Reads to the end of the message; gives the cookie of the paging control, if it is there. */
function readControls(reader: BerReader, end: number): Buffer | undefined {
  if (reader.at === end) return undefined;
  const controlsEnd = reader.enter(CONTROLS, end);
  let cookie: Buffer | undefined;
  while (reader.at < controlsEnd) {
    const controlEnd = reader.enter(SEQUENCE, controlsEnd);
    const isPaging = reader.text(controlEnd) === PAGED_RESULTS;
    if (reader.isAt(BOOLEAN, controlEnd)) reader.pass(controlEnd);
    if (isPaging) cookie = readCookie(reader, reader.enter(OCTET_STRING, controlEnd));
    else if (reader.at < controlEnd) reader.pass(controlEnd);
    reader.mustBeAt(controlEnd);
  }
  reader.mustBeAt(end);
  return cookie;
}

/** Reads the value of a paging control (RFC 2696 2): an estimate of how many there are, and the cookie. */
function readCookie(reader: BerReader, end: number): Buffer {
  const valueEnd = reader.enter(SEQUENCE, end);
  reader.integer(INTEGER, valueEnd);
  reader.enter(OCTET_STRING, valueEnd);
  // A copy: the page that came with it is not to be kept for it.
  const cookie = Buffer.from(reader.bytes.subarray(reader.at, reader.skip()));
  reader.mustBeAt(valueEnd);
  reader.mustBeAt(end);
  return cookie;
}

/** Reads search result entries (RFC 4511 4.5.2) whose names stand in a table. */
function entryReader(names: AttributeNames): (reader: BerReader, end: number) => RawEntry {
  /** Filled anew for each entry, which takes as much of it as it needs: a list that grows is copied again and again. */
  let room: number[] = [];
  return (reader, end) => {
    const { bytes } = reader;
    if (room.length > MOST_KEPT) room = [];
    reader.enter(OCTET_STRING, end);
    room[0] = reader.at;
    room[1] = reader.skip();
    let used = FIRST_VALUE;
    const attributesEnd = reader.enter(SEQUENCE, end);
    while (reader.at < attributesEnd) {
      const attributeEnd = reader.enter(SEQUENCE, attributesEnd);
      reader.enter(OCTET_STRING, attributeEnd);
      const name = names.numberIn(bytes, reader.at, reader.skip());
      if (name === undefined) throw new MalformedMessageError('names of attributes without end');
      const valuesEnd = reader.enter(SET, attributeEnd);
      while (reader.at < valuesEnd) {
        reader.enter(OCTET_STRING, valuesEnd);
        room[used] = name;
        room[used + 1] = reader.at;
        room[used + 2] = reader.skip();
        used += VALUE_STEP;
        if (used > MOST_VALUES * VALUE_STEP) {
          const name = bytes.toString('utf8', room[0], room[1]);
          throw tooLarge('an entry of too many values', `${MOST_VALUES}`, `: ${printable(name)}`);
        }
      }
      reader.mustBeAt(attributeEnd);
    }
    reader.mustBeAt(end);
    return new RawEntry(bytes, room.slice(0, used), names);
  };
}
