import type { ApprovedEdit, EntryWriter } from '../model/change.js';
import { prepare } from '../remediation/run/prepare.js';
import { planResume } from '../remediation/run/resume.js';
import type { NamedJournal } from './journal-chain.js';
import { READS, type WritePlan } from './limits.js';
import type { Selection } from './selection.js';
import { byRow, UNDECIDED } from './sheet-decisions.js';

/** Compares the rows with the directory and, after an interruption, with the journals. */
export async function planApply(
  { approved, refused, left, later }: Selection,
  journals: readonly NamedJournal[],
  writer: EntryWriter,
): Promise<WritePlan & { readonly done: readonly ApprovedEdit[] }> {
  const resumed = await planResume(journals, approved, writer, READS);
  const prepared = await prepare(resumed.rest, writer, READS);
  const known = resumed.done.length + resumed.found.flatMap(({ edits }) => edits).length;
  return {
    requests: prepared.requests,
    found: resumed.found,
    refused: byRow([...refused, ...resumed.refused, ...prepared.refused]),
    done: resumed.done,
    remarks: [
      `${left} rows left alone`,
      ...(approved.length + refused.length + later === 0 ? [UNDECIDED] : []),
      ...(later > 0 ? [`${later} rows not asked for`] : []),
      ...(journals.length > 0 ? [`${known} rows applied by the interrupted run`] : []),
    ],
  };
}
