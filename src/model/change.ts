import type { Entry, EntryRef, Value } from './entry.js';
import type { Safety } from './finding.js';

/** All values of an attribute, before and after the edits of it that go out in one request. */
export interface WholeAttribute {
  readonly before: readonly Value[];
  readonly after: readonly Value[];
}

/** A change of some values of one attribute. Swap before and after and you have the undo. */
export interface Edit {
  readonly entry: EntryRef;
  readonly attribute: string;
  readonly before: readonly Value[];
  readonly after: readonly Value[];
  /** Set where a server could take one of the values for another: what the attribute holds, to the last of them. */
  readonly whole?: WholeAttribute | undefined;
}

/** One step on the way from the stored to the proposed value. */
export interface TrailStep {
  readonly rule: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A proposed edit and the findings it settles. */
export interface Proposal {
  /** Stable over scans: made from the entry's identity, the attribute and the stored value. */
  readonly id: string;
  readonly edit: Edit;
  readonly safety: Safety;
  /** Ids of the rules whose findings it settles. */
  readonly findings: readonly string[];
  readonly trail: readonly TrailStep[];
}

/** One row of the review sheet: everything found about one value, and what to do with it. */
export interface SheetRow {
  readonly dn: string;
  readonly commonName: string;
  readonly objectClass: string;
  readonly attribute: string;
  readonly errors: string;
  readonly value: Value | undefined;
  readonly update: Value | undefined;
  readonly proposedAction: string;
  readonly action: string;
  readonly severity: string;
  readonly safety: string;
  readonly rules: string;
  readonly message: string;
  readonly related: string;
  readonly guid: string | undefined;
  readonly id: string;
  /** Proves what of the row stands as the scan wrote it; empty in a sheet of somebody else. */
  readonly seal: string;
}

/** A row of a sheet that cannot be trusted, by the number that a spreadsheet shows beside it. */
export interface RefusedRow {
  readonly row: number;
  readonly reason: string;
}

/** An approved row: the edit it asks for and where it stands in the sheet. */
export interface ApprovedEdit {
  readonly row: number;
  readonly id: string;
  readonly edit: Edit;
  /** Set where a removal, alone or with others of its request, leaves the attribute without a value. */
  readonly empties?: boolean;
}

/** What became of an edit: done, overtaken by someone else's change, refused, or never answered. */
export interface Outcome {
  readonly state: 'applied' | 'stale' | 'failed' | 'unknown';
  /** The server's words and what to do; when applied only what was out of the ordinary. */
  readonly reason: string;
  /** The result code (RFC 4511 appendix A) where a server refused. */
  readonly code?: number;
}

/** Attributes, by name in lower case, that edits found empty and that they leave empty: no old value guards these. */
export type Guard = Readonly<Record<'filled' | 'emptied', ReadonlySet<string>>>;

/** Where approved edits go: a directory, whose controller may say what it is called (`host`), or a snapshot in memory. */
export interface EntryWriter {
  readonly name: string;
  readonly host?: string | undefined;
  /** The entry as it is now, found by objectGUID or else by DN; undefined when there is none. */
  read(ref: EntryRef, attributes: readonly string[]): Promise<Entry | undefined>;
  /** Carries out the edits of one entry in one request, each guarded by its old values; `guard` if it is sent again. */
  modify(dn: string, edits: readonly Edit[], guard?: Guard): Promise<Outcome>;
  /**
   * The part of the tree that an entry lies in by its DN, if another server holds it: the DNS name of its domain, else
   * its topmost name. Undefined when it belongs here.
   */
  elsewhere?(dn: string): Promise<string | undefined>;
}
