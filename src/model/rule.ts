import type { Entry, EntryKind, EntryRef, Value } from './entry.js';
import type { ErrorWord, Finding, Holder, Safety, Severity } from './finding.js';
import type { Setting } from './setting.js';

/** Of an attribute: it has a value; one that is not plain (see validators/engine/plain-value.ts); no plain one. */
export type When = 'present' | 'unusual' | 'missing';

/** The static description of a rule: everything its documentation page and the engine need to know. */
export interface RuleMeta {
  /** Kebab-case noun of the fault. */
  readonly id: string;
  readonly title: string;
  /** Why the fault matters to synchronisation. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly severity: Severity;
  readonly fix: 'none' | Safety;
  readonly errors: readonly ErrorWord[];
  /** Every attribute that the rule reads besides the one it is asked to judge. */
  readonly reads: readonly string[];
  /** Those, and the judged one, whose absence it takes for a fault: unknown is not absent. */
  readonly absence: readonly string[];
  /** When the rule may find anything; always, without it. */
  readonly when?: When;
  readonly kinds: readonly EntryKind[];
  /** Whether it speaks of an entry that no account is joined with: it says nothing of one whose account is found. */
  readonly unlessJoined?: boolean;
  /** Settings that the remedy speaks of: what they are called depends on where it is read. */
  readonly settings?: readonly Setting[];
  /** Ids of the documented facts it stands on, see docs/facts.md. */
  readonly facts: readonly string[];
}

/** What the person who starts a scan decided. */
export interface Settings {
  readonly profile: 'default' | 'dedicated';
  /** The attribute that becomes the sign-in name in the cloud (alternate login ID: mail). */
  readonly loginAttribute: 'userPrincipalName' | 'mail';
  /** Domains verified in the tenant, lower-case ASCII; undefined when nobody said. */
  readonly verifiedDomains: ReadonlySet<string> | undefined;
  /** Groups with more members than this are reported. */
  readonly memberLimit: number;
  /** Suffix replacements, most specific first. */
  readonly suffixMap: readonly SuffixMapping[];
  /** Whether mail is to become the sign-in name of everybody, or of nobody; else where the name cannot stay. */
  readonly signInName: 'mail' | 'keep' | undefined;
  /** By what, in which order, the keeper of a shared value is chosen. */
  readonly keep: readonly Criterion[];
  /** What the setup of Connect was told of users who stand in several forests (fact JOIN-1). */
  readonly matchUsersBy: MatchUsersBy;
}

/** `none`: they stand in one only. */
export type MatchUsersBy = 'none' | Joining;

/** What Connect joins entries by: a mail address, an anchor, or a security identifier. */
export type Joining = 'mail' | 'anchor' | 'sid';

/** `from` is a domain, or `*.domain` for everything below it; both in lower-case ASCII. */
export type SuffixMapping = Readonly<Record<'from' | 'to', string>>;

/** What a rule is shown: an entry, the attribute to judge, and its limits from the profile. */
export interface Subject<Limits> {
  readonly entry: Entry;
  readonly attribute: string;
  readonly limits: Limits;
  readonly settings: Settings;
}

/** A fault as a rule reports it; the engine adds rule, entry and severity. */
export interface Fault {
  readonly error: ErrorWord;
  /** The faulty value exactly as stored; undefined when the fault is that there is none. */
  readonly value: Value | undefined;
  /** What is wrong, why it matters to sync, what to do. */
  readonly message: string;
  /** Where this fault weighs differently from the rule's usual severity. */
  readonly severity?: Severity;
}

/** A repaired value as a rule proposes it; undefined stands for removing the value. */
export interface Fix {
  readonly value: string | undefined;
  /** Where this fix is less safe than the rule declares. */
  readonly safety?: Safety;
}

/** Judges one entry by itself. Pure: no I/O, no clock, no state. */
export interface EntryRule<Limits> {
  readonly meta: RuleMeta;
  check(subject: Subject<Limits>): readonly Fault[];
  /** Repairs one faulty value; undefined where only a person can. */
  fix?(value: string | undefined, subject: Subject<Limits>): Fix | undefined;
}

/** One value that must be unique, as a directory rule sees it. */
export interface UniqueKey {
  /** Values with equal keys are the same to the cloud. */
  readonly key: string;
  readonly value: Value;
}

/** Judges entries against each other: the engine groups equal keys over the whole scan. */
export interface DirectoryRule<Limits> {
  readonly meta: RuleMeta;
  keys(subject: Subject<Limits>): readonly UniqueKey[];
  /** From where on a plain value of an attribute is its key, in lower case; without it `keys` is asked. */
  plainKeyAt?(attribute: string): number | undefined;
  /** Only entries without this attribute have keys. */
  readonly without?: string;
  /** What makes two entries one holder, so that they are no duplicates of each other; without it, their identity. */
  holderOf?(entry: EntryRef): string;
  /**
   * Where entries have keys that they need not carry: what nearly all entries have is looked at only where another one
   * carries a key that is theirs.
   */
  readonly unsaid?: UnsaidKeys;
  /** By what Connect may join the entries that hold the same value of an attribute. */
  joinsBy?(attribute: string): Joining | undefined;
  /** How entries name another one by its key, to be joined with it: in which attributes, and by which values. */
  readonly references?: References;
  /** The message for one holder of a value that others hold too; at most 20 of the others are shown. */
  message(holder: Holder, others: readonly Holder[], otherCount: number): string;
}

/** Keys that an entry has by what it is, without the attribute in which others carry them. */
export interface UnsaidKeys {
  /** The attribute that gives them. */
  readonly attribute: string;
  /** The identity of the entry that would have a key without carrying it. */
  identityOf(key: string): string | undefined;
}

/** Values by which an entry names another one that has them as its keys. */
export interface References {
  readonly attributes: readonly string[];
  read(entry: Entry, attribute: string, settings: Settings): readonly UniqueKey[];
}

/** A value in the pool of values among which it must be unique. */
export interface PooledKey {
  readonly pool: string;
  readonly key: string;
}

/** What speaks for an entry when somebody must give a shared value up; what has no account is neither enabled nor not. */
export interface Standing {
  readonly mailbox: boolean;
  readonly enabled: boolean | undefined;
  /** whenCreated as the directory writes it, which sorts by time; empty when unknown. */
  readonly created: string;
  /** The value of its primary SMTP address, where it has exactly one and mail is no sign-in name. */
  readonly primary: string | undefined;
  /** Its mail, where it has exactly one and mail is no sign-in name. */
  readonly mail: string | undefined;
}

/** A holder of a value that must be unique, with what speaks for it. */
export type Claim = Holder & { readonly standing: Standing };

/** By what the keeper of a shared value is chosen. */
export type Criterion = 'primary' | 'mailbox' | 'enabled' | 'oldest';

/** A value that must be unique and that several entries hold, the holders in report order. */
export interface SharedValue {
  readonly key: PooledKey;
  readonly holders: readonly Claim[];
}

/** What remediation asks the rules: the faults of an entry as it would be, and how to repair a value. */
export interface Judge {
  /** Faults of the entry by itself, of all attributes or of one. */
  check(entry: Entry, attribute?: string): readonly Finding[];
  /** The repair that the rule of a finding offers for a value; undefined where it has none. */
  fix(finding: Finding, value: string | undefined, entry: Entry): Fix | undefined;
  /** The unique values that an entry holds in one attribute. */
  keys(entry: Entry, attribute: string): readonly PooledKey[];
  /** Entries of the directory that hold a unique value, but for the one with an identity. */
  holders(key: PooledKey, except: string): readonly Holder[];
  /** What speaks for an entry when a shared value must be given up. */
  standing(entry: Entry): Standing;
}
