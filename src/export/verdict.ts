import type { Fates, ReportRule } from './report-data.js';

/** What the verdict goes by. */
export interface Outcome {
  readonly fates: Fates;
  readonly rules: readonly ReportRule[];
  readonly complete: boolean;
  /** Findings that an earlier scan had not; undefined where there is none to compare with. */
  readonly fresh: number | undefined;
}

/** The result of a scan in a sentence or two: how many entries will sync, how many are broken, what breaks most. */
export function verdict({ fates, rules, complete, fresh }: Outcome): string {
  const since = fresh === undefined ? '' : ` ${number(fresh)} new since the baseline.`;
  const sentence = outcome(fates, rules) + since;
  if (!complete) return `INCOMPLETE SCAN: of what was seen, ${sentence}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function outcome({ broken, warned, fine }: Fates, rules: readonly ReportRule[]): string {
  const judged = broken + warned + fine;
  if (judged === 0) return 'no entry was judged.';
  const some = warned > 0 ? ` (${number(warned)} with warnings)` : '';
  if (broken === 0 && judged > 1) return `all ${number(judged)} entries will sync${some}.`;
  const of = judged === 1 ? '1 entry' : `${number(judged)} entries`;
  const will = `${number(judged - broken)} of ${of} will sync${some}`;
  if (broken === 0) return `${will}.`;
  const worst = rules.toSorted((a, b) => b.findings.error - a.findings.error)[0];
  const errors = worst?.findings.error ?? 0;
  const most = `most often by ${worst?.id} (${number(errors)} ${errors === 1 ? 'error' : 'errors'})`;
  return `${will}, ${number(broken)} ${broken === 1 ? 'is' : 'are'} broken, ${most}.`;
}

function number(n: number): string {
  return n.toLocaleString('en');
}
