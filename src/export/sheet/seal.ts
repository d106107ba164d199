import { hash } from 'node:crypto';
import type { SheetRow } from '../../model/change.js';
import type { Value } from '../../model/entry.js';
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

const VERSION = 'v2';

/**
 * The cell SEAL: a digest of what a scan found and one of what it proposed. Both hold the ID, so that a column that was
 * sorted or shifted by itself shows. A third one, of the proposal alone, tells whose a value is that stands in a row by
 * mistake. It is no signature: who knows how it is made can make one.
 */
export function sealOf(row: Sealed): string {
  return [VERSION, findingDigest(row), updateDigest(row), proposalDigest(row.update)].join('-');
}

/** What of a row its SEAL still proves; nothing where it has none. */
export function sealedParts(row: Sealed & Pick<SheetRow, 'seal'>): SealedParts {
  const [finding, update] = digestsIn(row);
  return { finding: finding === findingDigest(row), update: update === updateDigest(row) };
}

/** The digest of what a scan proposed in a row, whatever stands there by now; undefined where its SEAL tells nothing. */
export function sealedProposal(row: Pick<SheetRow, 'seal'>): string | undefined {
  return digestsIn(row)[2];
}

/** What `sealedProposal` gives of a row for which a value was proposed. */
export function proposalDigest(update: Value | undefined): string {
  return digest([encodeCell(update)]);
}

function digestsIn({ seal }: Pick<SheetRow, 'seal'>): readonly string[] {
  const [version, ...digests] = seal.trim().toLowerCase().split('-');
  return version === VERSION ? digests : [];
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
