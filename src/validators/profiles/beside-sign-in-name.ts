import { texts } from '../../ldap/format/values.js';
import type { Entry } from '../../model/entry.js';
import type { EntryRule } from '../../model/rule.js';

/** A sign-in name that the cloud takes as it is, but for the suffix and for who else holds it (UPN-1 to UPN-8). */
const GOOD = /^(?=.{1,64}@)[\w'.!#^~-]*[\w'!#^~-]@(?=.{1,48}$)[a-z\d-]+(?:\.[a-z\d-]+)*$/i;

/** Whether the entry has a userPrincipalName of good form. */
export function hasGoodSignInName(entry: Entry): boolean {
  const [name = ''] = texts(entry, 'userPrincipalName');
  return name.length <= 113 && GOOD.test(name);
}

/**
 * The rule as it judges sAMAccountName: a fault weighs less beside a userPrincipalName of good form (SAM-5), so
 * whether there is one must be known.
 */
export function besideSignInName<Limits>(rule: EntryRule<Limits>): EntryRule<Limits> {
  const { reads, absence } = rule.meta;
  const name = 'userPrincipalName';
  return {
    ...rule,
    meta: { ...rule.meta, reads: [...new Set([...reads, name])], absence: [...absence, name] },
    check: (subject) => {
      const faults = rule.check(subject);
      if (!hasGoodSignInName(subject.entry)) return faults;
      return faults.map((fault) => ({ ...fault, severity: 'warning' as const }));
    },
  };
}
