import { jsonValue } from '../export/jsonl.js';
import { commonName, parentDn } from '../ldap/dn.js';
import type { Value } from '../model.js';
import type { CellValue, Row, RowState } from './api.js';
import { type Mark, type ReviewRow, statusOf } from './decide.js';

/** A value as the page gets it. */
export function cellValue(value: Value | undefined): CellValue {
  return jsonValue(value);
}

/** What the page shows of a mark. */
export function stateOf(row: number, mark: Mark): RowState {
  const { action, update, result } = mark;
  return { row, status: statusOf(mark), action, update: cellValue(update), result };
}

export function rulesOf({ sheetRow }: ReviewRow): readonly string[] {
  return sheetRow.rules.split(/[\s,;]+/).filter((id) => id !== '');
}

/** A row as the page gets it. */
export function rowView(one: ReviewRow, group: string): Row {
  const { row, sheetRow, mark } = one;
  const { dn, attribute, errors, message, related, objectClass } = sheetRow;
  return {
    ...stateOf(row, mark),
    ...{ dn, attribute, errors, message, related },
    name: sheetRow.commonName || commonName(dn) || dn,
    ou: parentDn(dn),
    kind: objectClass,
    value: cellValue(sheetRow.value),
    proposed: sheetRow.proposedAction,
    severity: sheetRow.severity,
    safety: sheetRow.safety,
    rules: rulesOf(one),
    group,
  };
}
