import { hash } from 'node:crypto';
import type { SheetRow } from '../../model/change.js';
import { encodeCell, word } from './cells.js';

/** What of a row a scan vouches for. */
type Sealed = Pick<SheetRow, 'id' | 'safety' | 'rules' | 'proposedAction' | 'update'>;

/** How much of a row stands as the scan wrote it. */
export interface SealedParts {
  /** SAFETY, RULES and PROPOSEDACTION, with the ID that they belong to. */
  readonly finding: boolean;
  /** UPDATE, with the ID that it belongs to. */
  readonly update: boolean;
}

/**
 * The cell SEAL: a digest of what a scan found and one of what it proposed. Both hold the ID, so that a column that was
 * sorted or shifted by itself shows. It is no signature: who knows how it is made can make one.
 */
export function sealOf(row: Sealed): string {
  return ['v1', findingDigest(row), updateDigest(row)].join('-');
}

/** What of a row its SEAL still proves; nothing where it has none. */
export function sealedParts(row: Sealed & Pick<SheetRow, 'seal'>): SealedParts {
  const [version, finding, update] = row.seal.trim().toLowerCase().split('-');
  if (version !== 'v1') return { finding: false, update: false };
  return { finding: finding === findingDigest(row), update: update === updateDigest(row) };
}

function findingDigest({ id, safety, rules, proposedAction }: Sealed): string {
  return digest([id, safety.trim().toLowerCase(), rules.trim(), word(proposedAction)]);
}

function updateDigest({ id, update }: Sealed): string {
  return digest([id, encodeCell(update)]);
}

function digest(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 10);
}
