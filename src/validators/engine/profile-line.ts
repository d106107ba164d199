import { identityOf } from '../../ldap/format/dn.js';
import type { Entry, EntryKind, EntryRef } from '../../model/entry.js';
import type { Finding, Holder, Severity } from '../../model/finding.js';
import type {
  DirectoryRule,
  EntryRule,
  Fault,
  Fix,
  Joining,
  References,
  RuleMeta,
  Settings,
  UniqueKey,
  When,
} from '../../model/rule.js';

/** A rule bound to the attribute it judges and to its limits: one line of a profile. */
interface Line {
  readonly meta: RuleMeta;
  readonly attribute: string;
  readonly severity: Severity;
  readonly kinds: readonly EntryKind[];
  /** In which state of the attribute there is anything to ask; without it, in every one. */
  readonly when: When | undefined;
}

/** The line of a rule that judges an entry by itself. */
export interface EntryLine extends Line {
  readonly judges: 'entry';
  faults(entry: Entry, settings: Settings): readonly Fault[];
  fix(value: string | undefined, entry: Entry, settings: Settings): Fix | undefined;
}

/** The line of a rule on values that must be unique over the whole scan. */
export interface DirectoryLine extends Line {
  readonly judges: 'directory';
  keys(entry: Entry, settings: Settings): readonly UniqueKey[];
  /** Where the key begins in a plain value; undefined where only `keys` can tell. */
  readonly plainKeyAt: number | undefined;
  /** The attribute without which alone there are keys. */
  readonly without: string | undefined;
  /** What makes two entries one holder of such a value. */
  holderOf(entry: EntryRef): string;
  /** By what Connect may join the entries that hold the same value. */
  readonly joinsBy: Joining | undefined;
  readonly references: References | undefined;
  /** Whether its keys are noted only where another entry carries them. */
  readonly isUnsaid: boolean;
  /** The identity of the entry that has a key by what it is; undefined where there is none such. */
  unsaidBy(key: string): string | undefined;
  message(holder: Holder, others: readonly Holder[], otherCount: number): string;
}

export type ProfileLine = EntryLine | DirectoryLine;

export function isDirectoryLine(line: ProfileLine): line is DirectoryLine {
  return line.judges === 'directory';
}

/** Where a line of a profile departs from what the rule says of itself. */
export interface Departure {
  readonly severity?: Severity;
  readonly kinds?: readonly EntryKind[];
  readonly when?: When | undefined;
}

/** A rule on single entries, judging one attribute. */
export function use<Limits>(
  rule: EntryRule<Limits>,
  attribute: string,
  limits: Limits,
  { severity = rule.meta.severity, kinds = rule.meta.kinds, when = rule.meta.when }: Departure = {},
): EntryLine {
  return {
    judges: 'entry',
    meta: rule.meta,
    attribute,
    severity,
    kinds,
    when,
    faults: (entry, settings) => rule.check({ entry, attribute, limits, settings }),
    fix: (value, entry, settings) => rule.fix?.(value, { entry, attribute, limits, settings }),
  };
}

/** A rule on values that must be unique, judging one attribute. */
export function unique<Limits>(
  rule: DirectoryRule<Limits>,
  attribute: string,
  limits: Limits,
  { severity = rule.meta.severity, kinds = rule.meta.kinds, when = rule.meta.when }: Departure = {},
): DirectoryLine {
  return {
    judges: 'directory',
    meta: rule.meta,
    attribute,
    severity,
    kinds,
    when,
    keys: (entry, settings) => rule.keys({ entry, attribute, limits, settings }),
    plainKeyAt: rule.plainKeyAt?.(attribute),
    without: rule.without,
    holderOf: rule.holderOf ?? identityOf,
    joinsBy: rule.joinsBy?.(attribute),
    references: rule.references,
    isUnsaid: rule.unsaid?.attribute === attribute,
    unsaidBy: (key) => rule.unsaid?.identityOf(key),
    message: (holder, others, count) => rule.message(holder, others, count),
  };
}

export function appliesTo(line: ProfileLine, entry: Entry): boolean {
  return line.kinds.includes(entry.kind);
}

/** What a finding keeps of an entry. */
export function refOf({ dn, guid, kind }: Entry): EntryRef {
  return { dn, guid, kind };
}

/** The finding that a fault is, by the rule of a line unless it is the engine that speaks. */
export function makeFinding(
  line: ProfileLine,
  entry: EntryRef,
  { error, value, message, severity }: Fault,
  rule = line.meta.id,
): Finding {
  return {
    rule,
    error,
    severity: severity ?? line.severity,
    entry,
    attribute: line.attribute,
    value,
    message,
    related: [],
    relatedCount: 0,
  };
}
