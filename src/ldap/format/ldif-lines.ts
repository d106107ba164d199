import { ExpectedError } from '../../errors.js';
import { listCharacters, UNSEEN } from '../../text/characters.js';
import { quote } from '../../text/quote.js';

/** The lines of a piece of a file, without their ends. Each character is one byte of the file as UTF-8. */
export interface Lines {
  readonly texts: readonly string[];
  /** Whether the file ends in the middle of the last of them. */
  readonly isCut: boolean;
}

/** The longest value that is read, as it stands in the file: bytes. No directory takes a tenth of it. */
export const LONGEST_VALUE = 2 ** 26;

const LINE_FEED = 10;
const RETURN = 13;
/** What stands where files were joined: the byte order mark of the next one, and what DOS puts at the end of a text. */
const BYTE_ORDER_MARK = '\xef\xbb\xbf';
const MARKED = BYTE_ORDER_MARK.charCodeAt(0);
const CTRL_Z = 0x1a;

const EXPORT_AGAIN = 'Export the entries again, or mend the line; RFC 2849 describes the format.';

/** A failure that names its line. */
export function broken(line: number, what: string, hint = EXPORT_AGAIN): ExpectedError {
  return new ExpectedError(`line ${line}: ${what}`, hint);
}

/** Bytes of a line that are looked at to show it. */
const SHOWN = 400;

/** A line as a message shows it, with the names of what nobody sees in it. */
export function shown(line: string): string {
  const text = Buffer.from(line.slice(0, SHOWN), 'latin1').toString('utf8');
  const unseen = [...text].filter((character) => character !== ' ' && UNSEEN.test(character));
  const hidden = unseen.length > 0 ? ` (in it: ${listCharacters(unseen)})` : '';
  return `${quote(text)}${hidden}`;
}

/** The way out of a limit that a text in LDIF meets. */
export const TOO_LARGE =
  'Export without that attribute, or look whether the file is an LDIF file at all.';

/**
 * The lines of a text in UTF-8 or UTF-16, which `ldifde -u` writes, marked as such or not. A line ends with a line feed,
 * with a carriage return, or with any number of these before a line feed.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  const line = new StartedLine();
  for await (const chunk of toUtf8(chunks)) yield { texts: line.take(chunk), isCut: false };
  yield line.end();
}

/** Cuts what arrives into lines, and keeps what of the last one has come. */
class StartedLine {
  #pieces: Buffer[] = [];
  #length = 0;
  /** How many lines have ended. */
  #count = 0;
  /** Whether any carriage return has come: most files have none, or one a line. */
  #hasReturns = false;

  take(chunk: Buffer): readonly string[] {
    const texts: string[] = [];
    this.#hasReturns ||= chunk.includes(RETURN);
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; to = chunk.indexOf(LINE_FEED, from)) {
      if (this.#length > 0) this.#push(texts, this.#finish(chunk.subarray(from, to)));
      else this.#push(texts, textOf(chunk, from, to));
      from = to + 1;
    }
    const rest = chunk.subarray(from);
    const at = this.#hasReturns ? lastLoneReturn(rest) : -1;
    if (at >= 0) {
      this.#keep(rest.subarray(0, at));
      for (const text of this.#joined().toString('latin1').split('\r')) this.#add(texts, text);
    }
    this.#keep(rest.subarray(at + 1));
    return texts;
  }

  end(): Lines {
    const bytes = this.#joined();
    let to = bytes.length;
    while (to > 0 && bytes[to - 1] === CTRL_Z) to -= 1;
    if (to === 0) return { texts: [], isCut: false };
    const texts: string[] = [];
    this.#push(texts, textOf(bytes, 0, to));
    return { texts, isCut: texts.at(-1) !== '' && bytes[to - 1] !== RETURN };
  }

  #push(texts: string[], text: string): void {
    if (!this.#hasReturns || !text.includes('\r')) this.#add(texts, text);
    else for (const part of text.split('\r')) this.#add(texts, part);
  }

  #add(texts: string[], text: string): void {
    this.#count += 1;
    texts.push(unmarked(text));
  }

  #finish(last: Buffer): string {
    this.#keep(last);
    const bytes = this.#joined();
    return textOf(bytes, 0, bytes.length);
  }

  #joined(): Buffer {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return bytes;
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (this.#length > LONGEST_VALUE)
      throw broken(
        this.#count + 1,
        `it goes on for more than ${LONGEST_VALUE / 2 ** 20} MiB, the most that presync reads of a value`,
        TOO_LARGE,
      );
    // A copy, because whoever reads a file may fill the same buffer again.
    this.#pieces.push(Buffer.from(piece));
  }
}

/** A string of its own, not a slice of the text of a chunk: one short value would keep 64 KiB alive. */
function textOf(buffer: Buffer, from: number, end: number): string {
  let to = end;
  while (to > from && buffer[to - 1] === RETURN) to -= 1;
  return buffer.toString('latin1', from, to);
}

/** Where the last carriage return stands that surely ends a line: others may follow in the next chunk, or a line feed. */
function lastLoneReturn(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === RETURN) end -= 1;
  return end > 0 ? bytes.lastIndexOf(RETURN, end - 1) : -1;
}

/** The line without what stands before it where files were joined. */
function unmarked(text: string): string {
  for (let from = 0; ; ) {
    const first = text.charCodeAt(from);
    if (first === CTRL_Z) from += 1;
    else if (first === MARKED && text.startsWith(BYTE_ORDER_MARK, from)) from += 3;
    else return from === 0 ? text : text.slice(from);
  }
}

async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let recode: ((chunk?: Uint8Array) => Buffer) | undefined;
  for await (const chunk of chunks) {
    if (recode) yield recode(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      recode = recoder(head);
      yield recode(head);
    }
  }
  if (recode) yield recode();
  else yield head;
}

/** How to turn the chunks of a file that starts with `head` into UTF-8; a call without chunk ends it. */
function recoder(head: Buffer): (chunk?: Uint8Array) => Buffer {
  const encoding = utf16Of(head);
  if (encoding === undefined)
    return (chunk = Buffer.alloc(0)) =>
      Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }), 'utf8');
    } catch {
      throw new ExpectedError('the text is no valid UTF-16', 'Export the entries again.');
    }
  };
}

/** Which UTF-16 a text is in, by its mark or by the zero beside its first character, which is ASCII in LDIF. */
function utf16Of([first, second]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if ((first === 0) === (second === 0)) return undefined;
  return second === 0 ? 'utf-16le' : 'utf-16be';
}
