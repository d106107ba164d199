import type { Entry, EntryKind, Value } from '../../model/entry.js';
import { ByteMemo } from '../../tables/memo.js';
import { formatGuid, parseGuid } from '../format/guid.js';
import { classOf, graver, kindOfClass, type ObjectClass } from '../format/object-class.js';
import { decodeValue, sameValue } from '../format/values.js';
import { type AttributeNames, knownKey } from './attribute-names.js';
import { EntryBuffer } from './entry-buffer.js';

/** In the layout of an entry: its DN, from and to; then of each value the number of its name, from and to. */
export const FIRST_VALUE = 2;
export const VALUE_STEP = 3;

const OBJECT_CLASS = knownKey('objectClass');
const OBJECT_GUID = knownKey('objectGUID');
/** Octets that a value which takes the place of another may be longer, as a rule. */
const MORE = 64;

const NONE: readonly Value[] = Object.freeze([]);

const classes = new ByteMemo<ObjectClass>();

/** The values of an attribute, by the key of its name, and those of others. */
interface KnownValues {
  readonly key: number;
  values: readonly Value[];
  readonly next: KnownValues | undefined;
}

/**
 * An entry in the bytes in which it came: a value becomes text when somebody asks for it. Most entries are judged
 * without.
 */
export class RawEntry implements Entry {
  /** Shared with what came in the same piece: not to be written to. */
  readonly bytes: Buffer;
  /** Where in the bytes DN and values are: see FIRST_VALUE and VALUE_STEP. */
  readonly layout: readonly number[];
  /** The table of the numbers of names. */
  readonly names: AttributeNames;
  #dn: string | undefined;
  /** Null where it has none. */
  #guid: string | null | undefined;
  #kind: EntryKind | undefined;
  /** The values that somebody asked for. */
  #known: KnownValues | undefined;

  constructor(
    bytes: Buffer,
    layout: readonly number[],
    names: AttributeNames,
    known?: KnownValues,
  ) {
    this.bytes = bytes;
    this.layout = layout;
    this.names = names;
    this.#known = known;
  }

  get dn(): string {
    this.#dn ??= textIn(this.bytes, this.layout[0] as number, this.layout[1] as number);
    return this.#dn;
  }

  get guid(): string | undefined {
    if (this.#guid !== undefined) return this.#guid ?? undefined;
    const value = this.#valuesUnder(OBJECT_GUID)[0];
    this.#guid = typeof value === 'object' ? formatGuid(value) : null;
    return this.#guid ?? undefined;
  }

  get kind(): EntryKind {
    this.#kind ??= this.#kindOfClasses();
    return this.#kind;
  }

  values(attribute: string): readonly Value[] {
    return this.#valuesUnder(this.names.keyOf(attribute));
  }

  get attributes(): readonly string[] {
    const spellings = new Map<number, string>();
    const { layout, names } = this;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const { key, spelled } = names.at(layout[at] as number);
      if (!spellings.has(key)) spellings.set(key, spelled);
    }
    return [...spellings.values()];
  }

  /** Where in `layout` the first value of an attribute is told of, by the key of its name. */
  layoutIndexOf(key: number): number | undefined {
    const { layout, names } = this;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP)
      if (names.at(layout[at] as number).key === key) return at;
    return undefined;
  }

  /** Whether one of its attributes came with a part of its values only. */
  get hasRanges(): boolean {
    const { layout, names } = this;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP)
      if (names.at(layout[at] as number).isRange) return true;
    return false;
  }

  /** The entry as it would be with other values of an attribute. */
  with(attribute: string, values: readonly Value[]): RawEntry {
    const { bytes, layout, names } = this;
    const { key } = names.named(attribute);
    const from = layout[0] as number;
    const buffer = new EntryBuffer(names, (layout.at(-1) as number) - from + MORE);
    // Values follow the DN, in the order of the layout.
    buffer.put(bytes.subarray(from, layout.at(-1)));
    const others = [0, (layout[1] as number) - from];
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const name = layout[at] as number;
      if (names.at(name).key === key) continue;
      others.push(name, (layout[at + 1] as number) - from, (layout[at + 2] as number) - from);
    }
    buffer.putValues(attribute, values, others);
    let known: KnownValues | undefined = { key, values, next: undefined };
    for (let one = this.#known; one; one = one.next)
      if (one.key !== key) known = { ...one, next: known };
    return new RawEntry(buffer.whole(), others, names, known);
  }

  #kindOfClasses(): EntryKind {
    const { bytes, layout, names } = this;
    let found: ObjectClass = 'other';
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP)
      if (names.at(layout[at] as number).key === OBJECT_CLASS)
        found = graver(found, classIn(bytes, layout[at + 1] as number, layout[at + 2] as number));
    return kindOfClass(found);
  }

  #valuesUnder(key: number): readonly Value[] {
    for (let known = this.#known; known; known = known.next)
      if (known.key === key) return known.values;
    const { bytes, layout, names } = this;
    let values: Value[] | undefined;
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const name = names.at(layout[at] as number);
      if (name.key !== key) continue;
      const value = valueIn(
        bytes,
        layout[at + 1] as number,
        layout[at + 2] as number,
        name.isBinary,
      );
      if (values) values.push(value);
      else values = [value];
    }
    if (!values) return NONE;
    this.#known = { key, values, next: this.#known };
    return values;
  }
}

function classIn(bytes: Buffer, from: number, to: number): ObjectClass {
  const old = classes.get(bytes, from, to);
  if (old !== undefined) return old;
  const one = classOf(textIn(bytes, from, to));
  classes.put(bytes, from, to, one);
  return one;
}

/** A value as the source sent it: a byte order mark stays, bytes stay bytes. Neither keeps what came with it. */
function valueIn(bytes: Buffer, from: number, to: number, isBinary: boolean): Value {
  if (!isBinary && isAscii(bytes, from, to)) return bytes.toString('latin1', from, to);
  const copy = Buffer.from(bytes.subarray(from, to));
  return isBinary ? copy : decodeValue('', copy);
}

function textIn(bytes: Buffer, from: number, to: number): string {
  return isAscii(bytes, from, to)
    ? bytes.toString('latin1', from, to)
    : bytes.toString('utf8', from, to);
}

/** Whether bytes from one offset up to another are ASCII. */
export function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}

/**
 * Builds an entry of values. Those given under one name in several spellings are joined.
 * @param names the table that it is to share with other entries.
 */
export function createEntry(
  dn: string,
  attributes: Iterable<readonly [name: string, values: readonly Value[]]>,
  names?: AttributeNames,
): RawEntry {
  const buffer = new EntryBuffer(names);
  let known: KnownValues | undefined;
  const all = [...attributes];
  for (const [name, values] of all) {
    const { key } = buffer.names.named(name);
    let before = known;
    while (before && before.key !== key) before = before.next;
    if (before) before.values = [...before.values, ...values];
    else known = { key, values, next: known };
  }
  const { bytes, layout } = encodeEntry(dn, all, buffer);
  return new RawEntry(bytes, layout, buffer.names, known);
}

/** The same, without keeping the values themselves: most are not asked for. */
export function encodeEntry(
  dn: string,
  attributes: Iterable<readonly [name: string, values: readonly Value[]]>,
  buffer: EntryBuffer = new EntryBuffer(),
): RawEntry {
  const layout = [0, buffer.put(dn)];
  for (const [name, values] of attributes) buffer.putValues(name, values, layout);
  return new RawEntry(buffer.take(), layout, buffer.names);
}

/** The entry under another identity. */
export function identifiedAs(
  entry: Entry,
  { guid, kind = entry.kind }: Pick<Entry, 'guid'> & Partial<Pick<Entry, 'kind'>>,
): Entry {
  const { dn, attributes } = entry;
  return Object.freeze({
    dn,
    guid,
    kind,
    attributes,
    values: (name: string) => entry.values(name),
  });
}

/** The entry in bytes, where it is not in bytes already. Kind and identity are in its values then. */
export function inBytes(entry: Entry): RawEntry {
  if (entry instanceof RawEntry) return entry;
  const { dn, guid, kind, attributes } = entry;
  const raw = createEntry(
    dn,
    attributes.map((name) => [name, entry.values(name)] as const),
  );
  const ofKind =
    raw.kind === kind ? raw : raw.with('objectClass', [kind === 'other' ? 'top' : kind]);
  const identity = guid === undefined || guid === ofKind.guid ? undefined : parseGuid(guid);
  return identity ? ofKind.with('objectGUID', [identity]) : ofKind;
}

/** The entry as it would be with one value of an attribute replaced, added or removed. */
export function withValue(
  entry: Entry,
  attribute: string,
  before: Value | undefined,
  after: Value | undefined,
): Entry {
  const replacement = after === undefined ? [] : [after];
  const values = entry.values(attribute);
  return withValues(
    entry,
    attribute,
    before === undefined
      ? [...values, ...replacement]
      : values.flatMap((value) => (sameValue(value, before) ? replacement : [value])),
  );
}

/** The entry as it would be with other values of an attribute. */
export function withValues(entry: Entry, attribute: string, values: readonly Value[]): Entry {
  return inBytes(entry).with(attribute, values);
}
