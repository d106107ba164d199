import { namesEntry } from '../../ldap/format/dn.js';
import { isPrimary } from '../../mail/address.js';
import type { Entry, Value } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge } from '../../model/rule.js';
import { type Draft, draftOf } from './draft.js';
import { foldRepairs, type Repaired } from './fold-repairs.js';
import { reviewLookalikes } from './lookalikes.js';
import { type SignInPolicy, withOwnSignInName } from './sign-in-name.js';
import { together } from './together.js';
import { valueId } from './value-id.js';

/**
 * Proposes one repair for each faulty value of an entry. They hold together: carried out all at once, or the safe ones
 * alone, they bring the entry no fault that it had not.
 */
export function propose(
  entry: Entry,
  findings: readonly Finding[],
  judge: Judge,
  signIn: SignInPolicy,
): readonly Draft[] {
  const faulty = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    if (typeof finding.value === 'object') continue;
    const id = valueId(entry, finding.attribute, finding.value);
    const own = faulty.get(id);
    if (own) own.push(finding);
    else faulty.set(id, [finding]);
  }
  const standing = judge.standing(entry);
  const counts = spellings(entry, faulty.values());
  const drafts = [...faulty.values()].flatMap((own) => {
    const repaired = repair(entry, own, counts, judge);
    return repaired ? [draftOf(entry, own, repaired, judge, standing)] : [];
  });
  const named = withOwnSignInName(entry, [...faulty.values()], drafts, judge, signIn);
  const possible = named.filter((one) => !isNaming(one));
  return together(entry, reviewLookalikes(entry, possible), findings, judge);
}

/** Only a rename changes what names the entry, and that is another request, of which others may depend. */
function isNaming({ proposal: { edit } }: Draft): boolean {
  return edit.before.some((value) => namesEntry(edit.entry.dn, edit.attribute, value));
}

function repair(
  entry: Entry,
  own: readonly [Finding, ...Finding[]],
  counts: Spellings,
  judge: Judge,
): Repaired | undefined {
  const [{ attribute, value }] = own;
  if (typeof value === 'object') return undefined;
  const repaired = foldRepairs(entry, attribute, value, own, judge);
  if (!repaired) return undefined;
  const after = withoutTwin(counts, attribute, value, repaired.value);
  return after === 'taken' ? undefined : { ...repaired, value: after };
}

/** How often an attribute holds a text, in whatever case. */
type Spellings = ReadonlyMap<string, number>;

function spellings(entry: Entry, faulty: Iterable<readonly [Finding, ...Finding[]]>): Spellings {
  const counts = new Map<string, number>();
  for (const name of new Set([...faulty].map(([{ attribute }]) => attribute)))
    for (const value of entry.values(name)) {
      const key = spelling(name, value);
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return counts;
}

function spelling(attribute: string, value: Value): string | undefined {
  return typeof value === 'string' ? `${attribute}\0${value.toLowerCase()}` : undefined;
}

/**
 * What becomes of a value whose repaired form the entry holds already: a directory refuses a second one, so it goes.
 * A primary address does not give way to its own secondary: that choice is left to a person.
 */
function withoutTwin(
  counts: Spellings,
  attribute: string,
  value: string | undefined,
  repaired: string | undefined,
): string | undefined | 'taken' {
  if (repaired === undefined) return undefined;
  const key = spelling(attribute, repaired) ?? '';
  const isOwn = value !== undefined && spelling(attribute, value) === key;
  if ((counts.get(key) ?? 0) <= (isOwn ? 1 : 0)) return repaired;
  return isPrimary(repaired) ? 'taken' : undefined;
}
