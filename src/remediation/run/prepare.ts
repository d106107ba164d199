import pLimit from 'p-limit';
import { mayWrite, RIGHTS } from '../../ldap/directory/rights.js';
import { identityOf, namesEntry, normaliseDn, parseDn } from '../../ldap/format/dn.js';
import {
  IDENTITY_ATTRIBUTES,
  includesValue,
  matchesValue,
  sameValue,
} from '../../ldap/format/values.js';
import { misreadable } from '../../ldap/format/whole-attribute.js';
import type { ApprovedEdit, Edit, EntryWriter, RefusedRow } from '../../model/change.js';
import type { Entry, Value } from '../../model/entry.js';
import { groupBy } from '../../tables/group.js';
import { printable } from '../../text/printable.js';
import {
  attributeKey,
  entryKey,
  onEntry,
  type PlannedRequest,
  readEditedEntry,
} from './requests.js';
import { showValues } from './show-values.js';

/** An approved edit beside the values that its attribute holds. */
export interface Candidate {
  readonly approved: ApprovedEdit;
  readonly held: readonly Value[];
  /** Whether the account may write the attribute. */
  readonly allowed?: boolean;
}

/** What can be sent, and what cannot. */
export interface Prepared {
  readonly requests: PlannedRequest[];
  readonly refused: RefusedRow[];
  /** How many entries are called otherwise than their rows say: they were renamed or moved. */
  readonly renamed: number;
}

/**
 * Compares approved edits with the directory as it is now and joins those of one entry into one
 * request. Writes nothing; throws when the directory cannot be read.
 */
export async function prepare(
  approved: readonly ApprovedEdit[],
  writer: EntryWriter,
  concurrency: number,
): Promise<Prepared> {
  const groups = groupBy(approved, ({ edit }) => entryKey(edit.entry));
  const read = await pLimit(concurrency).map(groups.values(), (edits) =>
    readCandidates(edits, writer),
  );
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
  const renamed = read.filter((one) => one.isRenamed).length;
  return { requests, refused: refused.sort((a, b) => a.row - b.row), renamed };
}

/** The edits of one entry beside what it holds. */
interface OwnCandidates {
  readonly candidates: Candidate[];
  readonly refused: RefusedRow[];
  readonly isRenamed: boolean;
}

/** Puts edits of one entry beside what it holds; the entry, with a long list of rights, is not kept. */
async function readCandidates(
  edits: readonly ApprovedEdit[],
  writer: EntryWriter,
): Promise<OwnCandidates> {
  const entry = await readEditedEntry(
    edits.map(({ edit }) => edit),
    writer,
    RIGHTS,
  );
  if (typeof entry === 'string') {
    const refused = edits.map(({ row }) => ({ row, reason: entry }));
    return { candidates: [], refused, isRenamed: false };
  }
  const taken = await nameHolders(edits, entry, writer);
  const candidates: Candidate[] = [];
  const refused: RefusedRow[] = [];
  let isRenamed = false;
  for (const one of edits) {
    const { row, edit } = one;
    const reason = misnamed(edit, entry, taken);
    if (reason !== undefined) {
      refused.push({ row, reason });
      continue;
    }
    isRenamed ||= edit.entry.dn !== '' && normaliseDn(edit.entry.dn) !== normaliseDn(entry.dn);
    const held = entry.values(edit.attribute);
    const allowed = mayWrite(entry, edit.attribute);
    candidates.push({ approved: onEntry(one, entry), held, allowed });
  }
  return { candidates, refused, isRenamed };
}

/** The DNs in rows of an entry that are another entry's today, and not this one's. */
async function nameHolders(
  edits: readonly ApprovedEdit[],
  entry: Entry,
  writer: EntryWriter,
): Promise<ReadonlySet<string>> {
  const own = normaliseDn(entry.dn);
  const names = new Set(edits.map(({ edit }) => edit.entry.dn).filter((dn) => dn !== ''));
  const taken = new Set<string>();
  for (const dn of names) {
    if (normaliseDn(dn) === own || !parseDn(dn)) continue;
    const other = await writer.read({ dn, guid: undefined, kind: 'other' }, IDENTITY_ATTRIBUTES);
    if (other && identityOf(other) !== identityOf(entry)) taken.add(dn);
  }
  return taken;
}

/** Why a row does not mean the entry that its OBJECTGUID names; undefined where it may. */
function misnamed(edit: Edit, entry: Entry, taken: ReadonlySet<string>): string | undefined {
  const { dn } = edit.entry;
  if (taken.has(dn))
    return `DISTINGUISHEDNAME names another entry than OBJECTGUID, which is that of ${printable(entry.dn)}: a column was sorted or shifted by itself`;
  return edit.after.length > 0 && isGarbled(dn, entry.dn) ? garbledText(entry) : undefined;
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
  const marked = withWhole(edits, candidates).map((one) =>
    emptied.has(attributeKey(one.edit)) ? { ...one, empties: true } : one,
  );
  const empty = candidates.filter(({ held }) => held.length === 0);
  const fills = new Set(empty.map(({ approved }) => attributeKey(approved.edit)));
  return { requests: [{ ref, edits: marked, fills }], refused };
}

/** The edits with all that their attribute holds, where a server could take one of its values for another. */
function withWhole(
  edits: readonly ApprovedEdit[],
  candidates: readonly Candidate[],
): readonly ApprovedEdit[] {
  const heldBy = heldByAttribute(candidates);
  const wholes = new Map(
    [...groupBy(edits, ({ edit }) => attributeKey(edit))].map(([key, own]) => {
      const changes = own.map(({ edit }) => edit);
      return [key, misreadable(heldBy.get(key) ?? [], changes)] as const;
    }),
  );
  return edits.map((one) => {
    const { whole: _, ...edit } = one.edit;
    const whole = wholes.get(attributeKey(edit));
    return { ...one, edit: whole ? { ...edit, whole } : edit };
  });
}

function heldByAttribute(candidates: readonly Candidate[]) {
  return new Map(candidates.map(({ approved, held }) => [attributeKey(approved.edit), held]));
}

/** The attributes of which nothing is left once all edits of the request are made. */
function emptiedBy(
  edits: readonly ApprovedEdit[],
  candidates: readonly Candidate[],
): ReadonlySet<string> {
  const heldBy = heldByAttribute(candidates);
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

/** Why a value that names its entry is not changed. */
export const NAMING =
  'the value names the entry (it stands in its DN): rename the entry, and scan again';

/** What is to be put back was held beside what a server could take for it: it can be so again. */
function isTaken({ whole }: Edit, other: Value, value: Value): boolean {
  return whole ? sameValue(other, value) : matchesValue(other, value);
}

function misfit(edit: Edit, held: readonly Value[], mode: 'fill' | 'add'): string | undefined {
  const { attribute, before, after } = edit;
  if (mode === 'fill' && before.length === 0 && held.length > 0) {
    return `VALUE is empty but ${attribute} holds ${showValues(held)} now; scan again`;
  }
  const name = before.find((value) => namesEntry(edit.entry.dn, attribute, value));
  if (name !== undefined) return NAMING;
  const lost = before.find((value) => !includesValue(held, value));
  if (lost !== undefined && after.length > 0 && after.every((value) => includesValue(held, value)))
    return `there is nothing to do: ${attribute} holds UPDATE already, and not VALUE`;
  if (lost !== undefined)
    return `VALUE is not what ${attribute} holds now: ${showValues(held, lost)}`;
  if (before.length === after.length && after.every((value) => includesValue(before, value))) {
    return 'nothing would change';
  }
  const taken = after.find((value) =>
    held.some((other) => isTaken(edit, other, value) && !includesValue(before, other)),
  );
  return taken === undefined ? undefined : `${attribute} holds ${showValues([taken])} already`;
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
    if (edit.after.some((value) => other.after.some((taken) => isTaken(edit, taken, value)))) {
      return `row ${row} writes the same value`;
    }
  }
  return undefined;
}
