import type { Edit, Proposal } from './change.js';
import type { EntryRef } from './entry.js';
import type { Earlier, Finding, Severity } from './finding.js';

/** An entry that will not be synchronised, and why. */
export interface Skipped {
  readonly entry: EntryRef;
  readonly reason: string;
}

/** Several entries that Connect joins: one object in the cloud. */
export interface Person {
  /** The one that signs in, if any does: the account, not its mailbox or a contact of it. */
  readonly main: EntryRef;
  readonly others: readonly EntryRef[];
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
  /** The entries that are one object in the cloud. */
  readonly persons: readonly Person[];
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

/** The domain that most faults are about, and that cannot be kept. */
export interface CommonSuffix {
  readonly from: string;
  /** The domain that the proposals for them have most often; null where there are none. */
  readonly to: string | null;
  readonly faults: number;
  readonly all: number;
}
