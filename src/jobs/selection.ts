import { ExpectedError } from '../errors.js';
import type { ApprovedEdit, SheetRow } from '../model/change.js';
import { entryKey } from '../remediation/run/requests.js';
import { RULES } from '../validators/index.js';
import { checkCount } from './limits.js';
import { isSafeProposal, proofOf } from './proof.js';
import type { SheetDecisions } from './sheet-decisions.js';

/** Which of the approved rows are meant this time. */
export interface SelectionFlags {
  readonly only?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

/** The decisions that are meant this time; `later` counts the approved rows that are not. */
export type Selection = Pick<SheetDecisions, 'approved' | 'refused' | 'left' | 'edited'> & {
  readonly later: number;
};

/** Narrows the decisions of a sheet by safety and rule, then to its first entries. Throws on an unknown rule. */
export function select(decisions: SheetDecisions, flags: SelectionFlags): Selection {
  const { rows, left, edited } = decisions;
  if (flags.limit !== undefined) checkCount('limit', flags.limit);
  checkRules(flags.rule ?? [], rows);
  const meant = ({ row }: { readonly row: number }) => isMeant(rows.get(row), flags);
  const approved = firstEntries(decisions.approved.filter(meant), flags.limit);
  const later = decisions.approved.length - approved.length;
  return { approved, refused: decisions.refused.filter(meant), left, edited, later };
}

function checkRules(rules: readonly string[], rows: SheetDecisions['rows']): void {
  const known = new Set([
    ...RULES.map(({ meta }) => meta.id),
    ...[...rows.values()].flatMap(rulesOf),
  ]);
  const wrong = rules.find((rule) => !known.has(rule));
  if (wrong !== undefined)
    throw new ExpectedError(`There is no rule ${wrong}.`, 'presync rules lists them all.');
}

/** A row that could not be read may be meant as well: it is reported. */
function isMeant(row: SheetRow | undefined, { only, rule }: SelectionFlags): boolean {
  if (!row) return true;
  // An ACTION that cannot be read may be meant for the one that was proposed.
  const action = row.action === 'REMOVE' || row.action === 'EDIT' ? row.action : row.proposedAction;
  if (only !== undefined && !isSafeProposal({ ...row, action })) return false;
  if (rule === undefined) return true;
  const proof = proofOf(row);
  const isProven = proof === 'finding' || proof === 'proposal';
  return isProven && rulesOf(row).some((id) => rule.includes(id));
}

function rulesOf({ rules }: SheetRow): readonly string[] {
  return rules.split(/[\s,;]+/).filter((id) => id !== '');
}

/** The edits of the first entries in the order of the sheet. */
function firstEntries(
  approved: readonly ApprovedEdit[],
  limit = Number.POSITIVE_INFINITY,
): readonly ApprovedEdit[] {
  const entries = new Set<string>();
  return approved
    .toSorted((a, b) => a.row - b.row)
    .filter(({ edit }) => {
      const key = entryKey(edit.entry);
      if (entries.size < limit) entries.add(key);
      return entries.has(key);
    });
}
