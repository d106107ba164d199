import { contentHash } from '../ldap/entry/content-hash.js';
import { nameHash } from '../ldap/entry/identity-hash.js';
import { normaliseDn } from '../ldap/format/dn.js';
import type { Entry, EntryRef } from '../model/entry.js';
import type { Skipped } from '../model/scan.js';
import { FirstNumbers } from '../tables/first-numbers.js';
import type { Hash } from '../tables/hash-table.js';
import { compare } from '../text/order.js';
import { printable } from '../text/printable.js';
import type { Found } from './found.js';

const REASON = 'in several records that differ';

/** Entries that a message names. */
const NAMED = 5;

/**
 * Tells which entries of exports stand in several records that differ: exports with other lists of attributes, joined or
 * given side by side. By the time the second record comes the first one is judged and forgotten, so such an entry is left
 * out as a whole, and named: what its records say of it would depend on their order.
 */
export class SplitEntries {
  /** What the first record of each name says, and of each objectGUID with its name. */
  readonly #said = new FirstNumbers();
  /** By the key of their name; a record without objectGUID has nothing else. */
  readonly #split = new Map<string, Skipped>();
  readonly #guids = new Set<string>();
  /** What other records of such entries say, each under its name. */
  readonly #others = new Set<string>();

  /**
   * Takes a record of an export: the first of its entry, one that says the same again, or other things.
   * @param identity the hash of its identity, which is its name where it has no objectGUID.
   */
  take(entry: Entry, identity: Hash): 'first' | 'again' | 'other' {
    const hasGuid = entry.guid !== undefined;
    const name = hasGuid ? nameHash(entry) : identity;
    const content = contentHash(entry);
    const whole = content ^ name.low;
    const byName = this.#said.earlier(name, content);
    const byGuid = hasGuid ? this.#said.earlier(identity, whole) : undefined;
    if (byName === undefined && byGuid === undefined) return 'first';
    if ((byName ?? content) === content && (byGuid ?? whole) === whole) return 'again';
    return this.#isTold(entry, content) ? 'again' : 'other';
  }

  #isTold({ dn, guid }: EntryRef, content: number): boolean {
    const name = normaliseDn(dn);
    // The kind may stand in another record.
    this.#split.set(name, { entry: { dn, guid: undefined, kind: 'other' }, reason: REASON });
    if (guid !== undefined) this.#guids.add(guid);
    const key = `${content} ${name}`;
    const isTold = this.#others.has(key);
    this.#others.add(key);
    return isTold;
  }

  readonly has = ({ dn, guid }: EntryRef): boolean =>
    this.#split.size > 0 &&
    (this.#split.has(normaliseDn(dn)) || (guid !== undefined && this.#guids.has(guid)));

  /** What was found, without such entries: they are skipped. */
  without(found: Found): Found {
    if (this.#split.size === 0) return found;
    const { skipped, findings, drafts, unmapped } = found;
    return {
      ...found,
      skipped: [...skipped.filter(({ entry }) => !this.has(entry)), ...this.#split.values()],
      findings: findings.filter(({ entry }) => !this.has(entry)),
      drafts: drafts.filter(({ proposal }) => !this.has(proposal.edit.entry)),
      unmapped: unmapped.filter(({ findings: [first] }) => !first || !this.has(first.entry)),
    };
  }

  /** Why the scan did not see everything: one line, if any. */
  gaps(): readonly string[] {
    const names = [...this.#split.values()].map(({ entry }) => entry.dn).sort(compare);
    if (names.length === 0) return [];
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    const shown = names.slice(0, NAMED).map(printable).join('; ');
    return [`not judged, for it stands ${REASON}: ${shown}${more}. Export all attributes at once`];
  }
}
