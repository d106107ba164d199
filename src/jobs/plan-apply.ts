import type { ApprovedEdit } from '../model/change.js';
import { prepare } from '../remediation/run/prepare.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { planResume } from '../remediation/run/resume.js';
import { type NamedJournal, UNCHAINED_JOURNAL } from './journal-chain.js';
import { type Judgement, judgeEdits } from './judge-edits.js';
import { READS, type WritePlan } from './limits.js';
import type { Selection } from './selection.js';
import { byRow, UNDECIDED } from './sheet-decisions.js';

/** A plan of the rows of a sheet. */
export interface ApplyPlan extends WritePlan {
  /** Rows that an interrupted run applied already. */
  readonly done: readonly ApprovedEdit[];
  /** How many rows were refused because what a person typed is faulty or taken. */
  readonly faulty: number;
}

/** Judges what was typed by hand, compares the rows with the directory and, after an interruption, with the journals. */
export async function planApply(
  { approved, refused, left, edited, later }: Selection,
  journals: readonly NamedJournal[],
  judgement: Judgement,
  target: Target,
): Promise<ApplyPlan> {
  const resumed = await planResume(journals, approved, target, READS);
  const judged = await judgeEdits(resumed.rest, judgement, target);
  const prepared = await prepare(judged.approved, target, READS);
  const known = resumed.done.length + resumed.found.flatMap(({ edits }) => edits).length;
  return {
    requests: prepared.requests,
    found: resumed.found,
    refused: byRow([...refused, ...resumed.refused, ...judged.refused, ...prepared.refused]),
    done: resumed.done,
    faulty: judged.refused.length,
    remarks: [
      `${left} rows left alone`,
      ...(approved.length + refused.length + later === 0 ? [UNDECIDED] : []),
      ...(edited > 0 ? [`${edited} rows not as the scan proposed`] : []),
      ...(prepared.renamed > 0 ? [`${prepared.renamed} entries renamed since the scan`] : []),
      ...(later > 0 ? [`${later} rows not asked for`] : []),
      ...(journals.length > 0 ? [`${known} rows applied by the interrupted run`] : []),
      ...(journals.every(({ isChained }) => isChained) ? [] : [UNCHAINED_JOURNAL]),
    ],
  };
}
