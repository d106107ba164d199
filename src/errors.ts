import type { Setting } from './model/setting.js';

/** Exit codes: the one table, see docs/design.md. */
export const EXIT = { ok: 0, findings: 1, impossible: 2, partial: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a setting is called where a failure is read: by a flag, by a key of a file, by an option of the library. */
export type NameOf = (setting: Setting) => string;

/** A sentence. One that speaks of settings asks what they are called, for it cannot know who reads it. */
export type Words = string | ((nameOf: NameOf) => string);

/** A failure as one reader is told of it. */
export type Worded = Readonly<Record<'message' | 'hint', string>>;

/** The sentence for a reader who calls settings so. */
export function inWords(words: Words, nameOf: NameOf): string {
  return typeof words === 'string' ? words : words(nameOf);
}

/** As the library calls it. */
export const asOption: NameOf = (setting) => setting;

/**
 * A failure that presync foresees. The command line prints its two lines and no stack:
 * what happened, and what to do about it. `message` and `hint` call settings by the options of the library.
 */
export class ExpectedError extends Error {
  /** One line saying what to do. */
  readonly hint: string;
  readonly exitCode: ExitCode;
  readonly #words: Readonly<Record<'message' | 'hint', Words>>;

  constructor(message: Words, hint: Words, exitCode: ExitCode = EXIT.impossible) {
    super(inWords(message, asOption));
    this.name = 'ExpectedError';
    this.hint = inWords(hint, asOption);
    this.exitCode = exitCode;
    this.#words = { message, hint };
  }

  /** Both lines for a reader who calls settings otherwise. */
  worded(nameOf: NameOf): Worded {
    const { message, hint } = this.#words;
    return { message: inWords(message, nameOf), hint: inWords(hint, nameOf) };
  }
}
