import { ExpectedError } from '../errors.js';
import type { ApprovedEdit, SheetRow } from '../model/change.js';
import { entryKey } from '../remediation/run/requests.js';
import { RULES } from '../validators/index.js';
import { checkCount } from './limits.js';
import type { SheetDecisions } from './sheet-decisions.js';

/** Which of the approved rows are meant this time. */
export interface SelectionFlags {
  readonly only?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

/** The decisions that are meant this time; `later` counts the approved rows that are not. */
export type Selection = Pick<SheetDecisions, 'approved' | 'refused' | 'left'> & {
  readonly later: number;
};

/** Narrows the decisions of a sheet by safety and rule, then to its first entries. Throws on an unknown rule. */
export function select(decisions: SheetDecisions, flags: SelectionFlags): Selection {
  const { rows, left } = decisions;
  if (flags.limit !== undefined) checkCount('limit', flags.limit);
  checkRules(flags.rule ?? [], rows);
  const meant = ({ row }: { readonly row: number }) => isMeant(rows.get(row), flags);
  const approved = firstEntries(decisions.approved.filter(meant), flags.limit);
  const later = decisions.approved.length - approved.length;
  return { approved, refused: decisions.refused.filter(meant), left, later };
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
  if (only !== undefined && row.safety.trim().toLowerCase() !== 'safe') return false;
  return rule === undefined || rulesOf(row).some((id) => rule.includes(id));
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
