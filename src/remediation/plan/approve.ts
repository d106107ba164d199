import { normaliseDn } from '../../ldap/format/dn.js';
import { classOf, kindOfClass } from '../../ldap/format/object-class.js';
import type { ApprovedEdit, Edit, RefusedRow, SheetRow } from '../../model/change.js';
import type { Value } from '../../model/entry.js';

/** What a marked sheet asks for; `left` counts the rows that ask for nothing (no ACTION, COMPLETE, or FAIL). */
export interface Approval {
  readonly approved: readonly ApprovedEdit[];
  readonly refused: readonly RefusedRow[];
  readonly left: number;
}

/** A row of a sheet and the number that a spreadsheet shows beside it. */
export interface NumberedRow {
  readonly row: number;
  readonly sheetRow: SheetRow;
}

/** A change that a row asks for, and the keys by which it may clash with another row's. */
interface Candidate {
  readonly approved: ApprovedEdit;
  /** Equal for the rows that decide on the same value of the same entry. */
  readonly subject: string;
  /** Equal for the rows that decide the same on it. */
  readonly decision: string;
  /** Equal for the rows that would give an attribute of an entry the same value; undefined where none is given. */
  readonly result: string | undefined;
}

/**
 * Reads a person's decisions: EDIT and REMOVE become edits, everything else is left or refused with a reason.
 * Rows that repeat or contradict each other are refused, so that what is approved can be carried out in any order.
 */
export function approve(rows: readonly NumberedRow[]): Approval {
  const nameEntry = entryNames(rows);
  const candidates: Candidate[] = [];
  const refused: RefusedRow[] = [];
  let left = 0;
  for (const { row, sheetRow } of rows) {
    const change = decide(sheetRow);
    if (change === undefined) left++;
    else if (typeof change === 'string') refused.push({ row, reason: change });
    else candidates.push(candidate(row, sheetRow, change, nameEntry(sheetRow)));
  }
  const single = withoutClashes(candidates, refused);
  const approved = withoutSameResult(single, refused).map((kept) => kept.approved);
  refused.sort((a, b) => a.row - b.row);
  return { approved, refused, left };
}

const HALF = 'UPDATE has half a character in it, which no directory can hold: write it whole';

/** Whether an ACTION asks for nothing. */
export function asksNothing(action: string): boolean {
  return UNDECIDED.has(action);
}

/** FAIL: a row that an earlier run could not carry out; to try it again is a new decision. */
const UNDECIDED: ReadonlySet<string> = new Set(['', 'COMPLETE', 'FAIL']);

/** The change that a row asks for, undefined when it asks for none, or the reason why it is refused. */
function decide(row: SheetRow): Pick<Edit, 'before' | 'after'> | string | undefined {
  const before = row.value === undefined ? [] : [row.value];
  if (asksNothing(row.action)) return undefined;
  switch (row.action) {
    case 'REMOVE':
      return row.value === undefined
        ? 'VALUE is empty: there is nothing to remove'
        : { before, after: [] };
    case 'EDIT':
      if (row.update === undefined) return 'UPDATE is empty: use REMOVE to delete the value';
      if (typeof row.update === 'string' && /\p{Cs}/u.test(row.update)) return HALF;
      if (row.value !== undefined && valueKey(row.value) === valueKey(row.update)) {
        return 'UPDATE is the same as VALUE';
      }
      return { before, after: [row.update] };
    default:
      return `ACTION ${JSON.stringify(row.action.slice(0, 40))} is none of EDIT, REMOVE, COMPLETE`;
  }
}

function candidate(
  row: number,
  sheetRow: SheetRow,
  change: Pick<Edit, 'before' | 'after'>,
  entryName: string,
): Candidate {
  const { dn, guid, attribute } = sheetRow;
  const target = [entryName, attribute.toLowerCase()];
  const entry = { dn, guid, kind: kindOfClass(classOf(sheetRow.objectClass.trim())) };
  const written = change.after[0];
  return {
    approved: { row, id: sheetRow.id || `row-${row}`, edit: { entry, attribute, ...change } },
    subject: JSON.stringify([...target, ...change.before.map(valueKey)]),
    decision: JSON.stringify(change.after.map(valueKey)),
    result: written === undefined ? undefined : JSON.stringify([...target, foldedKey(written)]),
  };
}

/** Keeps one of the rows that decide the same on one value, and none of those that contradict each other. */
function withoutClashes(candidates: readonly Candidate[], refused: RefusedRow[]): Candidate[] {
  const groups = new Map<string, [first: Candidate, ...rest: Candidate[]]>();
  for (const one of candidates) {
    const group = groups.get(one.subject);
    if (group) group.push(one);
    else groups.set(one.subject, [one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...rest] = group;
    const other = rest.find(({ decision }) => decision !== first.decision);
    if (!other) {
      for (const one of rest) refused.push(refuse(one, `repeats row ${first.approved.row}`));
      return [first];
    }
    for (const one of group) {
      const against = one.decision === first.decision ? other : first;
      const reason = `contradicts row ${against.approved.row}, which decides otherwise on this value`;
      refused.push(refuse(one, reason));
    }
    return [];
  });
}

function refuse({ approved: { row } }: Candidate, reason: string): RefusedRow {
  return { row, reason };
}

/** Keeps the first of the rows that would give one attribute of an entry the same value twice. */
function withoutSameResult(candidates: readonly Candidate[], refused: RefusedRow[]): Candidate[] {
  const writers = new Map<string, number>();
  return candidates.filter((one) => {
    if (one.result === undefined) return true;
    const first = writers.get(one.result);
    if (first === undefined) writers.set(one.result, one.approved.row);
    else refused.push(refuse(one, `UPDATE is what row ${first} writes to the same attribute`));
    return first === undefined;
  });
}

/** Names an entry alike in all rows that mean it, also where one row has its GUID and another only its DN. */
function entryNames(rows: readonly NumberedRow[]): (row: SheetRow) => string {
  const guids = new Map<string, string>();
  for (const { sheetRow } of rows) {
    if (sheetRow.guid && sheetRow.dn) guids.set(normaliseDn(sheetRow.dn), sheetRow.guid);
  }
  return ({ dn, guid }) => guid ?? guids.get(normaliseDn(dn)) ?? normaliseDn(dn);
}

/** Equal for values that are the same to the byte. */
function valueKey(value: Value): string {
  return (typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value)).toString(
    'base64',
  );
}

/** Equal for texts that differ in case only, which a directory takes for the same value of a mail attribute. */
function foldedKey(value: Value): string {
  return typeof value === 'string' ? value.toLowerCase() : valueKey(value);
}
