/** What the rules say about a value while it is typed. */
export interface Answer {
  readonly faults: readonly {
    readonly rule: string;
    readonly message: string;
    readonly severity: string;
    /** Whether the value shows it by itself, whatever else its entry holds. */
    readonly own: boolean;
  }[];
  readonly taken: readonly Taken[];
  /** How far the answer reaches, in words. */
  readonly reach: string;
}

/** Somebody who has a value, is to get it, or was to get it. */
export interface Taken {
  readonly dn: string;
  readonly attribute: string;
  readonly value: string;
  /**
   * `stored`: holds it; `update`: is to get it by a row of this sheet; `proposal`: the scan proposed it for a row of
   * another entry, or for one that has another UPDATE by now.
   */
  readonly by: 'stored' | 'update' | 'proposal';
  /** The row that a proposal was made for, by the number that a spreadsheet shows. */
  readonly row?: number;
  /** Whether a row of this sheet that was accepted takes it away from there. */
  readonly givesUp: boolean;
}

/** Where a row stands: `applied` and `failed` are what came of a run, the others what a person said. */
export type Status = 'open' | 'accepted' | 'rejected' | 'applied' | 'failed';
