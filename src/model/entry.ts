/** One attribute value: text, or the bytes where they are binary or no valid UTF-8. */
export type Value = string | Uint8Array;

/** What an entry is, read from its objectClass values. */
export type EntryKind =
  | 'user'
  | 'inetOrgPerson'
  | 'group'
  | 'contact'
  | 'publicFolder'
  | 'computer'
  | 'other';

/** What later stages keep of an entry: enough to name it and to find it again. */
export interface EntryRef {
  /** Distinguished name as the source wrote it; it changes when the entry is moved. */
  readonly dn: string;
  /** objectGUID in its usual text form; the identity of an entry, absent outside Active Directory. */
  readonly guid: string | undefined;
  readonly kind: EntryKind;
}

/** A directory entry as it was read. Frozen: nothing that judges it can change it. */
export interface Entry extends EntryRef {
  /** Values of an attribute by its name in any case; an empty list when the entry has none. */
  values(attribute: string): readonly Value[];
  /** Names of the attributes that carry a value, as a server spelled them, or as an export was asked for them. */
  readonly attributes: readonly string[];
}

/** A step of reading: some entries, and the reasons why something was left out. */
export interface Page {
  readonly entries: readonly Entry[];
  /** Why the source could not deliver everything (referral, limit, lost connection), one line each. */
  readonly gaps: readonly string[];
}

/** Where entries come from: a directory over LDAP or a snapshot in LDIF. */
export interface EntrySource {
  /** Shown to people: the URL without credentials, or the file name. */
  readonly name: string;
  /** Streams the entries with the attributes asked for. Throws when nothing can be read at all. */
  pages(attributes: readonly string[], signal?: AbortSignal): AsyncIterable<Page>;
  /**
   * Attributes that the source cannot deliver, with the reason: an entry without one of them says nothing. Undefined
   * for an export, which does not say what was left out of it.
   */
  undelivered(
    attributes: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> | undefined;
  /** What to look at where it shows nobody who could be judged: a sentence without its full stop. */
  readonly ifNobody?: string;
  /** UPN suffixes that the forest knows, and where they are registered; undefined where nobody can say. */
  suffixes?(signal?: AbortSignal): Promise<RegisteredSuffixes | undefined>;
  /** What else decides whether the forest can be synchronised; undefined where nobody can say. */
  forest?(signal?: AbortSignal): Promise<ForestTraits | undefined>;
}

/** What a controller shows of itself and its forest that decides whether this can be synchronised (facts FOR-1 to FOR-4). */
export interface ForestTraits {
  /** The same for all controllers of one forest. */
  readonly forest: string;
  /** Of every domain. */
  readonly netbiosNames: readonly string[];
  /** Functional level of the forest: 2 is that of Windows Server 2003 (MS-ADTS 6.1.4.4). */
  readonly level: number | undefined;
  /** Whether the controller takes no changes. */
  readonly isReadOnly: boolean;
  /** Whether the schema has the attribute that Cloud Sync needs. */
  readonly hasCloudId: boolean;
}

/** The UPN suffixes of a forest (uPNSuffixes of the Partitions container, and its domains). */
export interface RegisteredSuffixes {
  readonly partitions: EntryRef;
  /** In lower case. */
  readonly suffixes: readonly string[];
  /** The DNS names of its domains, in lower case. */
  readonly domains: readonly string[];
}
