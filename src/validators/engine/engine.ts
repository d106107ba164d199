import { inBytes } from '../../ldap/entry/entry.js';
import { identityOf } from '../../ldap/format/dn.js';
import { type SuffixUse, suffixUse } from '../../mail/suffix-use.js';
import type { Entry, EntryRef } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge, PooledKey, Settings, SharedValue, SuffixMapping } from '../../model/rule.js';
import type { NotRun } from '../../model/scan.js';
import {
  createDelivery,
  type Delivery,
  isUnknownOf,
  notRun,
  scopeNotRun,
  standsDespiteGaps,
  undecided,
} from './delivery.js';
import { type Circumstances, type Persons, personsIn } from './persons.js';
import { makeFinding, type ProfileLine, refOf } from './profile-line.js';
import { RULE_FAILED, ruleFailed } from './rule-failed.js';
import { duplicateFindings, keyingOf, lineFor, namedBy, sharedValues } from './shared-values.js';
import { STANDING_ATTRIBUTES, standingOf } from './standing.js';
import { SCOPE_ATTRIBUTES, skipOf } from './sync-scope.js';
import { ValueIndex } from './value-index.js';
import { type ChooseLines, type ChosenLines, chooserOf, LineChooser } from './which-rules.js';

/** What the engine says about one entry. */
export type Verdict =
  | {
      readonly is: 'judged';
      readonly findings: readonly Finding[];
      /** The suffixes that the entry shows in use. */
      readonly suffixes: SuffixUse;
    }
  | { readonly is: 'skipped'; readonly reason: string }
  /** It would be skipped for the lack of an attribute of which nothing is known yet: show it again at the end. */
  | { readonly is: 'pending' };

/** Judges the entries of one source. */
export interface Reader {
  /** Takes note of what an entry carries that another source showed already. */
  note(entry: Entry): void;
  /** Judges one entry by itself and remembers its values that must be unique. */
  judge(entry: Entry): Verdict;
  /** The same once every entry was seen: nothing is left pending. */
  judgeAtLast(entry: Entry): Verdict;
  /** Whether the source delivered what a finding rests on. */
  wasDelivered(finding: Pick<Finding, 'rule' | 'attribute' | 'entry'>): boolean;
  /** What could not be judged; the source by its name. */
  notRun(source: string): readonly NotRun[];
}

/** Judges a stream of entries against a profile. */
export interface Engine extends Judge {
  /** Every attribute that the profile reads: what a source is asked for. */
  readonly attributes: readonly string[];
  /** The same judgement, with suffix mappings that were found only now. */
  withSuffixes(suffixMap: readonly SuffixMapping[]): Judge;
  /** @param undelivered what a directory says that it cannot deliver; undefined for an export. */
  reader(undelivered: ReadonlyMap<string, string> | undefined, source?: string): Reader;
  /**
   * The values that several entries hold and must not; call it once all entries were shown.
   * @param isLeftOut which entries are none of these holders.
   */
  shared(persons: Persons, isLeftOut?: (entry: EntryRef) => boolean): Iterable<SharedValue>;
  /** The findings on such a value, one for each holder. */
  duplicates(shared: SharedValue, persons: Persons): readonly Finding[];
  /** Which of the entries that were shown are one person; call it once all were. */
  persons(circumstances?: Circumstances): Persons;
  /** Whether what was found on an entry by itself stands, now that it is known what is joined with it. */
  stands(found: Pick<Finding, 'rule' | 'attribute' | 'entry'>, persons: Persons): boolean;
  /** What there is to tell of rules that broke when they were asked for a repair: one finding an entry at most. */
  brokenFixes(): Iterable<Finding>;
}

/** An engine for one scan. */
export function createEngine(profile: readonly ProfileLine[], settings: Settings): Engine {
  const index = new ValueIndex(keyingOf(profile, settings));
  const chooser = new LineChooser(profile, settings, (rule) => index.seedOf(rule));
  const choose = chooserOf(chooser);
  const scan: ScanState = { profile, settings, index, chooser };
  const broken = new Map<string, Finding>();
  const watched = [...new Set(profile.flatMap(({ meta }) => meta.absence)), ...SCOPE_ATTRIBUTES];
  return {
    attributes: attributesOf(profile),
    reader: (undelivered, source) => readerOf(scan, createDelivery(undelivered, watched, source)),
    ...judgeOf(profile, choose, settings, index, broken),
    withSuffixes: (suffixMap) =>
      judgeOf(profile, choose, { ...settings, suffixMap }, index, broken),
    brokenFixes: () => broken.values(),
    shared: (persons, isLeftOut) => sharedValues(profile, index, persons, isLeftOut),
    duplicates: (shared, persons) => duplicateFindings(profile, shared, persons),
    persons: (circumstances) => personsIn(profile, index, settings, circumstances),
    stands: ({ rule, attribute, entry }, persons) =>
      !persons.isUnused(attribute, entry) &&
      !(
        lineFor(profile, rule, attribute, entry.kind)?.meta.unlessJoined &&
        persons.hasAccount(entry)
      ),
  };
}

/** A unique value of an entry, and the identity of whoever may have it without carrying it. */
interface NotedKey extends PooledKey {
  readonly unsaidBy?: string | undefined;
}

/** What the readers of all sources of a scan share. */
interface ScanState {
  readonly profile: readonly ProfileLine[];
  readonly settings: Settings;
  readonly index: ValueIndex;
  readonly chooser: LineChooser;
}

function readerOf(scan: ScanState, delivery: Delivery): Reader {
  const { profile } = scan;
  const judge = (entry: Entry, atLast: boolean): Verdict => {
    delivery.note(entry);
    const skip = skipOf(entry);
    if (!skip) return judgeNow(entry, scan, delivery);
    const isUnknown = (attribute: string) =>
      delivery.gap(attribute) !== undefined || isUnknownOf(entry, attribute);
    const unknown = skip.absence.some(isUnknown);
    if (!unknown) return { is: 'skipped', reason: skip.reason };
    return delivery.settled || atLast ? judgeNow(entry, scan, delivery) : { is: 'pending' };
  };
  return {
    note: delivery.note,
    judge: (entry) => judge(entry, false),
    judgeAtLast: (entry) => judge(entry, true),
    wasDelivered: ({ rule, attribute, entry }) => {
      const line = lineFor(profile, rule, attribute, entry.kind);
      return line === undefined || undecided(line, delivery) === undefined;
    },
    notRun: (source) => [...notRun(profile, delivery, source), ...scopeNotRun(delivery, source)],
  };
}

/** Judges an entry that is in scope, and remembers its values that must be unique. */
function judgeNow(
  entry: Entry,
  { settings, index, chooser }: ScanState,
  delivery: Delivery,
): Verdict {
  const raw = inBytes(entry);
  const chosen = chooser.choose(raw);
  const { domain } = chooser;
  const held: NotedKey[] = [];
  // Before any rule is asked, for one may have the chooser look at another entry.
  const number = chosen.hasKeys ? index.enter(raw, delivery) : undefined;
  if (number !== undefined) notePlain(chooser, chosen, index, number);
  const findings = allFindings(chosen.rest, entry, settings, held);
  for (const reference of chosen.references)
    for (const { key } of namedBy(reference, entry, settings))
      held.push({ pool: reference.line.meta.id, key });
  if (held.length > 0) {
    const own = number ?? index.enter(raw, delivery);
    for (const key of held) {
      index.note(key, own);
      if (key.unsaidBy !== undefined) index.noteUnsaid(key, key.unsaidBy, own);
    }
  }
  return { is: 'judged', findings, suffixes: suffixUse(entry, domain) };
}

/** Notes the unique values of an entry that stand in its plain values. */
function notePlain(
  { keys }: LineChooser,
  { isKeyed }: ChosenLines,
  index: ValueIndex,
  number: number,
): void {
  for (let at = 0; at < keys.count; at += 1) {
    if (!isKeyed[keys.attributes[at] as number]) continue;
    const high = keys.highs[at] as number;
    const low = keys.lows[at] as number;
    // Sign-in name, mail and primary address are the same, as a rule.
    const isFirst = at === 0 || high !== keys.highs[at - 1] || low !== keys.lows[at - 1];
    if (isFirst) index.noteHash(high, low, number);
  }
}

/** @param broken takes a finding on an entry, by its identity, for which a rule broke as it was asked for a repair. */
function judgeOf(
  profile: readonly ProfileLine[],
  choose: ChooseLines,
  settings: Settings,
  index: ValueIndex,
  broken: Map<string, Finding>,
): Judge {
  return {
    check: (entry, attribute) => allFindings(choose(entry, attribute), entry, settings),
    fix: ({ rule, attribute }, value, entry) => {
      const line = lineFor(profile, rule, attribute, entry.kind);
      if (line?.judges !== 'entry') return undefined;
      try {
        const fix = line.fix(value, entry, settings);
        const declared = line.meta.fix === 'review' ? 'review' : 'safe';
        return fix && { value: fix.value, safety: fix.safety ?? declared };
      } catch (error) {
        const identity = identityOf(entry);
        if (!broken.has(identity))
          broken.set(identity, failureOf(line, refOf(entry), 'fix', error));
        return undefined;
      }
    },
    keys: (entry, attribute) => index.keys(entry, attribute),
    holders: (key, except) => index.holders(key, except),
    standing: (entry) => standingOf(entry, settings),
  };
}

/** Every attribute that a profile reads, each once, spelled as in the profile. */
export function attributesOf(profile: readonly ProfileLine[]): readonly string[] {
  const names = [
    ...SCOPE_ATTRIBUTES,
    ...STANDING_ATTRIBUTES,
    ...profile.flatMap(({ attribute, meta }) => [attribute, ...meta.reads]),
  ];
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

function failureOf(
  line: ProfileLine,
  entry: EntryRef,
  asked: 'check' | 'fix',
  error: unknown,
): Finding {
  return makeFinding(line, entry, ruleFailed(line.meta.id, asked, error), RULE_FAILED.id);
}

const NOTHING: readonly Finding[] = Object.freeze([]);

/**
 * All faults of an entry by itself; its unique values go to `held`.
 * A rule that throws costs the entry one finding; the other rules judge it all the same.
 */
function allFindings(
  chosen: ReturnType<ChooseLines>,
  entry: Entry,
  settings: Settings,
  held: NotedKey[] = [],
): readonly Finding[] {
  if (chosen.length === 0) return NOTHING;
  const found: Finding[] = [];
  const ref: EntryRef = refOf(entry);
  let failure: Finding | undefined;
  for (const lines of chosen) {
    for (const line of lines) {
      try {
        if (line.judges === 'entry') {
          const faults = line.faults(entry, settings);
          const stand = faults.length === 0 || standsDespiteGaps(entry, line);
          for (const fault of stand ? faults : []) found.push(makeFinding(line, ref, fault));
        } else {
          // Keys are read here whoever wants them, so that a rule on them which throws is told of.
          for (const { key } of line.keys(entry, settings))
            held.push({ pool: line.meta.id, key, unsaidBy: line.unsaidBy(key) });
        }
      } catch (error) {
        failure ??= failureOf(line, ref, 'check', error);
      }
    }
  }
  if (failure) found.push(failure);
  return found;
}
