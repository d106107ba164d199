import { isProposal, isSafeProposal } from '../jobs/proof.js';
import { type Mark, type MarkedRow, statusOf } from '../judging/marked-row.js';
import { commonName, parentDn } from '../ldap/format/dn.js';
import type { SheetRow } from '../model/change.js';
import { jsonValue } from '../text/json-lines.js';
import type { Row, RowState } from './api.js';

/** What the page shows of a mark. */
export function stateOf(row: number, mark: Mark): RowState {
  const { action, update, result } = mark;
  return { row, status: statusOf(mark), action, update: jsonValue(update), result };
}

export function rulesOf({ sheetRow }: MarkedRow): readonly string[] {
  return sheetRow.rules.split(/[\s,;]+/).filter((id) => id !== '');
}

/** *Safe* only where the scan said so of just this proposal. */
function safetyOf(sheetRow: SheetRow): string {
  const action = sheetRow.proposedAction.trim().toUpperCase();
  const isClaimed = sheetRow.safety.trim().toLowerCase() === 'safe';
  return isClaimed && !isSafeProposal({ ...sheetRow, action }) ? 'review' : sheetRow.safety;
}

/** That nothing is to be decided is believed where the scan said so of just this row. */
function proposedOf(sheetRow: SheetRow): string {
  const action = sheetRow.proposedAction.trim().toUpperCase();
  return action === 'COMPLETE' && !isProposal({ ...sheetRow, action }) ? '' : action;
}

/** A row as the page gets it. */
export function rowView(one: MarkedRow, group: string): Row {
  const { row, sheetRow, mark } = one;
  const { dn, attribute, errors, message, related, objectClass } = sheetRow;
  return {
    ...stateOf(row, mark),
    ...{ dn, attribute, errors, message, related },
    name: sheetRow.commonName || commonName(dn) || dn,
    ou: parentDn(dn),
    kind: objectClass,
    value: jsonValue(sheetRow.value),
    proposed: proposedOf(sheetRow),
    severity: sheetRow.severity,
    safety: safetyOf(sheetRow),
    rules: rulesOf(one),
    group,
  };
}
