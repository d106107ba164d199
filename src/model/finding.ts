import type { EntryRef, Value } from './entry.js';

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

/** An entry, and the attribute and value by which it takes part in a duplicate. */
export interface Holder {
  readonly entry: EntryRef;
  readonly attribute: string;
  readonly value: Value;
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
  /** Whether the entry keeps the shared value, and others are to give it up: nothing is to be decided here. */
  readonly keeps?: boolean;
  /** Whether a directory may take another value of the same attribute for this one: who deletes it could hit that. */
  readonly hasLookalike?: boolean;
}

/** What is kept of a finding of an earlier scan. */
export type Earlier = Pick<Finding, 'rule' | 'severity' | 'entry' | 'attribute' | 'value'>;
