import { type Doubts, doubtOf } from '../export/sheet/doubts.js';
import { isSafeProposal } from '../jobs/proof.js';
import { type Mark, type MarkedRow, statusOf } from '../judging/marked-row.js';
import type { Value } from '../model/entry.js';
import { approve } from '../remediation/plan/approve.js';
import type { Choice, Decision } from './api.js';

export interface Change {
  readonly row: number;
  readonly before: Mark;
  readonly after: Mark;
}

/** What a decision would change, and what to tell the person who made it. */
export interface Step {
  readonly changes: readonly Change[];
  readonly said: string;
}

/** A row on the table, and what speaks against its cells as they stand in the file. */
export interface TabledRow extends MarkedRow {
  readonly doubts?: Doubts;
}

/** The changes that a decision makes. Rows that it does not fit are left as they are and counted. */
export function decide(decision: Decision, rowOf: (row: number) => TabledRow | undefined): Step {
  const choices = new Map(
    decision.is === 'choose' ? decision.choices.map((choice) => [choice.row, choice]) : [],
  );
  const numbers = decision.is === 'choose' ? [...choices.keys()] : decision.rows;
  const rows = numbers.map(rowOf).filter((row) => row !== undefined);
  const free = rows.filter(({ mark }) => statusOf(mark) !== 'applied');
  const said: string[] = [];
  if (free.length < rows.length) said.push(`${rows.length - free.length} applied already`);
  const changes: Change[] = [];
  const misfits = new Map<string, number>();
  for (const one of free) {
    const after = markFor(decision, one, choices.get(one.row));
    if (typeof after === 'string') misfits.set(after, (misfits.get(after) ?? 0) + 1);
    else if (differs(one.mark, after)) changes.push({ row: one.row, before: one.mark, after });
  }
  for (const [why, count] of misfits) said.push(free.length > 1 ? `${count}: ${why}` : why);
  return { changes, said: [wordsFor(decision, changes), ...said].filter(Boolean).join('; ') };
}

/** How a decision marks a row, or why it cannot. */
function markFor(decision: Decision, one: MarkedRow, choice: Choice | undefined): Mark | string {
  const { sheetRow, mark } = one;
  switch (decision.is) {
    case 'reopen':
      return { ...mark, action: '', result: '' };
    case 'reject':
      return { ...mark, action: 'COMPLETE', result: '' };
    case 'accept': {
      if (decision.onlySafe && !isSafe(one)) return 'not a safe proposal';
      if (mark.update !== undefined) return checked(one, 'EDIT', mark.update);
      const removes = sheetRow.proposedAction.trim().toUpperCase() === 'REMOVE';
      return removes ? checked(one, 'REMOVE', undefined) : 'no proposal: edit it, or reject it';
    }
    case 'choose':
      return choice ? chosen(one, choice) : mark;
  }
}

/** Whether to accept the row as it is marked is to accept what the scan proposed and called safe. */
function isSafe({ sheetRow, mark: { update } }: MarkedRow): boolean {
  const action = update === undefined ? 'REMOVE' : 'EDIT';
  return isSafeProposal({ ...sheetRow, action, update });
}

function chosen(one: TabledRow, choice: Choice): Mark | string {
  if (choice.is === 'keep') return { ...one.mark, action: 'COMPLETE', result: '' };
  if (choice.is === 'write') return checked(one, 'EDIT', choice.update);
  // UPDATE stays: whoever thinks again finds the proposal where it was.
  return checked(one, 'REMOVE', one.mark.update);
}

/** The mark, if `apply` takes the row with it; else the words with which apply would refuse it. */
function checked(
  { row, sheetRow, doubts }: TabledRow,
  action: 'EDIT' | 'REMOVE',
  update: Value | undefined,
): Mark | string {
  // What a person types at the page is not what stands in the file.
  const isTyped = update !== sheetRow.update;
  const doubt = doubtOf(isTyped ? { value: doubts?.value } : doubts, action);
  if (doubt !== undefined) return doubt;
  const { refused } = approve([{ row, sheetRow: { ...sheetRow, action, update } }]);
  return refused[0]?.reason ?? { action, update, result: '' };
}

function differs(a: Mark, b: Mark): boolean {
  return a.action !== b.action || a.update !== b.update || a.result !== b.result;
}

const DONE: Readonly<Record<Decision['is'], string>> = {
  accept: 'accepted',
  reject: 'rejected',
  reopen: 'opened again',
  choose: 'decided',
};

function wordsFor({ is }: Decision, changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing changed';
  return `${changes.length} ${changes.length === 1 ? 'row' : 'rows'} ${DONE[is]}`;
}
