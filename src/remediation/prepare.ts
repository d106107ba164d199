import pLimit from 'p-limit';
import { includesValue, matchesValue, resembles, sameValue } from '../ldap/attributes.js';
import { normaliseDn, parseDn } from '../ldap/dn.js';
import { mayWrite, RIGHTS } from '../ldap/rights.js';
import type {
  ApprovedEdit,
  Edit,
  Entry,
  EntryRef,
  EntryWriter,
  Guard,
  Outcome,
  RefusedRow,
  Value,
} from '../model.js';
import { printable } from '../printable.js';

/** Approved edits of one entry that go out together, named as the entry is named now. */
export interface PlannedRequest {
  readonly ref: EntryRef;
  readonly edits: readonly ApprovedEdit[];
  /** Attributes, by name in lower case, that were seen empty and must still be when the request is sent. */
  readonly fills?: ReadonlySet<string>;
  /** Of a request that is known to be carried out: it is put on record and not sent. */
  readonly known?: Outcome;
}

/** An approved edit beside the values that its attribute holds. */
export interface Candidate {
  readonly approved: ApprovedEdit;
  readonly held: readonly Value[];
  /** Whether the account may write the attribute. */
  readonly allowed?: boolean;
}

/**
 * Compares approved edits with the directory as it is now and joins those of one entry into one
 * request. Writes nothing; throws when the directory cannot be read.
 */
export async function prepare(
  approved: readonly ApprovedEdit[],
  writer: EntryWriter,
  concurrency: number,
): Promise<{ readonly requests: PlannedRequest[]; readonly refused: RefusedRow[] }> {
  const groups = groupBy(approved, ({ edit }) => entryKey(edit.entry));
  const read = await pLimit(concurrency).map(groups.values(), (edits) => compare(edits, writer));
  const refused = read.flatMap((one) => one.refused);
  const requests: PlannedRequest[] = [];
  const candidates = read.flatMap((one) => one.candidates);
  // An entry may be named by its objectGUID in one row and by its DN alone in another.
  for (const own of groupBy(candidates, ({ approved: { edit } }) =>
    entryKey(edit.entry),
  ).values()) {
    const checked = checkEdits(own, 'fill');
    refused.push(...checked.refused);
    requests.push(...checked.requests);
  }
  return { requests, refused: refused.sort((a, b) => a.row - b.row) };
}

/** Puts edits of one entry beside what it holds; the entry, with a long list of rights, is not kept. */
async function compare(
  edits: readonly ApprovedEdit[],
  writer: EntryWriter,
): Promise<{ readonly candidates: Candidate[]; readonly refused: RefusedRow[] }> {
  const entry = await readEntry(
    edits.map(({ edit }) => edit),
    writer,
    RIGHTS,
  );
  if (typeof entry === 'string') {
    return { candidates: [], refused: edits.map(({ row }) => ({ row, reason: entry })) };
  }
  const isTold = ({ edit }: ApprovedEdit) =>
    edit.after.length === 0 || !isGarbled(edit.entry.dn, entry.dn);
  const refused = edits
    .filter((one) => !isTold(one))
    .map(({ row }) => ({ row, reason: garbledText(entry) }));
  const candidates = edits.filter(isTold).map((one) => ({
    approved: onEntry(one, entry),
    held: entry.values(one.edit.attribute),
    allowed: mayWrite(entry, one.edit.attribute),
  }));
  return { candidates, refused };
}

/**
 * Whether a DN in a sheet has other characters just where the directory has none of ASCII: it was saved in an encoding
 * that lacks them, and what it says elsewhere in the row cannot be trusted either.
 */
function isGarbled(written: string, actual: string): boolean {
  if (written === actual || written.length !== actual.length) return false;
  return actual.split('').every((unit, at) => unit === written[at] || unit > '\x7f');
}

function garbledText({ dn }: Entry): string {
  return `the sheet has other letters in its DN than the directory, ${printable(dn)}: save it as CSV UTF-8, or scan again if the entry was renamed`;
}

/** The key that brings edits of one entry together: its objectGUID, else its DN. */
export function entryKey({ guid, dn }: Pick<EntryRef, 'guid' | 'dn'>): string {
  return guid === undefined ? `dn ${normaliseDn(dn)}` : `guid ${guid.toLowerCase()}`;
}

/** Groups by key, keys and members in the order of their appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Reads the attributes that edits of one entry touch, and `further` ones; a text says why it is not that entry. */
export async function readEntry(
  edits: readonly Edit[],
  writer: EntryWriter,
  further: readonly string[] = [],
): Promise<Entry | string> {
  const ref = edits[0]?.entry;
  if (!ref || (ref.guid === undefined && !parseDn(ref.dn))) return 'DN is no distinguished name';
  const names = new Map(edits.map((edit) => [attributeKey(edit), edit.attribute]));
  const entry = await writer.read(ref, [...names.values(), ...further]);
  if (!entry) {
    const gone = 'the entry is not there any more: it was deleted, moved or renamed; scan again';
    return writer.elsewhere?.(ref.dn) ?? gone;
  }
  if (ref.guid === undefined || entry.guid?.toLowerCase() === ref.guid.toLowerCase()) return entry;
  return `another entry has this DN now (objectGUID ${entry.guid ?? 'absent'}); scan again`;
}

/** The edit with its entry named as it is named now. */
export function onEntry(approved: ApprovedEdit, { dn, guid }: Entry): ApprovedEdit {
  const entry = { dn, guid, kind: approved.edit.entry.kind };
  return { ...approved, edit: { ...approved.edit, entry } };
}

/**
 * Checks edits of one entry against the values held and against each other; those that fit make
 * one request. `fill`: an edit without old value fills an empty attribute; `add`: it adds to it.
 */
export function checkEdits(
  candidates: readonly Candidate[],
  mode: 'fill' | 'add',
): { readonly requests: PlannedRequest[]; readonly refused: RefusedRow[] } {
  const edits: ApprovedEdit[] = [];
  const refused: RefusedRow[] = [];
  for (const { approved, held, allowed = true } of candidates) {
    const { edit } = approved;
    const right = allowed
      ? undefined
      : `the account may not write ${edit.attribute} here (insufficient access rights): give it the right, or use another account`;
    const reason = right ?? misfit(edit, held, mode) ?? clash(edit, edits, mode);
    if (reason === undefined) edits.push(asStored(approved, held));
    else refused.push({ row: approved.row, reason });
  }
  const ref = edits[0]?.edit.entry;
  if (!ref) return { requests: [], refused };
  const emptied = emptiedBy(edits, candidates);
  const marked = edits.map((one) =>
    emptied.has(attributeKey(one.edit)) ? { ...one, empties: true } : one,
  );
  const empty = candidates.filter(({ held }) => held.length === 0);
  const fills = new Set(empty.map(({ approved }) => attributeKey(approved.edit)));
  return { requests: [{ ref, edits: marked, fills }], refused };
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

/** The attributes of which nothing is left once all edits of the request are made. */
function emptiedBy(
  edits: readonly ApprovedEdit[],
  candidates: readonly Candidate[],
): ReadonlySet<string> {
  const heldBy = new Map(
    candidates.map(({ approved, held }) => [attributeKey(approved.edit), held]),
  );
  const emptied = new Set<string>();
  for (const [key, own] of groupBy(edits, ({ edit }) => attributeKey(edit))) {
    if (own.some(({ edit }) => edit.after.length > 0)) continue;
    const gone = own.flatMap(({ edit }) => edit.before);
    if (heldBy.get(key)?.every((value) => includesValue(gone, value))) emptied.add(key);
  }
  return emptied;
}

/** The edit with its old values as the directory gave them: a sheet may hold text for bytes. */
function asStored(approved: ApprovedEdit, held: readonly Value[]): ApprovedEdit {
  const stored = (value: Value) => held.find((other) => sameValue(other, value)) ?? value;
  return { ...approved, edit: { ...approved.edit, before: approved.edit.before.map(stored) } };
}

function misfit(edit: Edit, held: readonly Value[], mode: 'fill' | 'add'): string | undefined {
  const { attribute, before, after } = edit;
  if (mode === 'fill' && before.length === 0 && held.length > 0) {
    return `VALUE is empty but ${attribute} holds ${show(held)} now; scan again`;
  }
  const lost = before.find((value) => !includesValue(held, value));
  if (lost !== undefined && after.length > 0 && after.every((value) => includesValue(held, value)))
    return `there is nothing to do: ${attribute} holds UPDATE already, and not VALUE`;
  if (lost !== undefined) return `VALUE is not what ${attribute} holds now: ${show(held, lost)}`;
  if (before.length === after.length && after.every((value) => includesValue(before, value))) {
    return 'nothing would change';
  }
  const taken = after.find((value) =>
    held.some((other) => matchesValue(other, value) && !includesValue(before, other)),
  );
  return taken === undefined ? undefined : `${attribute} holds ${show([taken])} already`;
}

/** Why an edit cannot go out together with others of the same entry that were accepted before. */
function clash(
  edit: Edit,
  accepted: readonly ApprovedEdit[],
  mode: 'fill' | 'add',
): string | undefined {
  for (const { row, edit: other } of accepted) {
    if (attributeKey(other) !== attributeKey(edit)) continue;
    const bothFill = mode === 'fill' && edit.before.length === 0;
    if (bothFill || edit.before.some((value) => includesValue(other.before, value))) {
      return `row ${row} changes the same value`;
    }
    if (edit.after.some((value) => other.after.some((taken) => matchesValue(taken, value)))) {
      return `row ${row} writes the same value`;
    }
  }
  return undefined;
}

/** Values for a message: at most three unless told otherwise, shortened; those that resemble `like` if there are any. */
export function show(values: readonly Value[], like?: Value, most = 3): string {
  const alike = values.filter((value) => like !== undefined && resembles(value, like));
  const list = alike.length > 0 ? alike : values;
  if (list.length === 0) return 'no value';
  const shown = list.slice(0, most).map(showValue).join(', ');
  return list.length > most ? `${shown} and ${list.length - most} more` : shown;
}

function showValue(value: Value): string {
  if (typeof value !== 'string') return `${value.length} bytes`;
  return value.length > 80 ? `"${printable(value.slice(0, 79))}…"` : `"${printable(value)}"`;
}
