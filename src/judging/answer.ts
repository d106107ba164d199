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

/** Somebody who has a value, or is to get it. */
export interface Taken {
  readonly dn: string;
  readonly attribute: string;
  readonly value: string;
  /** `stored`: holds it; `update`: is to get it by a row of this sheet. */
  readonly by: 'stored' | 'update';
  /** Whether a row of this sheet that was accepted takes it away from there. */
  readonly givesUp: boolean;
}

/** Where a row stands: `applied` and `failed` are what came of a run, the others what a person said. */
export type Status = 'open' | 'accepted' | 'rejected' | 'applied' | 'failed';
