import type { ApprovedEdit } from '../model/change.js';
import { prepare } from '../remediation/run/prepare.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { planResume } from '../remediation/run/resume.js';
import { partsElsewhere } from './elsewhere.js';
import { type NamedJournal, UNCHAINED_JOURNAL } from './journal-chain.js';
import { type Judgement, judgeEdits } from './judge-edits.js';
import { READS, type WritePlan } from './limits.js';
import { type Selection, type SelectionFlags, select } from './selection.js';
import { byRow, type SheetDecisions, UNDECIDED } from './sheet-decisions.js';

/** What of a sheet is to be applied. */
export interface ApplyInput {
  readonly decisions: SheetDecisions;
  readonly flags: SelectionFlags;
  /** Of the interrupted run that is to be finished, the oldest first. */
  readonly journals: readonly NamedJournal[];
  readonly judgement: Judgement;
}

/** A plan of the rows of a sheet. */
export interface ApplyPlan extends WritePlan {
  /** Rows that an interrupted run applied already. */
  readonly done: readonly ApprovedEdit[];
  /** How many rows were refused because what a person typed is faulty or taken. */
  readonly faulty: number;
  /** How many rows were refused because nothing proves that a scan wrote them. */
  readonly foreign: number;
}

/**
 * Leaves aside what is for other servers, judges what was typed by hand, compares the rows with the directory and, after
 * an interruption, with the journals.
 */
export async function planApply(
  { decisions, flags, journals, judgement }: ApplyInput,
  target: Target,
): Promise<ApplyPlan> {
  const selection = select(decisions, flags, await partsOf(decisions, target));
  const resumed = await planResume(journals, selection.approved, target, READS);
  const judged = await judgeEdits(resumed.rest, judgement, target);
  const prepared = await prepare(judged.approved, target, READS);
  const known = resumed.done.length + resumed.found.flatMap(({ edits }) => edits).length;
  const { refused, foreign, elsewhere } = selection;
  return {
    requests: prepared.requests,
    found: resumed.found,
    refused: byRow([...refused, ...resumed.refused, ...judged.refused, ...prepared.refused]),
    done: resumed.done,
    faulty: judged.refused.length,
    foreign,
    elsewhere: { ...elsewhere, isAll: elsewhere.isAll && journals.length === 0 },
    remarks: [
      ...remarksOn(decisions, selection),
      ...(prepared.renamed > 0 ? [`${prepared.renamed} entries renamed since the scan`] : []),
      ...(selection.later > 0 ? [`${selection.later} rows not asked for`] : []),
      ...(journals.length > 0 ? [`${known} rows applied by the interrupted run`] : []),
      ...(journals.every(({ isChained }) => isChained) ? [] : [UNCHAINED_JOURNAL]),
    ],
  };
}

/** Where the entries of decided rows lie that are not of this server. */
function partsOf({ approved, refused, rows }: SheetDecisions, target: Target) {
  const dns = [...approved, ...refused].map(({ row }) => rows.get(row)?.dn ?? '');
  return partsElsewhere(dns, target);
}

function remarksOn(
  { left }: SheetDecisions,
  { approved, refused, edited, later, elsewhere }: Selection,
): readonly string[] {
  const decided = approved.length + refused.length + later + elsewhere.rows.size;
  return [
    `${left} rows left alone`,
    ...(decided === 0 ? [UNDECIDED] : []),
    ...(edited > 0 ? [`${edited} rows not as the scan proposed`] : []),
  ];
}
