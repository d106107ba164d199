import type { Severity } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import type { ScanResult } from '../model/scan.js';

/** What a report depends on besides the scan. */
export interface ReportContext {
  readonly settings: Settings;
  /** The severities that make a scan fail. */
  readonly failing: readonly Severity[];
  /** Whether the entries that will not sync are listed, where the format has room for them. */
  readonly showSkipped: boolean;
  readonly made: Date;
}

/** Gives the report of a scan piece by piece. */
export type ReportWriter = (
  result: ScanResult,
  context: ReportContext,
) => Iterable<string> | Promise<Iterable<string>>;
