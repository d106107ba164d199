import { commonName } from '../ldap/dn.js';
import type { Finding, Proposal, Severity, SheetRow } from '../model.js';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Ends the id of each row that an incomplete scan wrote. */
export const INCOMPLETE = '-incomplete';

/** The other holders that a RELATED cell names; the count of the rest follows. */
const RELATED_SHOWN = 5;

/**
 * The rows of the review sheet: one for each faulty value, with all that was found about it and its proposal.
 * @param idOf gives the id under which a proposal for the value of a finding would stand.
 * @param complete whether the scan saw everything; the ids of a sheet say so if not.
 */
export function sheetRows(
  findings: readonly Finding[],
  proposals: readonly Proposal[],
  idOf: (finding: Finding) => string,
  complete: boolean,
): readonly SheetRow[] {
  const byId = new Map(proposals.map((proposal) => [proposal.id, proposal]));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(idOf(finding));
    if (group) group.push(finding);
    else groups.set(idOf(finding), [finding]);
  }
  for (const group of groups.values()) group.sort(bySeverity);
  return [...groups].map(([id, group]) =>
    row(complete ? id : id + INCOMPLETE, group, byId.get(id)),
  );
}

/** The gravest finding on a value speaks first. */
function bySeverity(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function row(id: string, group: readonly Finding[], proposal: Proposal | undefined): SheetRow {
  const [{ entry, attribute, value }] = group as readonly [Finding];
  const action = proposal && (proposal.edit.after.length > 0 ? 'EDIT' : 'REMOVE');
  return {
    dn: entry.dn,
    commonName: commonName(entry.dn),
    objectClass: entry.kind,
    attribute,
    errors: joined(group.map(({ error }) => error)),
    value,
    update: proposal?.edit.after[0],
    proposedAction: action ?? '',
    action: '',
    severity: SEVERITIES.find((s) => group.some(({ severity }) => severity === s)) ?? '',
    safety: proposal?.safety ?? '',
    rules: joined(group.map(({ rule }) => rule)),
    message: group.map(({ message }) => message).join(' '),
    related: group.map(related).filter(Boolean).join('; '),
    guid: entry.guid,
    id,
  };
}

function related({ related: holders, relatedCount }: Finding): string {
  const shown = holders.slice(0, RELATED_SHOWN);
  const names = shown.map(({ entry, attribute }) => `${entry.dn} (${attribute})`);
  const rest = relatedCount - shown.length;
  return [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function joined(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}
