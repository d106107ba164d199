/** The server does not speak LDAP, or not as RFC 4511 5.1 wants it. */
export class MalformedMessageError extends Error {
  constructor(reason = 'something that is no LDAP message') {
    super(reason);
  }
}

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const ENUMERATED = 0x0a;

/** Who announces more than a gigabyte does not speak LDAP. */
const LONGEST = 2 ** 30;
/** Windows writes all four of them, also for a length of one octet. */
const LENGTH_OCTETS = 4;
const INTEGER_OCTETS = 4;

/** Reads the encoding of LDAP (RFC 4511 5.1), in which every length is definite. Throws MalformedMessageError on anything else. */
export class BerReader {
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

  /** Whether an element with this tag stands here. */
  isAt(tag: number, limit: number): boolean {
    return this.at < limit && this.bytes[this.at] === tag;
  }

  /** A number that is not negative: LDAP has no others. */
  integer(tag: number, limit: number): number {
    const end = this.enter(tag, limit);
    if (end === this.at || end - this.at > INTEGER_OCTETS) throw new MalformedMessageError();
    let value = 0;
    while (this.at < end) value = value * 256 + this.#octet();
    return value;
  }

  text(limit: number, tag: number = OCTET_STRING): string {
    this.enter(tag, limit);
    return this.bytes.toString('utf8', this.at, this.skip());
  }

  /** Passes over an element, whatever it is. */
  pass(limit: number): void {
    this.enter(this.bytes[this.at] as number, limit);
    this.skip();
  }

  /** Goes to the end of the element entered last, and returns it. */
  skip(): number {
    this.at = this.#end;
    return this.#end;
  }

  /** Elements fill what they stand in: what is left over shows that a length or a tag is not what it was. */
  mustBeAt(end: number): void {
    if (this.at !== end) throw new MalformedMessageError();
  }

  #octet(): number {
    const octet = this.bytes[this.at];
    if (octet === undefined) throw new MalformedMessageError();
    this.at += 1;
    return octet;
  }
}
