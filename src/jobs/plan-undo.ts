import pLimit from 'p-limit';
import type { EntryWriter } from '../model/change.js';
import { NO_ROW } from '../remediation/run/journal.js';
import type { JournalContent, JournalRequest } from '../remediation/run/read-journal.js';
import { planUndo } from '../remediation/run/undo.js';
import { countByPart, partsElsewhere } from './elsewhere.js';
import { UNCHAINED_JOURNAL, UNENDED_JOURNAL } from './journal-chain.js';
import { READS, type WritePlan } from './limits.js';

/** Compares a journal with the directory: what can be put back, what cannot, and what is for another server. */
export async function planPutBack(
  journal: JournalContent,
  writer: EntryWriter,
  only?: ReadonlySet<string>,
): Promise<WritePlan> {
  const { brokenAt, isChained, isEnded } = journal;
  const isCut = isChained && !isEnded && brokenAt === undefined;
  const parts = await partsOf(journal, writer);
  const requests = journal.requests.filter((request) => !parts.has(request));
  const plan = await planUndo({ ...journal, requests }, writer, READS, only);
  const rows = [...parts].flatMap(([{ edits }, part]) =>
    edits.filter(({ id }) => only?.has(id) ?? true).map(() => part),
  );
  const unread = {
    row: NO_ROW,
    reason: `what stands from line ${brokenAt} of the journal on was not read: it is not as presync wrote it`,
  };
  const refused = brokenAt === undefined ? plan.refused : [unread, ...plan.refused];
  const isIdle = plan.requests.length + refused.length + plan.settled.length === 0;
  return {
    requests: plan.requests,
    refused,
    elsewhere: { rows: countByPart(rows), isAll: isIdle && rows.length > 0 },
    remarks: [
      `${plan.settled.length} rows already as they were`,
      ...(isChained ? [] : [UNCHAINED_JOURNAL]),
      ...(isCut ? [UNENDED_JOURNAL] : []),
    ],
  };
}

/** Where the entries of changes lie that are not of this server, unless they were moved to it since. */
async function partsOf(
  { requests }: JournalContent,
  writer: EntryWriter,
): Promise<ReadonlyMap<JournalRequest, string>> {
  const made = requests.filter(({ state }) => state !== 'stale' && state !== 'failed');
  const refOf = ({ edits }: JournalRequest) => edits[0]?.edit.entry;
  const parts = await partsElsewhere(
    made.map((request) => refOf(request)?.dn ?? ''),
    writer,
  );
  const away = await pLimit(READS).map(made, async (request) => {
    const ref = refOf(request);
    const part = ref && parts.get(ref.dn);
    if (part === undefined) return [];
    const isMoved = ref?.guid !== undefined && (await writer.read(ref, [])) !== undefined;
    return isMoved ? [] : [[request, part] as const];
  });
  return new Map(away.flat());
}
