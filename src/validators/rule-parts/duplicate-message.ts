import { shownName } from '../../ldap/format/dn.js';
import type { EntryKind } from '../../model/entry.js';
import type { Holder } from '../../model/finding.js';
import { quote } from '../../text/quote.js';

/** What a shared value leads to, and how to speak of it. */
export interface Clash {
  /** What becomes of the entries, with the Entra error by its name; one sentence. */
  readonly consequence: string;
  /** The same where entries of different kinds share the value, if that makes a difference. */
  readonly ofMixedKinds?: string;
  /** What to do; one sentence. */
  readonly advice?: string;
  /** The value in words, where it is not the stored text that counts. */
  readonly shown?: string;
}

/** For addresses: holders of different kinds clash for good (facts ). */
export const TYPE_MISMATCH =
  'They are of different kinds: the cloud takes one of them and refuses the others at each sync (ObjectTypeMismatch).';

/** What the cloud knows of kinds: a user is a user, whatever its class (fact X-8). */
function cloudKind(kind: EntryKind): EntryKind {
  return kind === 'inetOrgPerson' ? 'user' : kind;
}

/** What one holder of a shared value is told: who else holds it, which error it becomes, and what to do. */
export function duplicateMessage(
  { entry, value }: Holder,
  others: readonly Holder[],
  otherCount: number,
  {
    consequence,
    ofMixedKinds = consequence,
    advice = 'Decide whose it is and change the others.',
    shown = quote(value),
  }: Clash,
): string {
  const [first] = others;
  const where = first ? `${shownName(first.entry.dn)} (${first.attribute})` : 'another entry';
  const more = otherCount > 1 ? ` and ${otherCount - 1} more` : '';
  const mixed = others.some((other) => cloudKind(other.entry.kind) !== cloudKind(entry.kind));
  return `${shown} is also held by ${where}${more}. ${mixed ? ofMixedKinds : consequence} ${advice}`;
}
