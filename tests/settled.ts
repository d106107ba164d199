import { identityOf } from '../src/ldap/format/dn.js';
import type { Proposal } from '../src/model/change.js';
import type { Finding } from '../src/model/finding.js';
import type { ScanResult } from '../src/model/scan.js';

/** Where a finding is: a repair may change the value, so that is no part of it. */
export const spotOf = ({ entry, attribute, rule }: Finding) =>
  `${identityOf(entry)} ${attribute} ${rule}`;

const claimsOf = ({ edit, findings }: Proposal) =>
  findings.map((rule) => `${identityOf(edit.entry)} ${edit.attribute} ${rule}`);

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What proposals that were carried out claimed to settle, and what is found all the same. */
export function claimedButLeft(
  proposals: readonly Proposal[],
  before: ScanResult,
  after: ScanResult,
): readonly string[] {
  const [was, is] = [before, after].map(({ findings }) => counted(findings.map(spotOf)));
  return [...counted(proposals.flatMap(claimsOf))]
    .filter(([claim, n]) => (is?.get(claim) ?? 0) > (was?.get(claim) ?? 0) - n)
    .map(([claim]) => claim);
}

/** What is found after a change and was not before. */
export function broughtBy(before: ScanResult, after: ScanResult): readonly string[] {
  const was = counted(before.findings.map(spotOf));
  return [...counted(after.findings.map(spotOf))]
    .filter(([spot, n]) => n > (was.get(spot) ?? 0))
    .map(([spot]) => spot);
}
