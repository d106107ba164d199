import { compareSeverities } from '../findings/severities.js';
import { namesEntry } from '../ldap/format/dn.js';
import type { Finding } from '../model/finding.js';
import {
  type Remark,
  type Remarks,
  remarked,
  remarkOn,
  repairRemark,
} from '../remediation/plan/remarks.js';
import { findingId } from '../remediation/plan/value-id.js';
import { RULES } from '../validators/index.js';

/** Rules that can repair a value: where they do not, the message ends with it. */
const REPAIRING = new Set(
  RULES.filter(({ meta }) => meta.fix !== 'none').map(({ meta }) => meta.id),
);

const NO_PROPOSAL = repairRemark('presync has no sure proposal');

const NAMING = repairRemark(
  'no proposal, for the value names the entry and only a rename changes it',
);

function isNaming({ entry, attribute, value }: Finding): boolean {
  return value !== undefined && namesEntry(entry.dn, attribute, value);
}

/**
 * The findings with what the plan says of their values: who keeps a shared one where that is found, and what became of a
 * repair once for each value, with its gravest finding.
 * @param proposed ids of the values that have a proposal.
 */
export function withRemarks(
  findings: readonly Finding[],
  remarks: Remarks,
  proposed: ReadonlySet<string>,
): readonly Finding[] {
  const told = new Set<string>();
  const remarkFor = (finding: Finding): Remark | undefined => {
    const id = findingId(finding);
    const own = remarkOn(remarks, id, finding.rule);
    const isOpen = (REPAIRING.has(finding.rule) || own !== undefined) && !proposed.has(id);
    const isStuck = isOpen && isNaming(finding);
    if (own !== undefined && !isStuck) return own;
    if (told.has(id)) return undefined;
    const remark = isStuck ? NAMING : (remarkOn(remarks, id) ?? (isOpen ? NO_PROPOSAL : undefined));
    if (remark !== undefined) told.add(id);
    return remark;
  };
  return findings
    .toSorted((a, b) => compareSeverities(a.severity, b.severity))
    .map((finding) => {
      const remark = remarkFor(finding);
      if (remark === undefined) return finding;
      return {
        ...finding,
        message: remarked(finding.message, remark.clause),
        ...(remark.keeps ? { keeps: true } : {}),
      };
    });
}
