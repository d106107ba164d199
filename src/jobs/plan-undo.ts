import type { EntryWriter } from '../model/change.js';
import type { JournalContent } from '../remediation/run/read-journal.js';
import { planUndo } from '../remediation/run/undo.js';
import { READS, type WritePlan } from './limits.js';

/** Compares a journal with the directory: what can be put back, and what cannot. */
export async function planPutBack(
  journal: JournalContent,
  writer: EntryWriter,
  only?: ReadonlySet<string>,
): Promise<WritePlan> {
  const { requests, refused, settled } = await planUndo(journal, writer, READS, only);
  return { requests, refused, remarks: [`${settled.length} rows already as they were`] };
}
