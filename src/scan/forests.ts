import { inBytes } from '../ldap/entry/entry.js';
import { domainOfDn, identityOf } from '../ldap/format/dn.js';
import { texts } from '../ldap/format/values.js';
import type { Entry, EntrySource, RegisteredSuffixes } from '../model/entry.js';

/** What a partition of a forest is called, in its configuration: exports may carry it. */
export const PARTITION_NAME = 'nCName';

/** What the sources of a scan say of their forests. */
export interface KnownForests {
  /** The UPN suffixes of each forest among the sources, each forest once. */
  readonly registered: readonly RegisteredSuffixes[];
  /** Equal for sources, by their names, that show parts of one forest. */
  forestOf(source: string): string;
}

/**
 * Tells which sources show one forest. A directory says which it is; a file shows names: two files are of two forests
 * where their domains have no root in common, also by what a configuration partition in them says.
 */
export class Forests {
  readonly #sources: readonly EntrySource[];
  readonly #roots = new Map<string, Set<string>>();
  /** How the last name ended: nearly all end as the one before did. */
  #tail = Buffer.alloc(0);
  #tailOf = '';

  constructor(sources: readonly EntrySource[]) {
    this.#sources = sources;
  }

  /** Takes note of where an entry of a source is; there is nothing to tell apart where it is the only one. */
  note({ name }: EntrySource, entry: Entry): void {
    if (this.#sources.length < 2) return;
    if (entry.kind === 'other')
      for (const partition of texts(entry, PARTITION_NAME)) this.#add(name, partition);
    if (this.#tailOf === name && this.#endsAlike(entry)) return;
    this.#add(name, entry.dn);
    this.#tailOf = name;
    this.#tail = Buffer.from(tailOf(entry.dn));
  }

  /** Asks the directories once all were read. */
  async settle(signal: AbortSignal | undefined): Promise<KnownForests> {
    const groups: Group[] = [];
    const registered = new Map<string, RegisteredSuffixes>();
    const unknown: string[] = [];
    for (const source of this.#sources) {
      const told = await source.suffixes?.(signal);
      if (!told) {
        unknown.push(source.name);
        continue;
      }
      const identity = identityOf(told.partitions);
      registered.set(identity, told);
      const known = groups.find((group) => group.identity === identity);
      const roots = new Set(told.domains.map(rootOf));
      if (known) known.sources.add(source.name);
      else groups.push({ identity, roots, sources: new Set([source.name]) });
    }
    for (const name of unknown) place(name, this.#roots.get(name) ?? new Set(), groups);
    const numbers = new Map(
      groups.flatMap(({ sources }, at) => [...sources].map((name) => [name, String(at)] as const)),
    );
    return {
      registered: [...registered.values()],
      forestOf: (source) => numbers.get(source) ?? '',
    };
  }

  #add(source: string, dn: string): void {
    const roots = this.#roots.get(source) ?? new Set<string>();
    this.#roots.set(source, roots);
    roots.add(rootOf(domainOfDn(dn)));
  }

  #endsAlike(entry: Entry): boolean {
    const { bytes, layout } = inBytes(entry);
    const from = (layout[1] as number) - this.#tail.length;
    if (this.#tail.length === 0 || from < (layout[0] as number)) return false;
    for (let at = 0; at < this.#tail.length; at += 1)
      if (bytes[from + at] !== this.#tail[at]) return false;
    return true;
  }
}

/** Sources that show one forest. */
interface Group {
  /** That of the forest, where a directory told it. */
  readonly identity: string | undefined;
  readonly roots: Set<string>;
  readonly sources: Set<string>;
}

/** Puts a source that only shows names to those with which it has a root in common, which are one forest by that. */
function place(name: string, roots: ReadonlySet<string>, groups: Group[]): void {
  const near = groups.filter((group) => [...roots].some((root) => group.roots.has(root)));
  const [home = { identity: undefined, roots: new Set<string>(), sources: new Set<string>() }] =
    near;
  if (near.length === 0) groups.push(home);
  for (const group of near.filter((one) => one !== home && one.identity === undefined)) {
    for (const root of group.roots) home.roots.add(root);
    for (const source of group.sources) home.sources.add(source);
    groups.splice(groups.indexOf(group), 1);
  }
  for (const root of roots) home.roots.add(root);
  home.sources.add(name);
}

/** Names at the second level of a country under which organisations register: co.uk, com.au. */
const SECOND_LEVEL = /^(?:ac|co|com|edu|gov|gv|ne|net|or|org)\.[a-z]{2}$/;

/** The name at the top of the tree to which a domain belongs, as far as names tell: contoso.com of eu.ad.contoso.com. */
function rootOf(domain: string): string {
  return domain.split('.').slice(-labelsOfRoot(domain)).join('.');
}

function labelsOfRoot(domain: string): number {
  return SECOND_LEVEL.test(domain.split('.').slice(-2).join('.')) ? 3 : 2;
}

/** The end of a DN that says to which root it belongs; empty where it has no domain. */
function tailOf(dn: string): string {
  const domain = domainOfDn(dn);
  const labels = Math.min(labelsOfRoot(domain), domain === '' ? 0 : domain.split('.').length);
  return labels === 0 ? '' : dn.split(',').slice(-labels).join(',');
}
