import { texts } from '../../ldap/format/values.js';
import { readTyped } from '../../mail/address-type.js';
import {
  bySpelling,
  isClean,
  keptPrimary,
  type Owner,
  proxyAddresses,
  readProxyAddress,
} from '../../mail/proxy-addresses.js';
import type { Entry } from '../../model/entry.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank, trimUnseen } from '../../text/characters.js';
import { compare } from '../../text/order.js';
import { quote } from '../../text/quote.js';

/** An address that stands more than once in one entry. */
export const repeatedValue: EntryRule<undefined> = {
  meta: {
    id: 'repeated-value',
    title: 'An address that an entry holds twice',
    why: 'Two values of proxyAddresses that differ only in the case of letters, in blanks around them or in a missing type are one address. Connect drops the repetition.',
    remedy: 'Remove the repetition. The primary address stays, or else the better spelling.',
    severity: 'info',
    fix: 'safe',
    errors: ['Duplicate'],
    reads: ['mail', 'userPrincipalName'],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-14', 'GEN-7'],
  },
  check: (subject) => {
    if (areDistinct(subject.entry)) return [];
    const groups = new Map<string, string[]>();
    for (const value of texts(subject.entry, subject.attribute)) {
      const key = keyOf(value);
      const group = groups.get(key);
      if (group) group.push(value);
      else if (!isBlank(value)) groups.set(key, [value]);
    }
    return [...groups.values()].flatMap((group) => {
      if (group.length < 2) return [];
      const [kept = '', ...others] = group.sort(byMerit(subject));
      return [...new Set(others)].map((value) => ({
        error: 'Duplicate',
        value,
        message: `${quote(value)} repeats ${quote(kept)} of the same entry: Connect drops it. Remove it.`,
      }));
    });
  },
  fix: (value = '', subject) => {
    const key = keyOf(value);
    const group = texts(subject.entry, subject.attribute).filter((other) => keyOf(other) === key);
    const [kept = ''] = group.sort(byMerit(subject));
    // Of two values alike to the letter a directory has only one; of two to repair either could give way to the other.
    const isSettled =
      isSound(kept) || (readProxyAddress(kept)?.isPrimary && !readProxyAddress(value)?.isPrimary);
    return kept === value || !isSettled ? undefined : { value: undefined };
  },
};

/** The quick answer for nearly every entry: nothing but mail addresses, each another one. */
function areDistinct(entry: Entry): boolean {
  const keys = new Set(proxyAddresses(entry).map(({ key }) => key));
  return keys.size === entry.values('proxyAddresses').length;
}

function keyOf(value: string): string {
  const own = readProxyAddress(value);
  if (own) return `smtp:${own.key}`;
  const typed = readTyped(value);
  return typed ? `${typed.type}:${typed.rest.toLowerCase()}` : trimUnseen(value).toLowerCase();
}

/** The primary address that stays comes first: to remove it in favour of another spelling would leave none. */
function byMerit(owner: Owner): (a: string, b: string) => number {
  const primary = keptPrimary(owner)?.value;
  return (a, b) => {
    if ((a === primary) !== (b === primary)) return a === primary ? -1 : 1;
    const [ownA, ownB] = [readProxyAddress(a), readProxyAddress(b)];
    if (ownA && ownB) return bySpelling(ownA, ownB);
    return Number(isSound(b)) - Number(isSound(a)) || compare(a, b);
  };
}

/** Whether the spelling of a value needs no repair. */
function isSound(value: string): boolean {
  const own = readProxyAddress(value);
  return own ? isClean(own) : value === trimUnseen(value);
}
