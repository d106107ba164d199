import { texts } from '../../ldap/format/values.js';
import { addressIn } from '../../mail/address.js';
import type { EntryKind } from '../../model/entry.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank, trimUnseen } from '../../text/characters.js';

/** What stands for a blank value, if anything does. */
export interface BlankRepair {
  /** The attribute that gives a value in its stead. */
  readonly stead?: string;
  /** Kinds of entries that are better off without the value. */
  readonly removedFrom: readonly EntryKind[];
}

/** What becomes of an entry with such a value, by attribute. */
const CONSEQUENCE: Readonly<Record<string, string>> = {
  userPrincipalName: 'the cloud refuses it as a sign-in name, or makes up another one',
  mail: 'Connect trims it to nothing, so that the entry has no mail address',
  proxyAddresses: 'the cloud drops it',
  targetAddress: 'the sync cannot carry it, and mail is not forwarded',
  mailNickname: 'the alias arrives in the cloud with underscores or not at all',
  sAMAccountName: 'there is no account name to build a sign-in name from',
  displayName: 'the cloud shows the common name instead, or nothing',
};

/** A value that says nothing: empty, of blanks and invisible characters only, or an address prefix alone. */
export const blankValue: EntryRule<BlankRepair> = {
  meta: {
    id: 'blank-value',
    title: 'A value that is empty or made of blanks only',
    why: 'The attribute looks absent to people and present to the sync: the value is refused, dropped, or takes the place of what would have been used without it.',
    remedy:
      'Enter the right value or remove the blank one. A display name is proposed from the common name (cn).',
    severity: 'error',
    fix: 'safe',
    errors: ['Blank'],
    reads: ['cn', 'userPrincipalName'],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['UPN-6', 'MAIL-6', 'PRX-2', 'PRX-7', 'TGT-2', 'NICK-8', 'DSP-1', 'SAM-4', 'SAM-5'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const trimmed = trimUnseen(value);
      if (!isBlank(addressIn(attribute, trimmed) ?? trimmed)) return [];
      const what = trimmed ? 'has nothing after its prefix' : 'is empty or holds blanks only';
      const message = `This value of ${attribute} ${what}: ${CONSEQUENCE[attribute] ?? 'it says nothing'}. Enter the right value or remove this one.`;
      return [{ error: 'Blank', value, message }];
    }),
  fix: (_value, { entry, limits: { stead, removedFrom } }) => {
    const other = stead && trimUnseen(texts(entry, stead)[0] ?? '');
    if (other) return { value: other, safety: 'safe' };
    return removedFrom.includes(entry.kind) ? { value: undefined, safety: 'review' } : undefined;
  },
};
