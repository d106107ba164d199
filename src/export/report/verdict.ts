import { grouped } from '../../text/printable.js';
import type { Fates, ReportRule } from './report-data.js';

/** What the verdict goes by. */
export interface VerdictInput {
  readonly fates: Fates;
  readonly rules: readonly ReportRule[];
  readonly complete: boolean;
  /** Findings that an earlier scan had not; undefined where there is none to compare with. */
  readonly fresh: number | undefined;
}

/** The result of a scan in a sentence or two: how many entries will sync, how many are broken, what breaks most. */
export function verdict({ fates, rules, complete, fresh }: VerdictInput): string {
  const since = fresh === undefined ? '' : ` ${grouped(fresh)} new since the baseline.`;
  const sentence = outcome(fates, rules) + since;
  if (!complete) return `INCOMPLETE SCAN: of what was seen, ${sentence}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function outcome({ broken, warned, fine }: Fates, rules: readonly ReportRule[]): string {
  const judged = broken + warned + fine;
  if (judged === 0) return 'no entry was judged.';
  const some = warned > 0 ? ` (${grouped(warned)} with warnings)` : '';
  if (broken === 0 && judged > 1) return `all ${grouped(judged)} entries will sync${some}.`;
  const of = judged === 1 ? '1 entry' : `${grouped(judged)} entries`;
  const will = `${grouped(judged - broken)} of ${of} will sync${some}`;
  if (broken === 0) return `${will}.`;
  const worst = rules.toSorted((a, b) => b.findings.error - a.findings.error)[0];
  const errors = worst?.findings.error ?? 0;
  const most = `most often by ${worst?.id} (${grouped(errors)} ${errors === 1 ? 'error' : 'errors'})`;
  return `${will}, ${grouped(broken)} ${broken === 1 ? 'is' : 'are'} broken, ${most}.`;
}
