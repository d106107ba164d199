import { type Lookalikes, lookalikesIn, matchKey } from '../../ldap/format/may-match.js';
import { includesValue } from '../../ldap/format/values.js';
import type { Entry } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Draft } from './draft.js';
import { valueId } from './value-id.js';

/** The values of each attribute of an entry, gathered by what a directory may take them for. */
function lookalikesByAttribute(entry: Entry): (attribute: string) => Lookalikes {
  const known = new Map<string, Lookalikes>();
  return (attribute) => {
    const groups = known.get(attribute) ?? lookalikesIn(entry.values(attribute));
    known.set(attribute, groups);
    return groups;
  };
}

/** The ids of the values, in the attributes with a fault, beside which the entry holds one that a directory may take for it. */
export function lookalikeIds(entry: Entry, findings: readonly Finding[]): readonly string[] {
  const lookalikes = lookalikesByAttribute(entry);
  return [...new Set(findings.map(({ attribute }) => attribute))].flatMap((attribute) => {
    if (entry.values(attribute).length < 2) return [];
    const groups = [...lookalikes(attribute).values()].filter(({ length }) => length > 1);
    return groups.flat().map((value) => valueId(entry, attribute, value));
  });
}

/** The drafts; one where a directory may take another value of the entry for the old or the new one is never safe. */
export function reviewLookalikes(entry: Entry, drafts: readonly Draft[]): readonly Draft[] {
  const lookalikes = lookalikesByAttribute(entry);
  return drafts.map((one) => {
    const { attribute, before, after } = one.proposal.edit;
    const groups = lookalikes(attribute);
    const alike = [...before, ...after].flatMap((value) => groups.get(matchKey(value)) ?? []);
    const isAlone = alike.every((value) => includesValue(before, value));
    return isAlone ? one : { ...one, proposal: { ...one.proposal, safety: 'review' } };
  });
}
