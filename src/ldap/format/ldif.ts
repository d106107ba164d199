import { ExpectedError } from '../../errors.js';
import type { Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';
import { holdsNoUsers, referenceDn } from './ldap-url.js';
import { Blocks, type Line } from './ldif-blocks.js';
import { broken, readLines, shown } from './ldif-lines.js';
import { Searches } from './ldif-searches.js';
import { decodeValue, encodeValue } from './values.js';

/** An entry as an LDIF file holds it; `line` is the 1-based line of its `dn:`. */
export interface LdifRecord {
  readonly line: number;
  readonly dn: string;
  /** Undefined in a content record; a snapshot can hold `add` besides. */
  readonly changetype: string | undefined;
  /** As the file has them, with their options: an attribute whose values do not stand together comes again. */
  readonly attributes: readonly (readonly [name: string, values: readonly Value[]])[];
  /** Attributes of which a value is not in the file. */
  readonly unknown: readonly string[];
  /** Whether the file ends within the record: it may have any attribute besides. */
  readonly isCut: boolean;
}

/** A line of a record; the value is undefined where it stands in another file. */
interface Content {
  readonly name: string;
  readonly value: Value | undefined;
}

const FOLD_COLUMN = 76;
const HASH = 35;
/** How a file with a byte order mark begins. */
const JOINED = /\xef\xbb\xbf(?:(?:dn|version)[ \t]*:|# )/i;
/** A name as nearly all are; others are looked at more closely. */
const PLAIN_NAME = /^[!-9;-^`-~]+$/;
const NAME = /^[!-9;-~]+$/;
const VERSION = /^version: *1 *$/i;
/** What ldapsearch says to a person, and a terminal or `2>&1` puts among the lines of the export. */
const PROMPT = /^Press \[size\] Enter for the next /;
const FAILURE = /^(?:ldap_\w+: )?[A-Z][\w' ,/-]* \(-?\d+\)$/;
const ABOUT_FAILURE = /^(?:Additional information|Matched DN): /;

/**
 * Reads the records of an LDIF file (RFC 2849), some at a time. What the file shows to be missing (references, failed
 * results, a search without its end, a line cut short) goes to `onGap` as one line of text each. Throws an
 * ExpectedError naming the line where the text is no LDIF.
 */
export async function* readLdif(
  chunks: AsyncIterable<Uint8Array>,
  onGap: (reason: string) => void = () => {},
): AsyncGenerator<readonly LdifRecord[]> {
  const blocks = new Blocks();
  const reader = new BlockReader(onGap);
  let isCut = false;
  for await (const lines of readLines(chunks)) {
    isCut = lines.isCut;
    const records: LdifRecord[] = [];
    for (const block of blocks.take(lines.texts)) {
      const record = reader.read(block);
      if (record) records.push(record);
    }
    yield records;
  }
  const last = reader.readLast(blocks.rest(), isCut && !blocks.endsBlank);
  if (last) yield [last];
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

/** Makes records of blocks, and tells of what the file shows to be missing. */
class BlockReader {
  readonly #onGap: (reason: string) => void;
  readonly #searches: Searches;

  constructor(onGap: (reason: string) => void) {
    this.#onGap = onGap;
    this.#searches = new Searches(onGap);
  }

  read(block: readonly Line[]): LdifRecord | undefined {
    for (const [at, line] of block.entries()) {
      if (this.#isComment(line) || VERSION.test(line.text)) continue;
      const content = this.#contentOf(line);
      if (!content) continue;
      const { name, value } = content;
      if (/^(?:search|result|ref)$/i.test(name)) return this.#readResult(block, at);
      if (!isNamed(name, 'dn'))
        throw broken(line.number, `a record that starts without dn: ${shown(line.text)}`);
      if (typeof value !== 'string')
        throw broken(line.number, 'a dn that is no valid UTF-8, or stands in another file');
      this.#searches.entry();
      return this.#readRecord(line.number, value, block, at + 1);
    }
    this.#findReferences(block);
    return undefined;
  }

  /** The block at the end of the file, behind which no blank line stands: whether it is whole nobody knows. */
  readLast(block: readonly Line[], isCut: boolean): LdifRecord | undefined {
    const cut = isCut ? block.at(-1) : undefined;
    const record = this.read(cut ? block.slice(0, -1) : block);
    const mayLack = record !== undefined && (isCut || this.#searches.areOpen);
    if (cut)
      this.#onGap(
        `line ${cut.number}: the file ends in the middle of a line${record ? ` of the entry ${printable(record.dn)}` : ''}. If nothing is missing, end it with a line break`,
      );
    this.#searches.end();
    if (!mayLack) return record;
    // What of several values has come is not all of them.
    const name = cut ? cut.text.split(':', 1)[0] : record.attributes.at(-1)?.[0];
    return { ...record, unknown: [...record.unknown, name ?? ''], isCut: true };
  }

  #isComment({ number, text }: Line): boolean {
    if (text.charCodeAt(0) !== HASH) return false;
    this.#searches.comment(number, text);
    return true;
  }

  /** `ldapsearch -L` writes a reference as a comment and leaves the colon away: `# refldap://…`. */
  #findReferences(lines: readonly Line[]): void {
    for (const { text } of lines) {
      const url = /^# ref:? ?(ldaps?:.*)/i.exec(text)?.[1];
      if (url) this.#tellReference(url);
    }
  }

  /** The blocks that ldapsearch and ldbsearch write for a reference and for the end of a search. */
  #readResult(block: readonly Line[], from: number): undefined {
    for (const line of block.slice(from)) {
      const content = this.#isComment(line) ? undefined : this.#contentOf(line);
      if (!content) continue;
      const text = String(content.value);
      const key = content.name.toLowerCase();
      if (key === 'dn') throw broken(line.number, 'dn: without a blank line before it');
      if (key === 'ref') this.#tellReference(text);
      if (key === 'ref') this.#searches.reference();
      if (key === 'search') this.#searches.message(Number(text));
      if (key === 'pagedresults') this.#searches.pages(line.number, text);
      if (key === 'result') this.#searches.result();
      if (key === 'result' && !/^0\b/.test(text)) this.#tellFailure(line.number, text);
    }
  }

  #tellReference(url: string): void {
    const dn = referenceDn(url);
    if (dn === undefined || !holdsNoUsers(dn))
      this.#onGap(`the export left out the entries at ${printable(url)}`);
  }

  #tellFailure(line: number, text: string): void {
    this.#onGap(`line ${line}: the export ended early: ${printable(text)}`);
  }

  #readRecord(line: number, dn: string, block: readonly Line[], from: number): LdifRecord {
    const attributes: [name: string, values: Value[]][] = [];
    const unknown: string[] = [];
    let changetype: string | undefined;
    for (let at = from; at < block.length; at += 1) {
      const each = block[at] as Line;
      const last = attributes.at(-1);
      const content = this.#isComment(each) ? undefined : this.#contentOf(each, last?.[0]);
      if (!content) continue;
      const { name, value } = content;
      if (value === undefined) unknown.push(name);
      else if (last?.[0] === name) last[1].push(value);
      else if (isNamed(name, 'dn')) throw broken(each.number, 'dn: without a blank line before it');
      else if (isNamed(name, 'changetype')) changetype = onlyAdd(each.number, value);
      else attributes.push([name, [value]]);
    }
    return { line, dn, changetype, attributes, unknown, isCut: false };
  }

  /**
   * What a line says; undefined where ldapsearch speaks to a person.
   * @param before the name in the line before, which was looked at.
   */
  #contentOf(line: Line, before?: string): Content | undefined {
    const { number, text } = line;
    const colon = text.indexOf(':');
    let name = text.slice(0, Math.max(colon, 0));
    if (name !== before && !PLAIN_NAME.test(name)) {
      if (this.#isSpeech(line)) return undefined;
      name = nameIn(line, name);
    }
    const mark = text[colon + 1];
    if (mark === '<') return { name, value: undefined };
    let from = colon + (mark === ':' ? 2 : 1);
    while (text[from] === ' ') from += 1;
    const value = text.slice(from);
    if (mark === ':')
      return { name, value: decodeValue(name, fromBase64(number, value.trimEnd())) };
    if (!/[\x80-\xff]/.test(value)) return { name, value };
    if (JOINED.test(value))
      throw broken(
        number,
        'another file begins within the line: two were joined without a line break',
      );
    return { name, value: decodeValue(name, Buffer.from(value, 'latin1')) };
  }

  #isSpeech({ number, text }: Line): boolean {
    if (FAILURE.test(text)) this.#tellFailure(number, text);
    else if (!PROMPT.test(text) && !ABOUT_FAILURE.test(text)) return false;
    return true;
  }
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

/** The name that a line gives its value: blanks before the colon are nobody's name. */
function nameIn({ number, text }: Line, before: string): string {
  const name = before.trimEnd();
  if (NAME.test(name)) return name;
  const hint = text.includes('\0')
    ? 'The text, or what was joined to it, is in UTF-16: export again in one encoding.'
    : undefined;
  throw broken(number, `neither an attribute with a colon nor a comment: ${shown(text)}`, hint);
}

function fromBase64(line: number, text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw broken(line, 'a value behind two colons that is no base64');
  }
  return Buffer.from(text, 'base64');
}
