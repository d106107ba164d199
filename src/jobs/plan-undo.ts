import type { EntryWriter } from '../model/change.js';
import { NO_ROW } from '../remediation/run/journal.js';
import type { JournalContent } from '../remediation/run/read-journal.js';
import { planUndo } from '../remediation/run/undo.js';
import { UNCHAINED_JOURNAL, UNENDED_JOURNAL } from './journal-chain.js';
import { READS, type WritePlan } from './limits.js';

/** Compares a journal with the directory: what can be put back, and what cannot. */
export async function planPutBack(
  journal: JournalContent,
  writer: EntryWriter,
  only?: ReadonlySet<string>,
): Promise<WritePlan> {
  const { requests, refused, settled } = await planUndo(journal, writer, READS, only);
  const { brokenAt, isChained, isEnded } = journal;
  const isCut = isChained && !isEnded && brokenAt === undefined;
  const unread = {
    row: NO_ROW,
    reason: `what stands from line ${brokenAt} of the journal on was not read: it is not as presync wrote it`,
  };
  return {
    requests,
    refused: brokenAt === undefined ? refused : [unread, ...refused],
    remarks: [
      `${settled.length} rows already as they were`,
      ...(isChained ? [] : [UNCHAINED_JOURNAL]),
      ...(isCut ? [UNENDED_JOURNAL] : []),
    ],
  };
}
