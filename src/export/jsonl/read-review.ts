import { compareFindings } from '../../findings/severities.js';
import type { Proposal } from '../../model/change.js';
import type { Finding } from '../../model/finding.js';
import { readReport } from './records.js';

/** What the JSON lines of a scan hold, as far as a review needs it. */
export interface ReadScan {
  readonly profile: string;
  /** What was read, by the names that the scan gave. */
  readonly sources: readonly string[];
  /** In report order, new ones and those of an earlier scan: both are to be decided on. */
  readonly findings: readonly Finding[];
  readonly proposals: readonly Proposal[];
  readonly complete: boolean;
}

/**
 * Reads the JSON lines of a scan. Throws ExpectedError, with the number of the line, where a line is broken, and where
 * the file is not whole.
 */
export async function readScan(file: string, chunks: AsyncIterable<Uint8Array>): Promise<ReadScan> {
  const findings: Finding[] = [];
  const proposals: Proposal[] = [];
  let profile = '';
  let sources: readonly string[] = [];
  let complete = false;
  for await (const record of readReport(`the report ${file}`, chunks)) {
    if (record.is === 'scan') ({ profile, sources } = record.header);
    else if (record.is === 'finding' || record.is === 'known') findings.push(record.finding);
    else if (record.is === 'proposal') proposals.push(record.proposal);
    else if (record.is === 'summary') complete = record.complete;
  }
  return { profile, sources, findings: findings.sort(compareFindings), proposals, complete };
}
