import { normaliseDn, parseDn } from '../../ldap/format/dn.js';
import type { ApprovedEdit, Edit, EntryWriter, Guard, Outcome } from '../../model/change.js';
import type { Entry, EntryRef } from '../../model/entry.js';

/** Approved edits of one entry that go out together, named as the entry is named now. */
export interface PlannedRequest {
  readonly ref: EntryRef;
  readonly edits: readonly ApprovedEdit[];
  /** Attributes, by name in lower case, that were seen empty and must still be when the request is sent. */
  readonly fills?: ReadonlySet<string>;
  /** Of a request that is known to be carried out: it is put on record and not sent. */
  readonly carriedOut?: Outcome;
}

/** Why a run ended before its time: the words, and the error behind them if there is one. */
export interface Stop {
  readonly reason: string;
  readonly cause: unknown;
}

/** What came of one request: no outcome when it could not be written down and was not sent. */
export interface Attempt {
  readonly outcome: Outcome | undefined;
  readonly stop?: Stop;
}

/** The key that brings edits of one entry together: its objectGUID, else its DN. */
export function entryKey({ guid, dn }: Pick<EntryRef, 'guid' | 'dn'>): string {
  return guid === undefined ? `dn ${normaliseDn(dn)}` : `guid ${guid.toLowerCase()}`;
}

/** Reads the attributes that edits of one entry touch, and `further` ones; a text says why it is not that entry. */
export async function readEditedEntry(
  edits: readonly Edit[],
  writer: EntryWriter,
  further: readonly string[] = [],
): Promise<Entry | string> {
  const ref = edits[0]?.entry;
  if (!ref || (ref.guid === undefined && !parseDn(ref.dn))) return 'DN is no distinguished name';
  const names = new Map(edits.map((edit) => [attributeKey(edit), edit.attribute]));
  const entry = await writer.read(ref, [...names.values(), ...further]);
  if (!entry) {
    const part = await writer.elsewhere?.(ref.dn);
    if (part !== undefined)
      return `the entry is in ${part}, which another server holds: write through that one`;
    return 'the entry is not there any more: it was deleted, moved or renamed; scan again';
  }
  if (ref.guid === undefined || entry.guid?.toLowerCase() === ref.guid.toLowerCase()) return entry;
  return `another entry has this DN now (objectGUID ${entry.guid ?? 'absent'}); scan again`;
}

/** The edit with its entry named as it is named now. */
export function onEntry(approved: ApprovedEdit, { dn, guid }: Entry): ApprovedEdit {
  const entry = { dn, guid, kind: approved.edit.entry.kind };
  return { ...approved, edit: { ...approved.edit, entry } };
}

/** What must hold beside the old values when a request is sent, and what tells whether it was carried out. */
export function guardOf({ edits, fills = new Set() }: Omit<PlannedRequest, 'ref'>): Guard {
  const emptied = new Set(
    edits.filter(({ empties }) => empties).map(({ edit }) => attributeKey(edit)),
  );
  return { filled: fills, emptied };
}

/** Equal for edits of the same attribute of an entry. */
export function attributeKey({ attribute }: Pick<Edit, 'attribute'>): string {
  return attribute.toLowerCase();
}

/** The words of an error without the full stop, for a sentence of its own. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
