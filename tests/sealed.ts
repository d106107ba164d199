import { decodeCell } from '../src/export/sheet/cells.js';
import { sealOf } from '../src/export/sheet/seal.js';
import type { SheetRow } from '../src/model/change.js';
import { valueId } from '../src/remediation/plan/value-id.js';
import type { Cells } from './presync.js';

/** A row with the ID and the SEAL that a scan would have given it. */
export function sealed(row: SheetRow, end = ''): SheetRow {
  const { dn, guid, attribute, value } = row;
  const id = valueId({ dn, guid, kind: 'user' }, attribute, value) + end;
  return { ...row, id, seal: sealOf({ ...row, id }) };
}

/** The same of the cells of a row. */
export function sealedCells(cells: Cells, end = ''): Cells {
  const { DISTINGUISHEDNAME: dn = '', ATTRIBUTE = '', OBJECTGUID, SAFETY = '', RULES = '' } = cells;
  const value = (cell = '') => decodeCell(cell);
  const guid = OBJECTGUID || undefined;
  const id = valueId({ dn, guid, kind: 'user' }, ATTRIBUTE, value(cells['VALUE'])) + end;
  const proposedAction = cells['PROPOSEDACTION'] ?? '';
  const update = value(cells['UPDATE']);
  return {
    ...cells,
    ID: id,
    SEAL: sealOf({ id, safety: SAFETY, rules: RULES, proposedAction, update }),
  };
}
