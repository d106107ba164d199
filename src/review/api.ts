/** What the page of `presync review` and its server say to each other. Types only: both sides import this file. */

import type { Answer, Status, Taken } from '../judging/answer.js';
import type { CommonSuffix } from '../model/scan.js';

export type { Answer, Status, Taken };

/** A value in JSON: text, bytes, or null for none. */
export type CellValue = string | { readonly base64: string } | null;

/** What changes about a row in a review. */
export interface RowState {
  /** The number that a spreadsheet shows beside the row. */
  readonly row: number;
  readonly status: Status;
  /** EDIT or REMOVE where accepted; what the sheet says otherwise. */
  readonly action: string;
  readonly update: CellValue;
  /** What came of a run; empty where there was none. */
  readonly result: string;
}

/** One row of the sheet. */
export interface Row extends RowState {
  readonly dn: string;
  readonly name: string;
  /** The part of the tree that the entry is in. */
  readonly ou: string;
  readonly kind: string;
  readonly attribute: string;
  readonly errors: string;
  readonly value: CellValue;
  /** What the scan proposed: EDIT, REMOVE, COMPLETE where nothing is to be decided, or nothing. */
  readonly proposed: string;
  readonly severity: string;
  readonly safety: string;
  readonly rules: readonly string[];
  readonly message: string;
  /** Other holders of the value, in words. */
  readonly related: string;
  /** The duplicate that the row takes part in; empty for none. */
  readonly group: string;
}

/** All that the page needs at its start. */
export interface State {
  readonly sheet: string;
  /** How often the file was read: what a page asks about a row means the rows of one reading. */
  readonly reading: number;
  readonly rows: readonly Row[];
  /** Rows of the file that cannot be read: they stay as they are. */
  readonly unreadable: readonly { readonly row: number; readonly reason: string }[];
  /** URL of the directory; null where the review is offline. */
  readonly directory: string | null;
  /** The domain that most rows are about, which a scan with a mapping would settle in one go. */
  readonly suffix: CommonSuffix | null;
  /** Runs of this review that can be undone, the last first. */
  readonly runs: readonly Run[];
  /** Whether a run is under way. */
  readonly running: boolean;
  readonly history: History;
  readonly trouble: Trouble | null;
}

/** What undo and redo would do, in words; null where there is nothing. */
export interface History {
  readonly undo: string | null;
  readonly redo: string | null;
}

/** Why decisions are not on disk; `changed` when someone else wrote the file. */
export interface Trouble {
  readonly message: string;
  readonly hint: string;
  readonly changed: boolean;
}

/** A decision of a person on rows. */
export type Decision =
  | { readonly is: 'accept'; readonly rows: readonly number[]; readonly onlySafe?: boolean }
  | { readonly is: 'reject' | 'reopen'; readonly rows: readonly number[] }
  /** Values to write are refused where the rules object, unless a person insists. */
  | { readonly is: 'choose'; readonly choices: readonly Choice[]; readonly insist: boolean };

/** What is to become of one row: a value to write, or null to remove what is there, or nothing at all. */
export type Choice =
  | { readonly row: number; readonly is: 'write'; readonly update: string }
  | { readonly row: number; readonly is: 'remove' | 'keep' };

/** What a decision, an undo or a redo changed. */
export interface Changed {
  readonly rows: readonly RowState[];
  readonly history: History;
  readonly trouble: Trouble | null;
  /** For the person: what was done and what could not be. */
  readonly said: string;
  /** The row to look at after an undo or redo. */
  readonly look?: number;
}

/** One holder of a shared value, beside the others. */
export interface Member {
  readonly dn: string;
  readonly name: string;
  readonly kind: string;
  readonly rows: readonly MemberRow[];
  /** What is known of the entry, by its name: only with a directory. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export interface MemberRow {
  readonly row: number;
  readonly attribute: string;
  readonly value: CellValue;
  /** What would become of the row if this entry keeps the value. */
  readonly kept: Choice | null;
  /** What would become of it if another one keeps it; null where only a person can say. */
  readonly lost: Choice | null;
}

export interface Group {
  readonly value: string;
  readonly members: readonly Member[];
  /** How far the answer reaches, in words. */
  readonly reach: string;
}

/** A run that was planned and waits for a person's word. */
export interface PlanView {
  readonly id: number;
  readonly command: 'apply' | 'undo';
  readonly entries: number;
  readonly changes: number;
  /** The first entries; `entries` says how many there are. */
  readonly requests: readonly RequestView[];
  readonly refused: readonly { readonly row: number; readonly reason: string }[];
  readonly remarks: readonly string[];
  /** Rows that are for other servers; null where there are none. */
  readonly elsewhere: ElsewhereView | null;
  /** Why the run would be refused as a whole; null where it would not. */
  readonly excess: string | null;
}

/** How many rows there are for other servers, and what to type for these, in words. */
export interface ElsewhereView {
  readonly said: string;
  readonly next: readonly string[];
}

export interface RequestView {
  readonly dn: string;
  readonly edits: readonly {
    readonly attribute: string;
    readonly before: readonly CellValue[];
    readonly after: readonly CellValue[];
  }[];
}

/** A run that was carried out. */
export interface Run {
  readonly command: 'apply' | 'undo';
  readonly journal: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Why it ended early; null where it did not. */
  readonly stopped: string | null;
  /** Whether all of it was done, and nothing was refused. */
  readonly complete: boolean;
  readonly undone: boolean;
}

/** What the server tells the page unasked. */
export type Event =
  | { readonly is: 'changed'; readonly changed: Changed }
  | { readonly is: 'trouble'; readonly trouble: Trouble | null }
  | { readonly is: 'progress'; readonly done: number; readonly of: number; readonly failed: number }
  | { readonly is: 'ran'; readonly run: Run; readonly runs: readonly Run[] }
  /** The file was read again: the rows may be others. */
  | { readonly is: 'reread'; readonly reading: number }
  | { readonly is: 'closed' };

/** An answer that is a refusal. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}
