/** Exit codes: the one table, see docs/design.md. */
export const EXIT = { ok: 0, findings: 1, impossible: 2, partial: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A failure that presync foresees. The command line prints its two lines and no stack:
 * what happened, and what to do about it.
 */
export class ExpectedError extends Error {
  /** One line saying what to do. */
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(message: string, hint: string, exitCode: ExitCode = EXIT.impossible) {
    super(message);
    this.name = 'ExpectedError';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
