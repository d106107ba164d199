import { attributeName, nameOf } from '../ldap/attribute-name.js';
import { FIRST_VALUE, inBytes, PLACE, type RawEntry } from '../ldap/entry.js';
import type { Entry, EntryKind, Settings } from '../model.js';
import type { Check } from './check.js';
import { ADDRESS_ATTRIBUTES, ordinaryDomains } from './shared/ordinary.js';
import { type Form, formOf, isPlain } from './shared/plain.js';

/** How the values of an attribute look; unusual if one of them is. */
const ABSENT = 0;
const PLAIN = 1;
const UNUSUAL = 2;

/** What to ask about entries that look alike: of the same kind, with values of the same looks. */
export interface Asking {
  /** The lines that may find something, attribute by attribute. */
  readonly lines: readonly (readonly Check[])[];
  /** The same without those that `keyed` takes the place of. */
  readonly rest: readonly (readonly Check[])[];
  /** By the number of an attribute: lines whose keys stand in its values, all of which are plain. */
  readonly keyed: readonly (readonly Check[])[];
}

/** One look at an entry. */
export interface Look {
  readonly asking: Asking;
  /** The one domain of its addresses, where these are as those of most people are. */
  readonly domain: string | undefined;
}

/** Looks at entries, and says which lines of a profile to ask: those that are sure to find nothing are left out. */
export class Surveyor {
  readonly #profile: readonly Check[];
  /** The attributes that the profile judges. */
  readonly attributes: readonly string[];
  readonly #forms: readonly Form[];
  /** By the number of a name, the number of its attribute here; -1 for one that is not judged. */
  readonly #numbers: number[] = [];
  readonly #ordinary: ReturnType<typeof ordinaryDomains>;
  readonly #addresses: readonly number[];
  readonly #askings = new Map<string, Asking>();
  /** What the entry looks like: a state for each attribute, then its kind, then whether its addresses are ordinary. */
  readonly #looks: Buffer;

  constructor(profile: readonly Check[], settings: Settings) {
    this.#profile = profile;
    this.attributes = [...new Set(profile.map(({ attribute }) => attribute))];
    this.#forms = this.attributes.map(formOf);
    this.#ordinary = ordinaryDomains(settings);
    this.#addresses = [...ADDRESS_ATTRIBUTES].map((name) => this.attributes.indexOf(name));
    this.#looks = Buffer.alloc(this.attributes.length + 2);
  }

  /** Looks at an entry. */
  look(entry: RawEntry): Look {
    const looks = this.#looks;
    const { length } = this.attributes;
    looks.fill(ABSENT, 0, length);
    const { bytes, places } = entry;
    for (let at = FIRST_VALUE; at < places.length; at += PLACE) {
      const name = places[at] as number;
      const number = this.numberOf(name);
      if (number < 0 || looks[number] === UNUSUAL) continue;
      const [from, to] = [places[at + 1] as number, places[at + 2] as number];
      const isText = !nameOf(name).isBinary;
      looks[number] =
        isText && isPlain(this.#forms[number] as Form, bytes, from, to) ? PLAIN : UNUSUAL;
    }
    const domain = this.#isOrdinaryAtAll() ? this.#ordinary(entry) : undefined;
    looks[length] = KINDS.indexOf(entry.kind);
    looks[length + 1] = domain === undefined ? 0 : 1;
    return { asking: this.#asking(entry.kind, domain !== undefined), domain };
  }

  /** The number of an attribute among those judged, by the number of its name; negative for another one. */
  numberOf(name: number): number {
    const known = this.#numbers[name];
    if (known !== undefined) return known;
    const { key } = nameOf(name);
    const number = this.attributes.findIndex((one) => attributeName(one).key === key);
    this.#numbers[name] = number;
    return number;
  }

  #isOrdinaryAtAll(): boolean {
    for (const number of this.#addresses) if (this.#looks[number] === UNUSUAL) return false;
    return true;
  }

  #asking(kind: EntryKind, isOrdinary: boolean): Asking {
    const key = this.#looks.toString('latin1');
    const known = this.#askings.get(key);
    if (known) return known;
    const asking = this.#sort(kind, isOrdinary);
    // Hostile entries could have any number of looks.
    if (this.#askings.size >= MOST_ASKINGS) this.#askings.clear();
    this.#askings.set(key, asking);
    return asking;
  }

  #sort(kind: EntryKind, isOrdinary: boolean): Asking {
    const stateOf = (attribute: string) =>
      this.#looks[this.attributes.indexOf(attribute)] ?? ABSENT;
    const isAsked = (line: Check) =>
      line.kinds.includes(kind) &&
      isAskedIn(stateOf(line.attribute), line) &&
      (line.without === undefined || stateOf(line.without) === ABSENT) &&
      !(isOrdinary && ADDRESS_ATTRIBUTES.has(line.attribute) && line.message === undefined);
    const isKeyed = (line: Check) =>
      line.plainKeyAt !== undefined && stateOf(line.attribute) === PLAIN;
    const lines = this.attributes.map((attribute) =>
      this.#profile.filter((line) => line.attribute === attribute && isAsked(line)),
    );
    return {
      lines: lines.filter((some) => some.length > 0),
      rest: lines
        .map((some) => some.filter((one) => !isKeyed(one)))
        .filter((some) => some.length > 0),
      keyed: lines.map((some) => some.filter(isKeyed)),
    };
  }
}

const KINDS: readonly EntryKind[] = [
  'user',
  'inetOrgPerson',
  'group',
  'contact',
  'computer',
  'other',
];
const MOST_ASKINGS = 4096;

function isAskedIn(state: number, { when }: Check): boolean {
  if (when === 'present') return state !== ABSENT;
  if (when === 'unusual') return state === UNUSUAL;
  if (when === 'missing') return state !== PLAIN;
  return true;
}

/** The lines of a profile to ask about an entry, or about one attribute of it, attribute by attribute. */
export type Asked = (entry: Entry, attribute?: string) => readonly (readonly Check[])[];

export function askedOf(surveyor: Surveyor): Asked {
  return (entry, attribute) => {
    const { lines } = surveyor.look(inBytes(entry)).asking;
    if (attribute === undefined) return lines;
    return lines.filter(([first]) => first?.attribute === attribute);
  };
}
