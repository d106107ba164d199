import { identityOf } from '../../ldap/format/dn.js';
import type { EntryKind, EntryRef } from '../../model/entry.js';
import type { Joining, Settings } from '../../model/rule.js';
import type { Person } from '../../model/scan.js';
import { compare } from '../../text/order.js';
import { isDirectoryLine, type ProfileLine } from './profile-line.js';
import type { SourcedHolder, ValueIndex } from './value-index.js';
import { referencesIn } from './which-rules.js';

/** Which entries are one person. */
export interface Persons {
  readonly all: readonly Person[];
  /** The entry that stands for the person of an entry: itself where nothing is joined with it. */
  mainOf(entry: EntryRef): EntryRef;
  /** Whether the entry is joined with another one that is an account. */
  hasAccount(entry: EntryRef): boolean;
  /**
   * Whether an attribute of the entry reaches no cloud: the sign-in name of a mailbox whose account is joined with it is
   * that of the account.
   */
  isUnused(attribute: string, entry: EntryRef): boolean;
}

/** What is known besides the entries. */
export interface Circumstances {
  /** The forest of what a source shows, by the name of the source. */
  readonly forestOf: (source: string) => string;
  /** Which entries are no part of the scan after all. */
  readonly isLeftOut: (entry: EntryRef) => boolean;
}

const ONE_FOREST: Circumstances = { forestOf: () => '', isLeftOut: () => false };

/** What Connect makes one object of: groups are never joined. */
const USERS: readonly EntryKind[] = ['user', 'inetOrgPerson'];
const PEOPLE: readonly EntryKind[] = [...USERS, 'contact'];

/**
 * Joins the entries of a scan as Connect will, where they met in the index: a mailbox with the account that it names
 * (fact MAS-1), a contact with whatever has its mail in another forest (fact X-10), and users as its setup was told
 * (fact JOIN-1).
 */
export function personsIn(
  profile: readonly ProfileLine[],
  index: ValueIndex,
  { matchUsersBy }: Pick<Settings, 'matchUsersBy'>,
  { forestOf, isLeftOut }: Circumstances = ONE_FOREST,
): Persons {
  const lines = profile.filter(isDirectoryLine);
  const naming = new Set(referencesIn(profile).map(({ attribute }) => attribute));
  const joined = new JoinedParts();
  /** Who met at each value by which Connect may join, in an order that does not depend on the source. */
  const meetings = function* (by: Joining): Generator<readonly SourcedHolder[]> {
    const own = lines.filter(({ joinsBy }) => joinsBy === by);
    const attributes = new Set(own.map(({ attribute }) => attribute));
    for (const pool of new Set(own.map(({ meta }) => meta.id)))
      for (const [, holders] of [...index.repeated(pool)].sort(([a], [b]) => compare(a, b)))
        yield holders.filter(
          ({ entry, attribute }) =>
            PEOPLE.includes(entry.kind) &&
            !isLeftOut(entry) &&
            (attributes.has(attribute) || naming.has(attribute)),
        );
  };
  for (const holders of meetings('sid'))
    joined.joinNamed(
      holders.filter(({ attribute }) => !naming.has(attribute)),
      holders.filter(({ attribute }) => naming.has(attribute)),
    );
  for (const holders of meetings('mail'))
    joined.joinAcross(holders, forestOf, matchUsersBy === 'mail');
  if (matchUsersBy === 'anchor')
    for (const holders of meetings('anchor')) joined.joinAcross(holders, forestOf, true);
  return joined.persons();
}

/** An entry that may be a part of a person. */
interface Part {
  readonly entry: EntryRef;
  readonly isEnabled: boolean;
  /** Whether it names the account that it belongs to. */
  isMailbox: boolean;
  /** All parts of its person. */
  group: Part[];
}

/** Puts parts together to persons. */
class JoinedParts {
  readonly #parts = new Map<string, Part>();

  /** Joins those that name an account with it, if it is one only. */
  joinNamed(accounts: readonly SourcedHolder[], naming: readonly SourcedHolder[]): void {
    const [account, another] = this.#groups(accounts.filter(isUser));
    if (!account || another) return;
    for (const holder of naming) {
      const part = this.#partOf(holder);
      part.isMailbox = true;
      merge(account, part.group);
    }
  }

  /**
   * Joins those that hold a value in different forests. Within one forest two holders are a fault, and so are two users
   * unless the setup was told to join them: then Connect joins nothing for certain, and all of them are left apart.
   */
  joinAcross(
    holders: readonly SourcedHolder[],
    forestOf: (source: string) => string,
    joinsUsers: boolean,
  ): void {
    const groups = this.#groups(holders);
    const [first, ...others] = groups;
    if (!first || others.length === 0) return;
    if (!joinsUsers && groups.filter((group) => group.some(isUser)).length > 1) return;
    const byForest = new Map<string, Part[]>();
    for (const holder of holders) {
      const forest = forestOf(holder.delivery.source);
      const { group } = this.#partOf(holder);
      if ((byForest.get(forest) ?? group) !== group) return;
      byForest.set(forest, group);
    }
    for (const group of others) merge(first, group);
  }

  persons(): Persons {
    const found = new Map<string, Person & { readonly hasAccount: boolean }>();
    const mailboxes = new Set<string>();
    for (const [identity, { group }] of this.#parts) {
      if (group.length === 1 || found.has(identity)) continue;
      const [main, ...others] = group.toSorted(byRank);
      if (!main) continue;
      const person = {
        main: main.entry,
        others: others.map(({ entry }) => entry),
        hasAccount: isUser(main) && !main.isMailbox,
      };
      for (const { entry, isMailbox } of group) {
        found.set(identityOf(entry), person);
        if (isMailbox && person.hasAccount) mailboxes.add(identityOf(entry));
      }
    }
    return {
      all: [...new Set(found.values())],
      mainOf: (entry) => found.get(identityOf(entry))?.main ?? entry,
      isUnused: (attribute, entry) =>
        attribute === 'userPrincipalName' && mailboxes.has(identityOf(entry)),
      hasAccount: (entry) => {
        const person = found.get(identityOf(entry));
        return person?.hasAccount === true && identityOf(person.main) !== identityOf(entry);
      },
    };
  }

  #groups(holders: readonly SourcedHolder[]): readonly Part[][] {
    return [...new Set(holders.map((holder) => this.#partOf(holder).group))];
  }

  #partOf({ entry, standing }: SourcedHolder): Part {
    const identity = identityOf(entry);
    const known = this.#parts.get(identity);
    if (known) return known;
    const isEnabled = standing.enabled !== false;
    const part: Part = { entry, isEnabled, isMailbox: false, group: [] };
    part.group.push(part);
    this.#parts.set(identity, part);
    return part;
  }
}

function isUser({ entry }: { readonly entry: EntryRef }): boolean {
  return USERS.includes(entry.kind);
}

function merge(group: Part[], other: Part[]): void {
  if (group === other) return;
  for (const part of other) {
    part.group = group;
    group.push(part);
  }
}

/** Who signs in before who does not: an enabled account gives the name and the anchor (fact X-11). */
function byRank(a: Part, b: Part): number {
  return rankOf(a) - rankOf(b) || compare(a.entry.dn, b.entry.dn);
}

function rankOf(part: Part): number {
  if (!isUser(part)) return 3;
  if (part.isMailbox) return 2;
  return part.isEnabled ? 0 : 1;
}
