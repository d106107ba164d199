import { numberOfName } from '../entry/attribute-name.js';
import { FIRST_VALUE, PLACE, RawEntry } from '../entry/entry.js';
import type { Answer } from './result-codes.js';

/** What a stream of LDAP messages brings. */
export interface MessageHandlers {
  /** A search result entry, and the number of the request that it answers. */
  onEntry(messageId: number, entry: RawEntry): void;
  /** The end of a request to which the server has nothing to add: no referral, no control. */
  onAnswer(messageId: number, answer: Answer): void;
  /** Any other message, whole, but for intermediate responses: none was asked for (RFC 4511 4.13). */
  onOther(message: Buffer): void;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const ENUMERATED = 0x0a;
/** Protocol operations (RFC 4511 4.5.2, 4.6, 4.13). */
const SEARCH_RESULT_ENTRY = 0x64;
const SEARCH_RESULT_DONE = 0x65;
const MODIFY_RESPONSE = 0x67;
const INTERMEDIATE_RESPONSE = 0x79;

/** No message is shorter than this (RFC 4511 4.1.1): so much is there before its length is read. */
const SHORTEST = 7;

/** No server has a message of a gigabyte: who announces one would be waited for until the time is out. */
const LONGEST = 2 ** 30;
const LENGTH_OCTETS = 4;

/** The server does not speak LDAP, or not as RFC 4511 5.1 wants it. */
export class MalformedMessageError extends Error {}

/**
 * Cuts what arrives on a connection into LDAP messages (RFC 4511 4.1.1), and decodes entries and plain answers: a scan
 * and a long list of changes are made of little else. What is not complete waits for more. The returned function throws
 * MalformedMessageError where the bytes are no messages.
 */
export function messageReader(handlers: MessageHandlers): (data: Buffer) => void {
  /** The message that has not come whole yet: its pieces, their length, and its own where that is known. */
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 0;
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
      readMessage(reader, start, end, handlers);
      start = end;
      // Controls of an entry are not asked for.
      reader.at = end;
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
  return reader.at + length;
}

function readMessage(
  reader: BerReader,
  start: number,
  end: number,
  { onEntry, onAnswer, onOther }: MessageHandlers,
): void {
  const { bytes } = reader;
  const id = reader.integer(INTEGER, end);
  const operation = bytes[reader.at];
  if (operation === SEARCH_RESULT_ENTRY) {
    onEntry(id, decodeEntry(reader, reader.enter(SEARCH_RESULT_ENTRY, end)));
    return;
  }
  if (operation === INTERMEDIATE_RESPONSE) return;
  const isEnd = operation === SEARCH_RESULT_DONE || operation === MODIFY_RESPONSE;
  const answer = isEnd ? readAnswer(reader, reader.enter(operation, end)) : undefined;
  if (answer && reader.at === end) onAnswer(id, answer);
  else onOther(bytes.subarray(start, end));
}

/** Reads an LDAPResult (RFC 4511 4.1.9); a referral may follow. */
function readAnswer(reader: BerReader, end: number): Answer {
  const status = reader.integer(ENUMERATED, end);
  return { status, matchedDN: reader.text(end), errorMessage: reader.text(end) };
}

/** Filled anew for each entry, which takes as much of it as it needs: a list that grows is copied again and again. */
const room: number[] = [];

function decodeEntry(reader: BerReader, end: number): RawEntry {
  const { bytes } = reader;
  reader.enter(OCTET_STRING, end);
  room[0] = reader.at;
  room[1] = reader.skip();
  let used = FIRST_VALUE;
  const attributesEnd = reader.enter(SEQUENCE, end);
  while (reader.at < attributesEnd) {
    const attributeEnd = reader.enter(SEQUENCE, attributesEnd);
    reader.enter(OCTET_STRING, attributeEnd);
    const name = numberOfName(bytes, reader.at, reader.skip());
    const valuesEnd = reader.enter(SET, attributeEnd);
    while (reader.at < valuesEnd) {
      reader.enter(OCTET_STRING, valuesEnd);
      room[used] = name;
      room[used + 1] = reader.at;
      room[used + 2] = reader.skip();
      used += PLACE;
    }
    reader.at = attributeEnd;
  }
  return new RawEntry(bytes, room.slice(0, used));
}

/** Reads the encoding of LDAP (RFC 4511 5.1), in which every length is definite. Throws MalformedMessageError on anything else. */
class BerReader {
  readonly bytes: Buffer;
  at: number;
  #end = 0;

  constructor(bytes: Buffer, from: number) {
    this.bytes = bytes;
    this.at = from;
  }

  /** The length that stands here. */
  length(): number {
    const first = this.#octet();
    if (first < 0x80) return first;
    const octets = first - 0x80;
    if (octets === 0 || octets > LENGTH_OCTETS) throw new MalformedMessageError();
    let length = 0;
    for (let read = 0; read < octets; read += 1) length = length * 256 + this.#octet();
    if (length > LONGEST) throw new MalformedMessageError();
    return length;
  }

  /** Enters an element, and returns where it ends. Nothing reaches beyond what it stands in. */
  enter(tag: number, limit: number): number {
    if (this.#octet() !== tag) throw new MalformedMessageError();
    const length = this.length();
    this.#end = this.at + length;
    if (this.#end > limit) throw new MalformedMessageError();
    return this.#end;
  }

  integer(tag: number, limit: number): number {
    const end = this.enter(tag, limit);
    let value = 0;
    while (this.at < end) value = value * 256 + this.#octet();
    return value;
  }

  text(limit: number): string {
    this.enter(OCTET_STRING, limit);
    return this.bytes.toString('utf8', this.at, this.skip());
  }

  /** Goes to the end of the element entered last, and returns it. */
  skip(): number {
    this.at = this.#end;
    return this.#end;
  }

  #octet(): number {
    const octet = this.bytes[this.at];
    if (octet === undefined) throw new MalformedMessageError();
    this.at += 1;
    return octet;
  }
}
