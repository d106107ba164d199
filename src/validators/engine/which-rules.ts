import { type AttributeNames, byTable } from '../../ldap/entry/attribute-names.js';
import { FIRST_VALUE, inBytes, type RawEntry, VALUE_STEP } from '../../ldap/entry/entry.js';
import { ENTRY_KINDS } from '../../ldap/format/object-class.js';
import type { Entry, EntryKind } from '../../model/entry.js';
import type { Settings } from '../../model/rule.js';
import { hashOfBytes } from '../../tables/hash-table.js';
import { ADDRESS_ATTRIBUTES, ordinaryDomains } from './ordinary-entry.js';
import { type Form, formOf, isPlain } from './plain-value.js';
import { type DirectoryLine, isDirectoryLine, type ProfileLine } from './profile-line.js';

/** How the values of an attribute look; unusual if one of them is. */
const ABSENT = 0;
const PLAIN = 1;
const UNUSUAL = 2;

/** The lines to ask about entries that look alike: of the same kind, with values of the same looks. */
export interface ChosenLines {
  /** The lines that may find something, attribute by attribute. */
  readonly lines: readonly (readonly ProfileLine[])[];
  /** The same without those whose keys were read already. */
  readonly rest: readonly (readonly ProfileLine[])[];
  /** By the number of an attribute: whether what was read of it are keys of one of the lines. */
  readonly isKeyed: readonly boolean[];
  readonly hasKeys: boolean;
  /** The lines by whose keys such an entry may name another one, each with the attribute in which it does. */
  readonly references: readonly Reference[];
}

/** A line by whose keys entries name others, and an attribute in which they do. */
export interface Reference {
  readonly line: DirectoryLine;
  readonly attribute: string;
}

export function referencesIn(profile: readonly ProfileLine[]): readonly Reference[] {
  return profile
    .filter(isDirectoryLine)
    .flatMap((line) =>
      (line.references?.attributes ?? []).map((attribute) => ({ line, attribute })),
    );
}

/** The keys in the plain values of one entry: hashes, and the number of the attribute of each. */
export interface PlainKeys {
  count: number;
  readonly attributes: number[];
  readonly highs: number[];
  readonly lows: number[];
}

/** Chooses the lines of a profile to ask about an entry by its looks: those that are sure to find nothing are left out. */
export class LineChooser {
  readonly #profile: readonly ProfileLine[];
  readonly #references: readonly Reference[];
  /** The attributes that the profile judges, or that name another entry; they go by their numbers here. */
  readonly #attributes: readonly string[];
  readonly #forms: readonly Form[];
  /** Of each attribute, the line on unique values whose keys can be read from plain ones, and what makes its hashes. */
  readonly #keyLines: readonly (DirectoryLine | undefined)[];
  readonly #seeds: readonly number[];
  /** By the number of a name, the number of its attribute; -1 for one that is not judged. */
  readonly #numbers = byTable<number>();
  readonly #ordinary: ReturnType<typeof ordinaryDomains>;
  readonly #addresses: readonly number[];
  readonly #chosen = new Map<string, ChosenLines>();
  /** What the entry looks like: a state for each attribute, then its kind, then whether its addresses are ordinary. */
  readonly #looks: Buffer;
  /** Those of the entry looked at last: filled anew by the next one. */
  readonly keys: PlainKeys = { count: 0, attributes: [], highs: [], lows: [] };
  /** The one domain of the addresses looked at last, where these are as those of most people are. */
  domain: string | undefined;

  /** @param seedOf what makes the hashes of the keys of a rule. */
  constructor(
    profile: readonly ProfileLine[],
    settings: Settings,
    seedOf: (rule: string) => number,
  ) {
    this.#profile = profile.filter((line) => !isDirectoryLine(line) || !line.isUnsaid);
    this.#references = referencesIn(profile);
    this.#attributes = [
      ...new Set([...this.#profile, ...this.#references].map(({ attribute }) => attribute)),
    ];
    this.#forms = this.#attributes.map(formOf);
    const directoryLines = profile.filter(isDirectoryLine);
    this.#keyLines = this.#attributes.map((name) =>
      directoryLines.find(
        ({ attribute, plainKeyAt }) => attribute === name && plainKeyAt !== undefined,
      ),
    );
    this.#seeds = this.#keyLines.map((line) => (line ? seedOf(line.meta.id) : 0));
    this.#ordinary = ordinaryDomains(settings);
    this.#addresses = [...ADDRESS_ATTRIBUTES].map((name) => this.#attributes.indexOf(name));
    this.#looks = Buffer.alloc(this.#attributes.length + 2);
  }

  /** The lines that may find something in an entry. */
  choose(entry: RawEntry): ChosenLines {
    const looks = this.#looks;
    const { length } = this.#attributes;
    looks.fill(ABSENT, 0, length);
    this.keys.count = 0;
    const { bytes, layout, names } = entry;
    const numbers = this.#numbers(names);
    for (let at = FIRST_VALUE; at < layout.length; at += VALUE_STEP) {
      const name = layout[at] as number;
      let number = numbers[name];
      if (number === undefined) {
        number = this.#numberOf(name, names);
        numbers[name] = number;
      }
      if (number < 0 || looks[number] === UNUSUAL) continue;
      const from = layout[at + 1] as number;
      const to = layout[at + 2] as number;
      const isText = !names.at(name).isBinary;
      if (isText && isPlain(this.#forms[number] as Form, bytes, from, to)) {
        looks[number] = PLAIN;
        this.#noteKey(number, bytes, from, to);
      } else looks[number] = UNUSUAL;
    }
    this.domain = this.#mayBeOrdinary() ? this.#ordinary(entry) : undefined;
    looks[length] = ENTRY_KINDS.indexOf(entry.kind);
    looks[length + 1] = this.domain === undefined ? 0 : 1;
    return this.#linesFor(entry.kind, this.domain !== undefined);
  }

  #noteKey(number: number, bytes: Buffer, from: number, to: number): void {
    const at = this.#keyLines[number]?.plainKeyAt;
    if (at === undefined) return;
    const { high, low } = hashOfBytes(bytes, from + at, to, this.#seeds[number]);
    const { keys } = this;
    keys.attributes[keys.count] = number;
    keys.highs[keys.count] = high;
    keys.lows[keys.count] = low;
    keys.count += 1;
  }

  /** The number of an attribute, by the number of its name; negative where it is not judged. */
  #numberOf(name: number, names: AttributeNames): number {
    const { key } = names.at(name);
    return this.#attributes.findIndex((one) => names.keyOf(one) === key);
  }

  #mayBeOrdinary(): boolean {
    for (const number of this.#addresses) if (this.#looks[number] === UNUSUAL) return false;
    return !this.#hasTwins();
  }

  /** Whether two addresses may be the same but for case: equal hashes are doubt enough. */
  #hasTwins(): boolean {
    const number = this.#attributes.indexOf('proxyAddresses');
    if (this.#keyLines[number] === undefined) return true;
    const { count, attributes, lows } = this.keys;
    for (let at = 0; at < count; at += 1)
      for (let other = 0; attributes[at] === number && other < at; other += 1)
        if (attributes[other] === number && lows[other] === lows[at]) return true;
    return false;
  }

  #linesFor(kind: EntryKind, isOrdinary: boolean): ChosenLines {
    const key = this.#looks.toString('latin1');
    const known = this.#chosen.get(key);
    if (known) return known;
    const chosen = this.#sort(kind, isOrdinary);
    // Hostile entries could have any number of looks.
    if (this.#chosen.size >= MOST_LOOKS) this.#chosen.clear();
    this.#chosen.set(key, chosen);
    return chosen;
  }

  #sort(kind: EntryKind, isOrdinary: boolean): ChosenLines {
    const stateOf = (attribute: string) =>
      this.#looks[this.#attributes.indexOf(attribute)] ?? ABSENT;
    const mayFind = (line: ProfileLine) =>
      line.kinds.includes(kind) &&
      mayFindIn(stateOf(line.attribute), line) &&
      (isDirectoryLine(line)
        ? line.without === undefined || stateOf(line.without) === ABSENT
        : !(isOrdinary && ADDRESS_ATTRIBUTES.has(line.attribute)));
    const isKeyed = (line: ProfileLine) =>
      this.#keyLines.some((one) => one === line) && stateOf(line.attribute) === PLAIN;
    const lines = this.#attributes.map((attribute) =>
      this.#profile.filter((line) => line.attribute === attribute && mayFind(line)),
    );
    return {
      lines: lines.filter((some) => some.length > 0),
      rest: lines
        .map((some) => some.filter((one) => !isKeyed(one)))
        .filter((some) => some.length > 0),
      isKeyed: lines.map((some) => some.some(isKeyed)),
      hasKeys: lines.some((some) => some.some(isKeyed)),
      references: this.#references.filter(
        ({ line, attribute }) => line.kinds.includes(kind) && stateOf(attribute) !== ABSENT,
      ),
    };
  }
}

const MOST_LOOKS = 4096;

function mayFindIn(state: number, { when }: ProfileLine): boolean {
  if (when === 'present') return state !== ABSENT;
  if (when === 'unusual') return state === UNUSUAL;
  if (when === 'missing') return state !== PLAIN;
  return true;
}

/** The lines of a profile to ask about an entry, or about one attribute of it, attribute by attribute. */
export type ChooseLines = (entry: Entry, attribute?: string) => readonly (readonly ProfileLine[])[];

export function chooserOf(chooser: LineChooser): ChooseLines {
  return (entry, attribute) => {
    const { lines } = chooser.choose(inBytes(entry));
    if (attribute === undefined) return lines;
    return lines.filter(([first]) => first?.attribute === attribute);
  };
}
