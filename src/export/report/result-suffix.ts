import { commonSuffix, type Fault, isMoving } from '../../mail/common-suffix.js';
import type { Finding } from '../../model/finding.js';
import type { CommonSuffix, ScanResult } from '../../model/scan.js';

/**
 * The domain that most findings of a scan are about, and that cannot be kept.
 * @param idOf gives the id under which a proposal for the value of a finding would stand.
 */
export function resultSuffix(
  { findings, proposals }: ScanResult,
  idOf: (finding: Finding) => string,
): CommonSuffix | undefined {
  const byId = new Map(proposals.map((proposal) => [proposal.id, proposal]));
  const faults = function* (): Generator<Fault> {
    for (const finding of findings) {
      // An id is a hash: of a million findings only those that matter are asked for theirs.
      const proposal = isMoving(finding.rule) ? byId.get(idOf(finding)) : undefined;
      const [update] = proposal?.edit.after ?? [];
      yield { rules: [finding.rule], value: finding.value, update, safety: proposal?.safety };
    }
  };
  return commonSuffix(faults());
}
