import { Ber, BerReader, BerWriter, PagedResultsControl } from 'ldapts';

/** One change of a modify request; values as bytes. */
export interface LoggedChange {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  readonly values: readonly Buffer[];
}

/** A request as the client sent it, decoded. */
export interface LoggedRequest {
  readonly op: 'bind' | 'unbind' | 'search' | 'modify' | 'abandon' | 'other';
  /** Name bound as, base of the search, or entry modified. */
  readonly dn: string;
  readonly scope?: 'base' | 'one' | 'sub';
  /** What the client would have the server do no more than, 0 for what the server itself allows (RFC 4511 4.5.1). */
  readonly limits?: {
    /** Seconds. */
    readonly time: number;
    /** Entries. */
    readonly size: number;
  };
  /** Whether aliases are followed (0: never), and whether attributes come without their values. */
  readonly aliases?: number;
  readonly typesOnly?: boolean;
  /** The filter in its text form (RFC 4515), attribute names as sent. */
  readonly filter?: string;
  readonly attributes?: readonly string[];
  readonly pageSize?: number;
  readonly cookie?: string;
  readonly changes?: readonly LoggedChange[];
  /** Object identifiers of the controls; a critical one ends in `!`. */
  readonly controls: readonly string[];
}

/** A request and the number under which the answer goes back. */
export interface Received extends LoggedRequest {
  readonly id: number;
}

const OPERATIONS = new Map<number | null, LoggedRequest['op']>([
  [0x60, 'bind'],
  [0x42, 'unbind'],
  [0x63, 'search'],
  [0x66, 'modify'],
  [0x50, 'abandon'],
]);
const SCOPES = ['base', 'one', 'sub'] as const;
const CHANGES = ['add', 'delete', 'replace'] as const;

/** Cuts the first whole message off what has arrived; undefined when it is not all there yet. */
export function takeMessage(received: Buffer): { message: Buffer; rest: Buffer } | undefined {
  const reader = new BerReader(received);
  if (reader.readSequence() === null || reader.remain < reader.length) return undefined;
  const end = reader.offset + reader.length;
  return { message: received.subarray(0, end), rest: received.subarray(end) };
}

/** Decodes a request (RFC 4511, section 4). ldapts can only write requests without loss, not read them. */
export function readRequest(message: Buffer): Received {
  const reader = new BerReader(message);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  const op = OPERATIONS.get(reader.readSequence()) ?? 'other';
  const end = reader.offset + reader.length;
  const body = readBody(op, reader);
  reader.offset = end;
  return { id, op, ...body, ...readControls(reader) };
}

function readBody(op: LoggedRequest['op'], reader: BerReader): { dn: string } {
  if (op === 'bind') reader.readInt();
  if (op !== 'bind' && op !== 'search' && op !== 'modify') return { dn: '' };
  const dn = reader.readString() ?? '';
  if (op === 'search') return { dn, ...readSearch(reader) };
  return op === 'modify' ? { dn, ...readChanges(reader) } : { dn };
}

function readSearch(reader: BerReader): Omit<LoggedRequest, 'op' | 'dn' | 'controls'> {
  const scope = SCOPES[reader.readEnumeration() ?? 0] ?? 'sub';
  const aliases = reader.readEnumeration() ?? 0;
  const size = reader.readInt() ?? 0;
  const limits = { size, time: reader.readInt() ?? 0 };
  const typesOnly = reader.readBoolean() ?? false;
  const filter = readFilter(reader);
  const attributes = readAll(reader, () => reader.readString() ?? '');
  return { scope, aliases, limits, typesOnly, filter, attributes };
}

function readChanges(reader: BerReader): { changes: readonly LoggedChange[] } {
  const change = () => {
    reader.readSequence();
    const operation = CHANGES[reader.readEnumeration() ?? 0] ?? 'replace';
    reader.readSequence();
    const attribute = reader.readString() ?? '';
    const value = () => Buffer.from(reader.readString(Ber.OctetString, true) ?? []);
    return { operation, attribute, values: readAll(reader, value) };
  };
  return { changes: readAll(reader, change) };
}

function readControls(reader: BerReader): Pick<LoggedRequest, 'controls' | 'pageSize' | 'cookie'> {
  let page = {};
  if (reader.remain === 0) return { controls: [] };
  const controls = readAll(reader, () => {
    reader.readSequence();
    const end = reader.offset + reader.length;
    const oid = reader.readString() ?? '';
    const critical = reader.peek() === Ber.Boolean && reader.readBoolean() === true;
    if (oid === PagedResultsControl.type) page = readPage(reader);
    reader.offset = end;
    return critical ? `${oid}!` : oid;
  });
  return { controls, ...page };
}

function readPage(reader: BerReader): { pageSize: number; cookie: string } {
  const control = new PagedResultsControl();
  control.parse(new BerReader(reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0)));
  return { pageSize: control.value?.size ?? 0, cookie: control.value?.cookie?.toString() ?? '' };
}

function readAll<T>(reader: BerReader, readOne: () => T): readonly T[] {
  reader.readSequence();
  const end = reader.offset + reader.length;
  const all: T[] = [];
  while (reader.offset < end) all.push(readOne());
  return all;
}

const COMPARISONS = new Map([
  [0xa3, '='],
  [0xa5, '>='],
  [0xa6, '<='],
  [0xa8, '~='],
]);

function readFilter(reader: BerReader): string {
  const tag = reader.peek() ?? 0;
  if (tag === 0xa0 || tag === 0xa1)
    return `(${tag === 0xa0 ? '&' : '|'}${readAll(reader, () => readFilter(reader)).join('')})`;
  if (tag === 0xa2) return `(!${readAll(reader, () => readFilter(reader)).join('')})`;
  if (tag === 0x87) return `(${reader.readString(0x87)}=*)`;
  if (tag === 0xa4) return readSubstrings(reader);
  if (tag === 0xa9) return readExtensible(reader);
  reader.readSequence();
  const attribute = reader.readString() ?? '';
  return `(${attribute}${COMPARISONS.get(tag) ?? '?'}${readAssertion(reader, Ber.OctetString)})`;
}

function readSubstrings(reader: BerReader): string {
  reader.readSequence();
  const attribute = reader.readString() ?? '';
  const parts = readAll(reader, () => {
    const tag = reader.peek() ?? 0;
    return { tag, text: readAssertion(reader, tag) };
  });
  const text = parts.map((part) => (part.tag === 0x80 ? part.text : `*${part.text}`)).join('');
  return `(${attribute}=${text}${parts.at(-1)?.tag === 0x82 ? '' : '*'})`;
}

function readExtensible(reader: BerReader): string {
  const parts = new Map<number, string>();
  readAll(reader, () => {
    const tag = reader.peek() ?? 0;
    parts.set(tag, readAssertion(reader, tag));
  });
  const rule = parts.has(0x81) ? `:${parts.get(0x81)}` : '';
  return `(${parts.get(0x82) ?? ''}${rule}:=${parts.get(0x83) ?? ''})`;
}

function readAssertion(reader: BerReader, tag: number): string {
  const bytes = [...(reader.readString(tag, true) ?? [])];
  const hex = (byte: number) => `\\${byte.toString(16).padStart(2, '0')}`;
  const plain = (byte: number) =>
    byte >= 0x20 && byte < 0x7f && !'\\*()'.includes(String.fromCharCode(byte));
  return bytes.map((byte) => (plain(byte) ? String.fromCharCode(byte) : hex(byte))).join('');
}

/** The answers of a server that a test can want, by their tags (RFC 4511, section 4). */
const RESULTS = { bind: 0x61, search: 0x65, modify: 0x67, other: 0x78 } as const;

/** The message that ends an operation; with a page when `cookie` is given, `''` for the last. */
export function writeResult(
  { id, op }: Received,
  code: number,
  text = '',
  cookie?: string,
): Buffer {
  const tag = op === 'bind' || op === 'search' || op === 'modify' ? RESULTS[op] : RESULTS.other;
  const body = (writer: BerWriter) => {
    writer.writeEnumeration(code);
    writer.writeString('');
    writer.writeString(text);
  };
  return writeMessage(id, tag, body, cookie);
}

/** A search result entry. */
export function writeEntry(
  { id }: Received,
  dn: string,
  attributes: Iterable<readonly [name: string, values: readonly Uint8Array[]]>,
): Buffer {
  return writeMessage(id, 0x64, (writer) => {
    writer.writeString(dn);
    writer.startSequence();
    for (const [name, values] of attributes) {
      writer.startSequence();
      writer.writeString(name);
      writer.startSequence(0x31);
      for (const value of values) writer.writeBuffer(Buffer.from(value), Ber.OctetString);
      writer.endSequence();
      writer.endSequence();
    }
    writer.endSequence();
  });
}

/** A search result reference: "the rest is over there". */
export function writeReference({ id }: Received, url: string): Buffer {
  return writeMessage(id, 0x73, (writer) => writer.writeString(url));
}

function writeMessage(
  id: number,
  tag: number,
  body: (writer: BerWriter) => void,
  cookie?: string,
): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(tag);
  body(writer);
  writer.endSequence();
  if (cookie !== undefined) {
    writer.startSequence(0xa0);
    new PagedResultsControl({ value: { size: 0, cookie: Buffer.from(cookie) } }).write(writer);
    writer.endSequence();
  }
  writer.endSequence();
  return writer.buffer;
}
