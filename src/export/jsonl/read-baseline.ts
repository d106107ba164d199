import type { Earlier } from '../../model/finding.js';
import type { ScanHeader } from '../../model/scan.js';
import { readReport } from './records.js';

/** What the machine format of an earlier scan tells. */
export interface Baseline {
  readonly header: ScanHeader;
  /** Those that stand; a suppressed one counts as never reported. */
  readonly findings: readonly Earlier[];
  /** False when the earlier scan did not see everything. */
  readonly complete: boolean;
}

/**
 * Reads the JSON lines of an earlier scan. Throws ExpectedError, with the number of the line, where a line is broken,
 * and where the file is not whole.
 */
export async function readBaseline(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Baseline> {
  const findings: Earlier[] = [];
  const once = interner();
  let header: ScanHeader | undefined;
  let complete = false;
  for await (const record of readReport(`the baseline ${file}`, chunks)) {
    if (record.is === 'scan') header = record.header;
    if (record.is === 'summary') complete = record.complete;
    if (record.is !== 'finding' && record.is !== 'known' && record.is !== 'unseen') continue;
    const { rule, severity, entry, attribute, value } = record.finding;
    findings.push({ rule: once(rule), severity, entry, attribute: once(attribute), value });
  }
  if (!header) throw new Error('a report without a head was read');
  return { header, findings, complete };
}

/** The same text as one string: half a million findings name some forty rules. */
function interner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}
