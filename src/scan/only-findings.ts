import { tally } from '../findings/tally.js';
import { identityOf } from '../ldap/format/dn.js';
import type { Edit, Proposal } from '../model/change.js';
import type { Finding } from '../model/finding.js';
import type { ScanResult } from '../model/scan.js';
import { introducedSuffixes } from '../remediation/plan/registrations.js';
import { findingId } from '../remediation/plan/value-id.js';

/**
 * A scan result with some of its findings only, and the proposals for them. Proposals of one entry are known to be safe
 * together: where a safe one is left out, its siblings are for review.
 * @param mayRemain whether a proposal for a value that keeps a finding may remain.
 */
export function onlyFindings(
  result: ScanResult,
  findings: readonly Finding[],
  mayRemain: (proposal: Proposal) => boolean = () => true,
): ScanResult {
  const found = new Set(findings.map(findingId));
  const remains = (proposal: Proposal) => found.has(proposal.id) && mayRemain(proposal);
  const broken = new Set(
    result.proposals
      .filter((proposal) => proposal.safety === 'safe' && !remains(proposal))
      .map(({ edit }) => identityOf(edit.entry)),
  );
  const proposals = result.proposals
    .filter(remains)
    .map((proposal) =>
      broken.has(identityOf(proposal.edit.entry))
        ? { ...proposal, safety: 'review' as const }
        : proposal,
    );
  return {
    ...result,
    findings,
    proposals,
    registrations: stillNeeded(result.registrations, proposals),
    summary: { ...result.summary, ...tally(findings) },
  };
}

/** The registrations of suffixes that a proposal still introduces. */
function stillNeeded(registrations: readonly Edit[], proposals: readonly Proposal[]): Edit[] {
  const suffixes = new Set(introducedSuffixes(proposals));
  return registrations
    .map((edit) => ({ ...edit, after: edit.after.filter((name) => suffixes.has(String(name))) }))
    .filter(({ after }) => after.length > 0);
}
