import { ExpectedError } from '../errors.js';
import type { ApprovedEdit, SheetRow } from '../model/change.js';
import { entryKey } from '../remediation/run/requests.js';
import { RULES } from '../validators/index.js';
import { countByPart } from './elsewhere.js';
import { checkCount, type Elsewhere } from './limits.js';
import { isSafeProposal, proofOf } from './proof.js';
import { rulesOf, type SheetDecisions } from './sheet-decisions.js';

/** Which of the approved rows are meant this time. */
export interface SelectionFlags {
  readonly only?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

/** The decisions on entries of this server that are meant this time. */
export interface Selection extends Pick<SheetDecisions, 'approved' | 'refused'> {
  /** How many approved rows are not meant. */
  readonly later: number;
  /** How many approved rows ask for something else than the scan proposed. */
  readonly edited: number;
  /** How many rows were refused because nothing proves that a scan wrote them. */
  readonly foreign: number;
  /** The decisions that are meant, on entries of other servers. */
  readonly elsewhere: Elsewhere;
}

/**
 * Narrows the decisions of a sheet to entries that are not elsewhere, by safety and rule, then to the first of them.
 * Throws as `checkSelection` does.
 *
 * @param parts where the entries of other servers lie, by their DNs.
 */
export function select(
  decisions: SheetDecisions,
  flags: SelectionFlags,
  parts: ReadonlyMap<string, string> = new Map(),
): Selection {
  const { rows } = decisions;
  checkSelection(decisions, flags);
  const partOf = ({ row }: Numbered) => parts.get(rows.get(row)?.dn ?? '');
  const isHere = (one: Numbered) => partOf(one) === undefined;
  const meant = ({ row }: Numbered) => isMeant(rows.get(row), flags);
  const here = decisions.approved.filter(isHere);
  const approved = firstEntries(here.filter(meant), flags.limit);
  const refused = decisions.refused.filter(meant).filter(isHere);
  const away = countByPart([...decisions.approved, ...decisions.refused].filter(meant).map(partOf));
  return {
    approved,
    refused,
    later: here.length - approved.length,
    edited: decisions.edited.filter(isHere).length,
    foreign: decisions.foreign.filter(isHere).length,
    elsewhere: { rows: away, isAll: away.size > 0 && approved.length + refused.length === 0 },
  };
}

interface Numbered {
  readonly row: number;
}

/** Throws ExpectedError on a limit that is none and on an unknown rule. */
export function checkSelection({ rules }: SheetDecisions, { limit, rule }: SelectionFlags): void {
  if (limit !== undefined) checkCount('limit', limit);
  checkRules(rule ?? [], rules);
}

function checkRules(asked: readonly string[], inSheet: SheetDecisions['rules']): void {
  const told = [...inSheet].flatMap((rules) => rulesOf({ rules }));
  const known = new Set([...RULES.map(({ meta }) => meta.id), ...told]);
  const wrong = asked.find((rule) => !known.has(rule));
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
