import { withoutMarks } from '../export/sheet/rows.js';
import { sealedParts } from '../export/sheet/seal.js';
import type { SheetRow } from '../model/change.js';
import { valueId } from '../remediation/plan/value-id.js';

/**
 * How much of a row is proven to be the scan's own:
 * - `none`: ID is missing or is not that of entry, attribute and VALUE; nobody knows where the row is from;
 * - `value`: ID fits;
 * - `finding`: SAFETY, RULES and PROPOSEDACTION are the scan's too;
 * - `proposal`: and UPDATE is what the scan proposed.
 */
export type Proof = 'none' | 'value' | 'finding' | 'proposal';

export function proofOf(row: SheetRow): Proof {
  const { dn, guid, attribute, value, id } = row;
  const own = valueId({ dn, guid, kind: 'other' }, attribute, value);
  if (withoutMarks(id) !== own) return 'none';
  const parts = sealedParts(row);
  if (!parts.finding) return 'value';
  return parts.update ? 'proposal' : 'finding';
}

/** Whether ACTION and UPDATE are what the scan proposed, to the letter. */
export function isProposal(row: SheetRow): boolean {
  return row.action === row.proposedAction.trim().toUpperCase() && proofOf(row) === 'proposal';
}

/** Whether a row asks for a proposal that the scan called safe: what else the cell says counts for nothing. */
export function isSafeProposal(row: SheetRow): boolean {
  return row.safety.trim().toLowerCase() === 'safe' && isProposal(row);
}
