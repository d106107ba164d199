/** Every noun of presync. Types only: this file imports nothing and runs nothing. */

/** One attribute value: text, or the bytes where they are binary or no valid UTF-8. */
export type Value = string | Uint8Array;

/** What an entry is, read from its objectClass values. */
export type EntryKind = 'user' | 'inetOrgPerson' | 'group' | 'contact' | 'computer' | 'other';

/** What later stages keep of an entry: enough to name it and to find it again. */
export interface EntryRef {
  /** Distinguished name as the source wrote it; it changes when the entry is moved. */
  readonly dn: string;
  /** objectGUID in its usual text form; the identity of an entry, absent outside Active Directory. */
  readonly guid: string | undefined;
  readonly kind: EntryKind;
}

/** A directory entry as it was read. Frozen: nothing that judges it can change it. */
export interface Entry extends EntryRef {
  /** Values of an attribute by its name in any case; an empty list when the entry has none. */
  values(attribute: string): readonly Value[];
  /** Names of the attributes that carry a value, spelled as the source spelled them. */
  readonly attributes: readonly string[];
}

/** A step of reading: some entries, and the reasons why something was left out. */
export interface Page {
  readonly entries: readonly Entry[];
  /** Why the source could not deliver everything (referral, limit, lost connection), one line each. */
  readonly gaps: readonly string[];
}

/** Where entries come from: a directory over LDAP or a snapshot in LDIF. */
export interface EntrySource {
  /** Shown to people: the URL without credentials, or the file name. */
  readonly name: string;
  /** Streams the entries with the attributes asked for. Throws when nothing can be read at all. */
  pages(attributes: readonly string[], signal?: AbortSignal): AsyncIterable<Page>;
  /**
   * Attributes that the source cannot deliver, with the reason: an entry without one of them says nothing. Undefined
   * for an export, which does not say what was left out of it.
   */
  undelivered(
    attributes: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> | undefined;
  /** UPN suffixes that the forest knows, and where they are registered; undefined where nobody can say. */
  suffixes?(signal?: AbortSignal): Promise<RegisteredSuffixes | undefined>;
}

/** The UPN suffixes of a forest (uPNSuffixes of the Partitions container, and its domains). */
export interface RegisteredSuffixes {
  readonly partitions: EntryRef;
  /** In lower case. */
  readonly suffixes: readonly string[];
}

export type Severity = 'error' | 'warning' | 'info';

/** Whether a proposal may be approved in bulk (safe) or wants a person's eye (review). */
export type Safety = 'safe' | 'review';

/** IdFix's words for what is wrong with a value; Failed is presync's own, for a rule that broke. */
export type ErrorWord =
  | 'Character'
  | 'Format'
  | 'TopLevelDomain'
  | 'DomainPart'
  | 'LocalPart'
  | 'Length'
  | 'Duplicate'
  | 'Blank'
  | 'MailMatch'
  | 'Failed';

/** Of an attribute: it has a value; one that is not plain (see validators/shared/plain.ts); no plain one. */
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
  /** By what, in which order, the keeper of a shared value is chosen. */
  readonly keep: readonly Criterion[];
}

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
  plainKeyAt?(attribute: string): number;
  /** Only entries without this attribute have keys. */
  readonly without?: string;
  /** What makes two entries one holder, so that they are no duplicates of each other; without it, their identity. */
  holderOf?(entry: EntryRef): string;
  /** The message for one holder of a value that others hold too; at most 20 of the others are shown. */
  message(holder: Holder, others: readonly Holder[], otherCount: number): string;
}

/** A value in the pool of values among which it must be unique. */
export interface PooledKey {
  readonly pool: string;
  readonly key: string;
}

/** An entry, and the attribute and value by which it takes part in a duplicate. */
export interface Holder {
  readonly entry: EntryRef;
  readonly attribute: string;
  readonly value: Value;
}

/** What speaks for an entry when somebody must give a shared value up; what has no account is neither enabled nor not. */
export interface Standing {
  readonly mailbox: boolean;
  readonly enabled: boolean | undefined;
  /** whenCreated as the directory writes it, which sorts by time; empty when unknown. */
  readonly created: string;
  /** The value of its primary SMTP address, where it has exactly one and mail is no sign-in name. */
  readonly primary: string | undefined;
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

/** One fault of one value of one entry. */
export interface Finding {
  readonly rule: string;
  readonly error: ErrorWord;
  readonly severity: Severity;
  readonly entry: EntryRef;
  readonly attribute: string;
  readonly value: Value | undefined;
  readonly message: string;
  /** At most 20 of the other holders of a duplicate. */
  readonly related: readonly Holder[];
  /** How many other holders there are. */
  readonly relatedCount: number;
}

/** A change of some values of one attribute. Swap before and after and you have the undo. */
export interface Edit {
  readonly entry: EntryRef;
  readonly attribute: string;
  readonly before: readonly Value[];
  readonly after: readonly Value[];
}

/** One step on the way from the stored to the proposed value. */
export interface TrailStep {
  readonly rule: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A proposed edit and the findings it settles. */
export interface Proposal {
  /** Stable over scans: made from the entry's identity, the attribute and the stored value. */
  readonly id: string;
  readonly edit: Edit;
  readonly safety: Safety;
  /** Ids of the rules whose findings it settles. */
  readonly findings: readonly string[];
  readonly trail: readonly TrailStep[];
}

/** What a person decides in the ACTION column; IdFix's words. */
export type Action = 'EDIT' | 'REMOVE' | 'COMPLETE';

/** One row of the review sheet: everything found about one value, and what to do with it. */
export interface SheetRow {
  readonly dn: string;
  readonly commonName: string;
  readonly objectClass: string;
  readonly attribute: string;
  readonly errors: string;
  readonly value: Value | undefined;
  readonly update: Value | undefined;
  readonly proposedAction: string;
  readonly action: string;
  readonly severity: string;
  readonly safety: string;
  readonly rules: string;
  readonly message: string;
  readonly related: string;
  readonly guid: string | undefined;
  readonly id: string;
}

/** A row of a sheet that cannot be trusted, by the number that a spreadsheet shows beside it. */
export interface RefusedRow {
  readonly row: number;
  readonly reason: string;
}

/** An approved row: the edit it asks for and where it stands in the sheet. */
export interface ApprovedEdit {
  readonly row: number;
  readonly id: string;
  readonly edit: Edit;
  /** Set where a removal, alone or with others of its request, leaves the attribute without a value. */
  readonly empties?: boolean;
}

/** What became of an edit: done, overtaken by someone else's change, refused, or never answered. */
export interface Outcome {
  readonly state: 'applied' | 'stale' | 'failed' | 'unknown';
  /** The server's words and what to do; when applied only what was out of the ordinary. */
  readonly reason: string;
  /** The result code (RFC 4511 appendix A) where a server refused. */
  readonly code?: number;
}

/** Attributes, by name in lower case, that edits found empty and that they leave empty: no old value guards these. */
export type Guard = Readonly<Record<'filled' | 'emptied', ReadonlySet<string>>>;

/** Where approved edits go: a directory, whose controller may say what it is called (`host`), or a snapshot in memory. */
export interface EntryWriter {
  readonly name: string;
  readonly host?: string | undefined;
  /** The entry as it is now, found by objectGUID or else by DN; undefined when there is none. */
  read(ref: EntryRef, attributes: readonly string[]): Promise<Entry | undefined>;
  /** Carries out the edits of one entry in one request, each guarded by its old values; `guard` if it is sent again. */
  modify(dn: string, edits: readonly Edit[], guard?: Guard): Promise<Outcome>;
  /** Where an entry is to be looked for that is not here, judged by its DN; undefined when it belongs here. */
  elsewhere?(dn: string): string | undefined;
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

/** An entry that will not be synchronised, and why. */
export interface Skipped {
  readonly entry: EntryRef;
  readonly reason: string;
}

/** A rule that could not judge an attribute, because the source does not deliver what it needs. */
export interface NotRun {
  readonly rule: string;
  readonly attribute: string;
  readonly reason: string;
}

/** What a scan was: the head of every report. */
export interface ScanHeader {
  readonly sources: readonly string[];
  readonly profile: string;
  /** What else decides what is found, by name; absent where the caller does not say. */
  readonly terms?: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
}

/** What is kept of a finding of an earlier scan. */
export type Earlier = Pick<Finding, 'rule' | 'severity' | 'entry' | 'attribute' | 'value'>;

/** A finding that a person decided to leave out, and why. */
export interface Suppressed {
  readonly finding: Finding;
  readonly reason: string;
  /** The last day on which it is left out, as YYYY-MM-DD in UTC. */
  readonly expires: string | undefined;
}

/** What a scan has to say about an earlier one; the findings of its result are those that the earlier one had not. */
export interface Comparison {
  /** The file with the findings of the earlier scan. */
  readonly baseline: string;
  /** Findings that stood in the earlier scan already. */
  readonly known: readonly Finding[];
  readonly gone: readonly Earlier[];
  /** Neither found again nor known to be gone, because this scan could not see them. */
  readonly unseen: readonly Earlier[];
  /** What makes the comparison less sure, one line each. */
  readonly doubts: readonly string[];
}

/** Everything a scan gives, in the order in which it is reported. */
export interface ScanResult {
  readonly header: ScanHeader;
  readonly findings: readonly Finding[];
  readonly proposals: readonly Proposal[];
  readonly skipped: readonly Skipped[];
  /** Changes that register a UPN suffix which proposals introduce: they belong before the proposals. */
  readonly registrations: readonly Edit[];
  readonly summary: Summary;
  /** Left out of the findings by a person's decision; absent where nobody decided any. */
  readonly suppressed?: readonly Suppressed[];
  /** Present where the scan was held against an earlier one. */
  readonly comparison?: Comparison;
}

/** Counts that close a scan. */
export interface Summary {
  /** False when a source did not deliver everything. */
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly entries: number;
  /** Entries that will not sync and were not judged, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly notRun: readonly NotRun[];
  /** Findings by rule id and severity. */
  readonly rules: Readonly<Record<string, Readonly<Record<Severity, number>>>>;
}
