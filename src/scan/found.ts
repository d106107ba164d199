import type { PackedEntries } from '../ldap/entry/packed-entries.js';
import type { Finding } from '../model/finding.js';
import type { NotRun, Skipped } from '../model/scan.js';
import type { Draft } from '../remediation/plan/draft.js';

/** An entry with a suffix that nobody mapped. */
export interface Unmapped {
  readonly number: number;
  readonly findings: readonly Finding[];
  /** Ids of the values that have a draft already. */
  readonly drafted: ReadonlySet<string>;
}

/** What a scan found so far. */
export interface Found {
  readonly skipped: Skipped[];
  readonly findings: Finding[];
  readonly drafts: Draft[];
  /** Entries with a suffix that nobody mapped: what to propose is known once all were seen. */
  readonly unmapped: Unmapped[];
  /** Those entries, by number: where one suffix is wrong it is wrong for all. */
  readonly waiting: PackedEntries;
  readonly notRun: NotRun[];
  /** Ids of values that a directory may take for another one of the same entry. */
  readonly lookalikes: Set<string>;
}
