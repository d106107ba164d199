import { proposalDigest, sealedParts, sealedProposal } from '../export/sheet/seal.js';
import { identityOf } from '../ldap/format/dn.js';
import { groupBy } from '../tables/group.js';
import type { Taken } from './answer.js';
import type { MarkedRow } from './marked-row.js';

/** Whose proposals values are, as the seals of a sheet prove: what a column that was moved brought into a row shows. */
export interface Proposals {
  /**
   * The row that the scan proposed a value for. Undefined where it is nobody's proposal, where it is that of the row
   * itself, and where another row of the entry has it still: two attributes of one person may well become the same.
   */
  ownerOf(update: string, self: MarkedRow): Taken | undefined;
}

type Rows = readonly MarkedRow[];

/**
 * Reads the seals once, when they are first asked for; a row that is marked anew counts as it is marked then.
 * @param doubted rows that are refused for what their cells hold: what was proposed for them is theirs all the same.
 */
export function createProposals(rows: ReadonlyMap<number, MarkedRow>, doubted: Rows): Proposals {
  let byProposal: ReadonlyMap<string, Rows> | undefined;
  const byEntry = new Map<string, ReadonlyMap<string, Rows>>();
  const ownersOf = (digest: string): Rows => {
    byProposal ??= groupBy(
      [...rows.values(), ...doubted],
      ({ sheetRow }) => sealedProposal(sheetRow) ?? '',
    );
    return byProposal.get(digest) ?? [];
  };
  // Many rows may have one proposal, such as a country: each of them is not to look through all others.
  const ownRows = (digest: string, owners: Rows, { sheetRow }: MarkedRow): Rows => {
    const groups = byEntry.get(digest) ?? groupBy(owners, (one) => identityOf(one.sheetRow));
    byEntry.set(digest, groups);
    return groups.get(identityOf(sheetRow)) ?? [];
  };
  return {
    ownerOf(update, self) {
      const digest = proposalDigest(update);
      const owners = ownersOf(digest);
      const has = ({ row, sheetRow, mark }: MarkedRow) => {
        const now = row === self.row ? update : (rows.get(row)?.mark ?? mark).update;
        return sealedParts({ ...sheetRow, update: now }).update;
      };
      if (ownRows(digest, owners, self).some(has)) return undefined;
      const owner = owners.find(({ row }) => row !== self.row) ?? owners[0];
      return owner && viewOf(owner, update);
    },
  };
}

function viewOf({ row, sheetRow: { dn, attribute } }: MarkedRow, value: string): Taken {
  return { dn, attribute, value, by: 'proposal', givesUp: false, row };
}
