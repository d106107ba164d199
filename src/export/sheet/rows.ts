import { compareSeverities, SEVERITIES } from '../../findings/severities.js';
import { commonName } from '../../ldap/format/dn.js';
import type { Proposal, SheetRow } from '../../model/change.js';
import type { Finding } from '../../model/finding.js';
import { sealOf } from './seal.js';

/** Ends the id of each row that an incomplete scan wrote. */
export const INCOMPLETE = '-incomplete';

/** Ends the id of each row on a value that a directory may take for another one of its entry, before that mark. */
const LOOKALIKE = '-lookalike';

/** The id of the value that a row is about, without what marks the row. */
export function withoutMarks(id: string): string {
  return id.replace(INCOMPLETE, '').replace(LOOKALIKE, '');
}

export function hasLookalikeMark(id: string): boolean {
  return id.replace(INCOMPLETE, '').endsWith(LOOKALIKE);
}

const AS_A_WHOLE =
  'The directory may take another value of this attribute for it: apply writes the attribute as a whole, LDIF cannot.';

/** The other holders that a RELATED cell names; the count of the rest follows. */
const RELATED_SHOWN = 5;

/**
 * The rows of the review sheet: one for each faulty value, with all that was found about it and its proposal.
 * @param findings in report order.
 * @param idOf gives the id under which a proposal for the value of a finding would stand.
 * @param complete whether the scan saw everything; the ids of a sheet say so if not.
 */
export function* sheetRows(
  findings: readonly Finding[],
  proposals: readonly Proposal[],
  idOf: (finding: Finding) => string,
  complete: boolean,
): Generator<SheetRow> {
  const byId = new Map(proposals.map((proposal) => [proposal.id, proposal]));
  for (const own of byName(findings)) {
    const groups = new Map<string, Finding[]>();
    for (const finding of own) {
      const id = idOf(finding);
      const group = groups.get(id);
      if (group) group.push(finding);
      else groups.set(id, [finding]);
    }
    for (const [id, group] of groups) {
      const alike = group.some(({ hasLookalike }) => hasLookalike) ? LOOKALIKE : '';
      const mark = `${alike}${complete ? '' : INCOMPLETE}`;
      yield row(id + mark, group.sort(bySeverity), byId.get(id));
    }
  }
}

/** The findings of one DN after the other: the rows of a large sheet need not all be held at once. */
function* byName(findings: readonly Finding[]): Generator<readonly Finding[]> {
  let own: Finding[] = [];
  for (const finding of findings) {
    if (own[0] && own[0].entry.dn !== finding.entry.dn) {
      yield own;
      own = [];
    }
    own.push(finding);
  }
  if (own.length > 0) yield own;
}

/** The gravest finding on a value speaks first. */
function bySeverity(a: Finding, b: Finding): number {
  return compareSeverities(a.severity, b.severity);
}

function row(id: string, group: readonly Finding[], proposal: Proposal | undefined): SheetRow {
  const [{ entry, attribute, value }] = group as readonly [Finding];
  const isAlike = group.some(({ hasLookalike }) => hasLookalike);
  const sheetRow = {
    dn: entry.dn,
    commonName: commonName(entry.dn),
    objectClass: entry.kind,
    attribute,
    errors: joined(group.map(({ error }) => error)),
    value,
    update: proposal?.edit.after[0],
    proposedAction: proposedAction(group, proposal),
    action: '',
    severity: SEVERITIES.find((s) => group.some(({ severity }) => severity === s)) ?? '',
    safety: proposal?.safety ?? '',
    rules: joined(group.map(({ rule }) => rule)),
    message: [...group.map(({ message }) => message), ...(isAlike ? [AS_A_WHOLE] : [])].join(' '),
    related: group.map(related).filter(Boolean).join('; '),
    guid: entry.guid,
    id,
  };
  return { ...sheetRow, seal: sealOf(sheetRow) };
}

/** COMPLETE, IdFix's word for a value that stays, where nothing is to be decided: a note, or one that its entry keeps. */
function proposedAction(group: readonly Finding[], proposal: Proposal | undefined): string {
  if (proposal) return proposal.edit.after.length > 0 ? 'EDIT' : 'REMOVE';
  return group.every(({ severity, keeps }) => severity === 'info' || keeps) ? 'COMPLETE' : '';
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
