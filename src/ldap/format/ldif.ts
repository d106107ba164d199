import { ExpectedError } from '../../errors.js';
import type { Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { holdsNoUsers, referenceDn } from './ldap-url.js';
import { decodeValue, encodeValue } from './values.js';

/** An entry as an LDIF file holds it; `line` is the 1-based line of its `dn:`. */
export interface LdifRecord {
  readonly line: number;
  readonly dn: string;
  /** Undefined in a content record; a snapshot can hold `add` besides. */
  readonly changetype: string | undefined;
  /** As the file has them, with their options: an attribute whose values do not stand together comes again. */
  readonly attributes: readonly (readonly [name: string, values: readonly Value[]])[];
}

/** A line after unfolding. Each character of its text is one byte of the file as UTF-8. */
interface Line {
  readonly number: number;
  text: string;
}

const LINE_FEED = 10;
const FOLD_COLUMN = 76;
const EXPORT_AGAIN = 'Export the entries again, or mend the line; RFC 2849 describes the format.';

/**
 * Reads the records of an LDIF file (RFC 2849), some at a time, in UTF-8 or, marked by its byte order mark, in UTF-16.
 * References and failed results, which ldapsearch writes between the entries, go to `onGap` as
 * one line of text each. Throws an ExpectedError naming the line where the text is no LDIF.
 */
export async function* readLdif(
  chunks: AsyncIterable<Uint8Array>,
  onGap: (reason: string) => void = () => {},
): AsyncGenerator<readonly LdifRecord[]> {
  const take = blockReader();
  for await (const lines of physicalLines(toUtf8(chunks))) {
    const records: LdifRecord[] = [];
    for (const block of take(lines)) {
      const record = readBlock(block, onGap);
      if (record) records.push(record);
    }
    yield records;
  }
}

/**
 * Writes one value as an LDIF line without its line feed, folded at 76 columns. Base64 wherever
 * RFC 2849 demands it, and for control characters, which could fool a terminal.
 */
export function formatAttribute(name: string, value: Value): string {
  if (!/^[\w.;=-]+$/.test(name)) {
    throw new ExpectedError(
      `"${printable(name)}" is no attribute name`,
      'An attribute name has letters, digits and hyphens only; correct it where it was given.',
    );
  }
  const bytes = Buffer.from(encodeValue(value));
  const text = bytes.toString('latin1');
  const safe = /^(?:[!-9;=-~](?:[ -~]*[!-~])?)?$/.test(text);
  return fold(safe ? `${name}: ${text}`.trimEnd() : `${name}:: ${bytes.toString('base64')}`);
}

function fold(line: string): string {
  const parts = [line.slice(0, FOLD_COLUMN)];
  for (let from = FOLD_COLUMN; from < line.length; from += FOLD_COLUMN - 1) {
    parts.push(line.slice(from, from + FOLD_COLUMN - 1));
  }
  return parts.join('\n ');
}

function broken(line: number, what: string, hint = EXPORT_AGAIN): ExpectedError {
  return new ExpectedError(`line ${line}: ${what}`, hint);
}

/** Drops the byte order mark of UTF-8 and recodes UTF-16, which `ldifde -u` writes. */
async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let recode: ((chunk?: Uint8Array) => Buffer) | undefined;
  for await (const chunk of chunks) {
    if (recode) yield recode(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 3) continue;
      recode = recoder(head);
      yield recode(head);
    }
  }
  if (recode) yield recode();
  else yield recoder(head)(head);
}

/** How to turn the chunks of a file that starts with `head` into UTF-8; a call without chunk ends it. */
function recoder(head: Buffer): (chunk?: Uint8Array) => Buffer {
  const mark = head.toString('hex', 0, 3);
  if (!mark.startsWith('fffe') && !mark.startsWith('feff')) {
    let skip = mark === 'efbbbf' ? 3 : 0;
    return (chunk = Buffer.alloc(0)) => {
      const { buffer, byteOffset, byteLength } = chunk.subarray(skip);
      skip = 0;
      return Buffer.from(buffer, byteOffset, byteLength);
    };
  }
  const encoding = mark.startsWith('fffe') ? 'utf-16le' : 'utf-16be';
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }), 'utf8');
    } catch {
      throw new ExpectedError('the text is no valid UTF-16', 'Export the entries again.');
    }
  };
}

/**
 * The lines of each chunk, without their ends. Each is a string of its own, not a slice of the
 * chunk's text: one short value that is kept would otherwise keep 64 KiB alive.
 */
async function* physicalLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let started: Buffer[] = [];
  const textOf = (buffer: Buffer, from: number, to: number) =>
    buffer.toString('latin1', from, to > from && buffer[to - 1] === 13 ? to - 1 : to);
  for await (const chunk of chunks) {
    const lines: string[] = [];
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; to = chunk.indexOf(LINE_FEED, from)) {
      if (started.length > 0) {
        const line = Buffer.concat([...started, chunk.subarray(0, to)]);
        lines.push(textOf(line, 0, line.length));
        started = [];
      } else lines.push(textOf(chunk, from, to));
      from = to + 1;
    }
    // A copy, because whoever reads a file may fill the same buffer again.
    if (from < chunk.length) started.push(Buffer.from(chunk.subarray(from)));
    yield lines;
  }
  const line = Buffer.concat(started);
  // The blank line after them ends the last record.
  yield [textOf(line, 0, line.length), ''];
}

/** Gathers lines to blocks: the unfolded lines between blank lines, a record or comments alone. */
function blockReader(): (lines: readonly string[]) => readonly (readonly Line[])[] {
  let block: Line[] = [];
  let number = 0;
  return (lines) => {
    const blocks: (readonly Line[])[] = [];
    for (const text of lines) {
      number += 1;
      if (text === '') {
        if (block.length > 0) blocks.push(block);
        block = [];
      } else if (text.startsWith(' ')) {
        const folded = block.at(-1);
        if (!folded) throw broken(number, 'a continuation line that continues nothing');
        folded.text += text.slice(1);
      } else block.push({ number, text });
    }
    return blocks;
  };
}

function readBlock(block: readonly Line[], onGap: (reason: string) => void) {
  const isComment = ({ text }: Line) => text.startsWith('#');
  const lines = block.some(isComment) ? block.filter((line) => !isComment(line)) : block;
  if (lines.length === 0) readComments(block, onGap);
  const from = /^version: *1 *$/i.test(lines[0]?.text ?? '') ? 1 : 0;
  const first = lines[from];
  if (!first) return undefined;
  const { name, value } = readLine(first);
  if (/^(?:search|result|ref)$/i.test(name)) return readResult(lines, onGap);
  if (name.toLowerCase() !== 'dn') throw broken(first.number, 'a record that starts without dn:');
  if (typeof value !== 'string') throw broken(first.number, 'a dn that is no valid UTF-8');
  return readRecord(first.number, value, lines.slice(from + 1));
}

/** `ldapsearch -L` writes a reference as a comment and leaves the colon away: `# refldap://…`. */
function readComments(lines: readonly Line[], onGap: (reason: string) => void): void {
  for (const { text } of lines) {
    const url = /^# ref:? ?(ldaps?:.*)/i.exec(text)?.[1];
    if (url) tellReference(url, onGap);
  }
}

/** The blocks that ldapsearch and ldbsearch write for a reference and for the end of a search. */
function readResult(lines: readonly Line[], onGap: (reason: string) => void): undefined {
  for (const line of lines) {
    const { name, value } = readLine(line);
    const key = name.toLowerCase();
    if (key === 'dn') throw broken(line.number, 'dn: without a blank line before it');
    if (key === 'ref') tellReference(String(value), onGap);
    if (key === 'result' && !/^0\b/.test(String(value))) {
      onGap(`line ${line.number}: the export ended early: ${printable(String(value))}`);
    }
  }
}

function tellReference(url: string, onGap: (reason: string) => void): void {
  const dn = referenceDn(url);
  if (dn === undefined || !holdsNoUsers(dn))
    onGap(`the export left out the entries at ${printable(url)}`);
}

function readRecord(line: number, dn: string, lines: readonly Line[]): LdifRecord {
  const attributes: [name: string, values: Value[]][] = [];
  let changetype: string | undefined;
  for (const each of lines) {
    const { name, value } = readLine(each);
    const last = attributes.at(-1);
    if (last?.[0] === name) last[1].push(value);
    else if (isNamed(name, 'dn')) throw broken(each.number, 'dn: without a blank line before it');
    else if (isNamed(name, 'changetype')) changetype = onlyAdd(each.number, value);
    else attributes.push([name, [value]]);
  }
  return { line, dn, changetype, attributes };
}

function isNamed(name: string, other: string): boolean {
  return name.length === other.length && name.toLowerCase() === other;
}

function onlyAdd(line: number, changetype: Value): string {
  if (typeof changetype === 'string' && changetype.trim().toLowerCase() === 'add') return 'add';
  throw broken(
    line,
    'a change of an entry; a snapshot holds entries, not changes',
    'Give an export of entries, as ldifde -f, ldapsearch or slapcat write it.',
  );
}

function readLine({ number, text }: Line): { readonly name: string; readonly value: Value } {
  const colon = text.indexOf(':');
  if (colon < 1) throw broken(number, 'neither an attribute with a colon nor a comment');
  const name = text.slice(0, colon);
  if (text[colon + 1] === '<') {
    throw broken(
      number,
      'a value that stands in another file; a snapshot reads no other file',
      'Write the value itself, in base64 behind two colons, in place of its URL.',
    );
  }
  const coded = text[colon + 1] === ':';
  let from = colon + (coded ? 2 : 1);
  while (text[from] === ' ') from += 1;
  const value = text.slice(from);
  if (coded) return { name, value: decodeValue(name, fromBase64(number, value.trimEnd())) };
  if (!/[\x80-\xff]/.test(value)) return { name, value };
  return { name, value: decodeValue(name, Buffer.from(value, 'latin1')) };
}

function fromBase64(line: number, text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw broken(line, 'a value behind two colons that is no base64');
  }
  return Buffer.from(text, 'base64');
}
